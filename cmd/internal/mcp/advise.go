package mcp

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// adviceInput is what advise takes.
type adviceInput struct {
	Operations []operation `json:"operations,omitempty" jsonschema:"operations to advise on, instead of text or paths"`
	manifests
	Only  []string `json:"only,omitempty" jsonschema:"advise only on operations that match one of these patterns: operation or service/operation, where * matches anything"`
	Stack string   `json:"stack,omitempty" jsonschema:"say how to build it on this stack, such as go, dotnet, aws, or kafka"`
	page
}

// adviceResult is what advise returns.
type adviceResult struct {
	Counts     counts            `json:"counts"`
	Operations []recommendation  `json:"operations"`
	Meanings   map[string]string `json:"meanings" jsonschema:"what the safeguards and patterns that operations name are"`
	rest
	Problems []problem `json:"problems,omitempty" jsonschema:"problems in the manifest itself: fix these first"`
}

type counts struct {
	Operations int `json:"operations"`
	Sync       int `json:"sync"`
	Async      int `json:"async"`
	Hybrid     int `json:"hybrid"`
	Undecided  int `json:"undecided"`
	CloseCalls int `json:"close_calls"`
	Differing  int `json:"differing"`
}

// A recommendation is what an agent needs to know of an operation.
type recommendation struct {
	ID         string            `json:"id"`
	Place      string            `json:"place,omitempty" jsonschema:"file:line:column of its name"`
	Verdict    string            `json:"verdict"`
	Possible   []string          `json:"possible,omitempty" jsonschema:"when undecided: the verdicts still possible"`
	Row        string            `json:"row,omitempty" jsonschema:"the row of the decision table that decides"`
	Why        string            `json:"why,omitempty"`
	CloseCall  bool              `json:"close_call,omitempty" jsonschema:"one answer other than immediacy, changed by one step, would change the verdict"`
	Declared   string            `json:"declared,omitempty"`
	Differs    bool              `json:"differs,omitempty" jsonschema:"the declared mode isn't the verdict that the answers give"`
	Answers    map[string]string `json:"answers"`
	Dissents   []dissent         `json:"dissents,omitempty" jsonschema:"answers whose own rule points away from the verdict: costs to accept"`
	Safeguards []string          `json:"safeguards,omitempty" jsonschema:"what to add; see meanings"`
	Pattern    string            `json:"pattern,omitempty" jsonschema:"how to build it; see meanings"`
	Build      string            `json:"build,omitempty" jsonschema:"what the stack uses for the pattern"`
	Costs      []string          `json:"costs,omitempty"`
	Flips      []string          `json:"flips,omitempty" jsonschema:"the smallest changes of answers that change the verdict"`
	Ask        *question         `json:"ask,omitempty" jsonschema:"when undecided: the question to ask first"`
}

type dissent struct {
	Answer     string   `json:"answer"`
	Argues     []string `json:"argues"`
	Safeguards []string `json:"safeguards,omitempty"`
}

type question struct {
	Question string `json:"question"`
	Ask      string `json:"ask"`
	Test     string `json:"test"`
}

// A problem is a finding, as briefly as it can be said.
type problem struct {
	Place     string `json:"place"`
	Severity  string `json:"severity"`
	Rule      string `json:"rule,omitempty"`
	Operation string `json:"operation,omitempty"`
	Message   string `json:"message"`
	Fix       string `json:"fix,omitempty"`
}

// advice is the part of what advise and ask write with --format json that is handed on.
type advice struct {
	Operations []struct {
		ID, File  string
		Range     *extent
		Declared  *string
		Differs   bool
		Verdict   string
		Possible  []string
		Agreement string
		Rows      []struct{ Name, Why string }
		Answers   []givenAnswer
		Dissents  []struct {
			Question, Answer   string
			Argues, Safeguards []string
		}
		Safeguards []struct{ ID, What string }
		Pattern    *struct {
			ID, What string
			Stack    *struct{ Use, Note string }
		}
		Costs []string
		Flips []struct {
			Verdict string
			Changes []struct{ Question, From, To string }
		}
		Next *question
	}
	Counts     counts
	Findings   []finding
	Broken     []string
	Unreadable []struct{ File, Error string }
}

type givenAnswer struct {
	Question, Answer string
	Duration         *string
}

// An extent is where something stands.
type extent struct{ Start struct{ Line, Column int } }

type finding struct {
	File                                          string
	Range                                         *extent
	Severity, Code, Rule, Message, Fix, Operation string
}

