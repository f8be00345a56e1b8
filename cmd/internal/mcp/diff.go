package mcp

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// diffInput is what diff takes.
type diffInput struct {
	Before string `json:"before,omitempty" jsonschema:"a git revision such as HEAD or origin/main, or a path with an older version; HEAD by default"`
	After  string `json:"after,omitempty" jsonschema:"the manifests to compare: a file or a folder; the first root by default"`
	page
}

// diffResult is what diff returns.
type diffResult struct {
	Summary map[string]int `json:"summary" jsonschema:"operations by kind of change"`
	Changes []changed      `json:"changes"`
	Parts   []changedPart  `json:"parts,omitempty" jsonschema:"journeys, brokers, and services that changed"`
	rest
}

type changed struct {
	Operation string   `json:"operation"`
	Kind      string   `json:"kind" jsonschema:"added, removed, renamed, flipped (a different verdict), or changed"`
	Before    string   `json:"before,omitempty" jsonschema:"the verdict before"`
	After     string   `json:"after,omitempty" jsonschema:"the verdict after"`
	Place     string   `json:"place"`
	Why       string   `json:"why,omitempty"`
	Answers   []string `json:"answers,omitempty"`
	Facts     []string `json:"facts,omitempty" jsonschema:"what else changed, from and to"`
}

type changedPart struct {
	Part  string   `json:"part"`
	Name  string   `json:"name"`
	Kind  string   `json:"kind"`
	Facts []string `json:"facts,omitempty"`
}

func (s *Server) diff(ctx context.Context, in diffInput) (diffResult, error) {
	before := in.Before
	if before == "" {
		before = "HEAD"
	}
	if strings.HasPrefix(before, "-") {
		return diffResult{}, errors.New("before is neither a revision nor a path: give a revision such as HEAD, or a path below the roots")
	}
	after := s.roots.all()[0]
	if in.After != "" {
		var err error
		if after, err = s.roots.inside(in.After); err != nil {
			return diffResult{}, err
		}
	}
	// What is there is taken for a path, so a path must lie inside of the roots.
	if s.roots.there(before) {
		var err error
		if before, err = s.roots.inside(before); err != nil {
			return diffResult{}, err
		}
	}
	var doc difference
	if err := s.run(ctx, &doc, "", "diff", "--format=json", "--", before, after); err != nil {
		return diffResult{}, err
	}
	out := diffResult{Summary: doc.Summary}
	var list []changed
	for _, o := range doc.Operations {
		x := changed{Operation: o.Operation, Kind: o.Kind, Facts: factsOf(o.Values)}
		if o.Before != nil {
			x.Before, x.Place = o.Before.Verdict, place(o.Before.File, extentOf(o.Before.Line))
		}
		if o.After != nil {
			x.After, x.Place, x.Why = o.After.Verdict, place(o.After.File, extentOf(o.After.Line)), o.After.Why
		}
		for _, a := range o.Answers {
			x.Answers = append(x.Answers, a.Question+": "+a.From+" -> "+a.To)
		}
		list = append(list, x)
	}
	out.Changes, out.rest = take(in.page, list)
	for _, p := range doc.Parts[:min(len(doc.Parts), maxItems)] {
		out.Parts = append(out.Parts, changedPart{p.Part, p.Name, p.Kind, factsOf(p.Values)})
	}
	return out, nil
}

// difference is what the command writes, as far as an agent needs it.
type difference struct {
	Operations []struct {
		Operation, Kind string
		Before, After   *differenceSide
		Answers         []struct{ Question, From, To string }
		Values          []changedValue
	}
	Parts []struct {
		Part, Name, Kind string
		Values           []changedValue
	}
	Summary map[string]int
}

type differenceSide struct {
	File, Verdict, Why string
	Line               int
}

type changedValue struct {
	Key      string
	From, To *string // nil where it isn't set
}

// factsOf says what values changed from and to: the first of very many, and of long ones their start.
func factsOf(values []changedValue) []string {
	var list []string
	text := func(v *string) string {
		if v == nil {
			return "not set"
		}
		if runes := []rune(*v); len(runes) > maxValue {
			return string(runes[:maxValue-1]) + "…"
		}
		return *v
	}
	for i, v := range values {
		switch {
		case i == maxValues && len(values) > maxValues+1:
			return append(list, fmt.Sprintf("and %d more", len(values)-i))
		case v.From == nil && v.To == nil:
			list = append(list, v.Key)
		default:
			list = append(list, v.Key+": "+text(v.From)+" -> "+text(v.To))
		}
	}
	return list
}

// extentOf returns the start of a line.
func extentOf(line int) *extent {
	e := &extent{}
	e.Start.Line, e.Start.Column = line, 1
	return e
}