// place writes where something stands. Standard input is the text that was given.
func place(file string, at *extent) string {
	if file == "<stdin>" {
		file = "text"
	}
	if at == nil {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, at.Start.Line, at.Start.Column)
}

func (f *finding) problem() problem {
	return problem{Place: place(f.File, f.Range), Severity: f.Severity, Rule: strings.TrimSpace(f.Code + " " + f.Rule), Operation: f.Operation, Message: f.Message, Fix: f.Fix}
}

func (s *Server) advise(ctx context.Context, in adviceInput) (adviceResult, error) {
	a, err := s.adviceOn(ctx, in.Operations, &in.manifests, in.Only, in.Stack)
	if err != nil {
		return adviceResult{}, err
	}
	out := adviceResult{Counts: a.Counts, Meanings: map[string]string{}, Problems: a.problems()}
	out.Operations, out.rest = take(in.page, a.recommendations())
	shown := map[string]bool{}
	for i := range out.Operations {
		shown[out.Operations[i].Pattern] = true
		for _, id := range out.Operations[i].Safeguards {
			shown[id] = true
		}
	}
	for i := range a.Operations {
		op := &a.Operations[i]
		for _, g := range op.Safeguards {
			if shown[g.ID] {
				out.Meanings[g.ID] = g.What
			}
		}
		if op.Pattern != nil && shown[op.Pattern.ID] {
			out.Meanings[op.Pattern.ID] = op.Pattern.What
		}
	}
	return out, nil
}

// adviceOn runs advise over operations, or over manifests when there are none.
func (s *Server) adviceOn(ctx context.Context, operations []operation, m *manifests, only []string, stack string) (*advice, error) {
	if len(operations) > 0 {
		if m.Text != "" || len(m.Paths) > 0 {
			return nil, errors.New("give only one of operations, text, and paths")
		}
		text, err := manifestOf(operations)
		if err != nil {
			return nil, err
		}
		m = &manifests{Text: text}
	}
	paths, text, err := m.arguments(&s.roots)
	if err != nil {
		return nil, err
	}
	args := []string{"advise", "--format=json"}
	for _, pattern := range only {
		args = append(args, "--only="+pattern)
	}
	if stack != "" {
		args = append(args, "--stack="+stack)
	}
	a := &advice{}
	return a, s.run(ctx, a, text, append(args, paths...)...)
}

func (a *advice) problems() []problem {
	var list []problem
	for _, u := range a.Unreadable {
		list = append(list, problem{Place: place(u.File, nil), Severity: "error", Message: u.Error})
	}
	for i := range a.Findings {
		list = append(list, a.Findings[i].problem())
	}
	return list[:min(len(list), maxProblems)]
}

func (a *advice) recommendations() []recommendation {
	var list []recommendation
	for i := range a.Operations {
		o := &a.Operations[i]
		r := recommendation{
			ID: o.ID, Place: place(o.File, o.Range), Verdict: o.Verdict, CloseCall: o.Agreement == "close call", Differs: o.Differs,
			Answers: given(o.Answers), Costs: o.Costs, Ask: o.Next,
		}
		if len(o.Possible) > 1 {
			r.Possible = o.Possible
		}
		if o.Declared != nil {
			r.Declared = *o.Declared
		}
		if o.Next == nil && len(o.Rows) > 0 {
			var rows, whys []string
			for _, row := range o.Rows {
				rows, whys = append(rows, row.Name), append(whys, row.Why)
			}
			r.Row, r.Why = strings.Join(rows, ", "), strings.Join(whys, " ")
		}
		for _, d := range o.Dissents {
			r.Dissents = append(r.Dissents, dissent{d.Question + " " + d.Answer, d.Argues, d.Safeguards})
		}
		for _, g := range o.Safeguards {
			r.Safeguards = append(r.Safeguards, g.ID)
		}
		if p := o.Pattern; p != nil {
			r.Pattern = p.ID
			if p.Stack != nil {
				r.Build = strings.TrimSpace(p.Stack.Use + " " + p.Stack.Note)
			}
		}
		for _, f := range o.Flips {
			var changes []string
			for _, c := range f.Changes {
				changes = append(changes, c.Question+" "+c.To)
			}
			r.Flips = append(r.Flips, f.Verdict+" if "+strings.Join(changes, " and "))
		}
		list = append(list, r)
	}
	return list
}

func given(list []givenAnswer) map[string]string {
	m := map[string]string{}
	for _, a := range list {
		m[a.Question] = a.Answer
		if a.Duration != nil {
			m[a.Question] = *a.Duration
		}
	}
	return m
}
