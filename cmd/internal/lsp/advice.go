package lsp

import (
	"fmt"
	"strings"
	"sync"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/advice/topic"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/project"
	"waitornot/rules"
	"waitornot/rules/embedded"
)

// A library is what the program knows. It is read when it is first needed.
type library struct {
	adviser func() (*advice.Adviser, error)
	topics  func() ([]topic.Topic, error)
	limits  func() *advice.PlatformLimits
	rules   func() []*lint.Rule
}

func newLibrary() library {
	return library{
		sync.OnceValues(embedded.Load), sync.OnceValues(rules.Topics), sync.OnceValue(embedded.Limits), sync.OnceValue(rules.All),
	}
}

// topic returns what explains a name of a kind, or nil.
func (l *library) topic(kind, name string) *topic.Topic {
	all, err := l.topics()
	if err != nil {
		return nil
	}
	for i := range all {
		if t := &all[i]; t.Kind == kind && (t.Name == name || t.Code != "" && t.Code == name) {
			return t
		}
	}
	return nil
}

// policy returns by what a document is judged; nil when the configurations can't be
// followed.
func (d *document) policy() *lint.Policy {
	r := d.root
	if r == nil || r.loader == nil || r.wrong != nil {
		return nil
	}
	p := r.loader.Policy(d.path)
	if len(r.loader.Findings()) > 0 {
		return nil
	}
	return p
}

// operations returns the operations of a document as it is now; none when they can't be
// judged.
func (d *document) operations() []project.Operation {
	policy := d.policy()
	if policy == nil {
		return nil
	}
	if d.read != d.text || d.readBy != policy {
		d.read, d.readBy = d.text, policy
		src := manifest.Source{Name: d.root.name(d.path), Data: d.text.Bytes()}
		d.file, d.ops = project.Parse(src, policy)
	}
	return d.ops
}

// operationAt returns the operation of a document that a place lies in, or nil.
func (d *document) operationAt(at diag.Pos) *project.Operation {
	ops := d.operations()
	for i := range ops {
		if r := ops[i].Range; r.Start.Compare(at) <= 0 && at.Compare(r.End) <= 0 {
			return &ops[i]
		}
	}
	return nil
}

// advise recommends for an operation.
func (s *Server) advise(op *project.Operation) (*advice.Advice, error) {
	adviser, err := s.library.adviser()
	if err != nil {
		return nil, err
	}
	about := advice.Of(op.Document, op.Operation, op.Policy.Table, &op.Policy.Limits)
	a := adviser.Advise(&about)
	return &a, nil
}

// verdictWords says what the answers give, and whether the operation works so.
func verdictWords(a *advice.Advice) string {
	if !a.Decided() {
		return fmt.Sprintf("undecided: answer %s first", a.Next)
	}
	words := a.Verdict.String()
	if a.Agreement() == decide.CloseCall {
		words += ", close call"
	}
	if a.Differs() {
		words += fmt.Sprintf(" (declared %s)", a.Declared)
	}
	return words
}

// adviceMarkdown writes a recommendation.
func adviceMarkdown(a *advice.Advice, by *advice.Adviser) string {
	var b strings.Builder
	title := code(a.ID())
	if a.Callee != "" {
		title += " → " + code(a.Callee)
	}
	fmt.Fprintf(&b, "**%s** %s\n\n", strings.ToUpper(a.Verdict.String()), title)
	if a.Description != "" {
		fmt.Fprintf(&b, "%s\n\n", plain(a.Description))
	}
	item := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "- **%s**: %s\n", label, text)
		}
	}
	if a.Decided() {
		for _, r := range a.Rows {
			item(a.Agreement().String(), plain(fmt.Sprintf("%s (row %s)", r.Why, r.Name)))
		}
	} else {
		item("between", plain(advice.Between(a)))
		ask := by.Framework.Questions[a.Next]
		item("answer first", fmt.Sprintf("%s: %s %s", a.Next, plain(ask.Ask), plain(ask.Test)))
	}
	if a.Differs() {
		item("declared", a.Declared.String())
	}
	for _, q := range decide.Questions() {
		item(q.String(), strings.Join(advice.Filled(advice.Given(a, q), advice.Argument(a, q), advice.RoleWords(a.Role(q))), ", "))
		item("measured", plain(a.Evidence(q)))
	}
	for _, o := range a.Inherited {
		item("inherited", plain(o.String()))
	}
	for _, g := range advice.Safeguarded(a) {
		item("safeguards", g.Because+": "+strings.Join(g.IDs, ", "))
	}
	if a.Pattern != nil {
		item("pattern", plain(a.Pattern.Name+". "+a.Pattern.What))
	}
	item("build with", plain(advice.Built(a)))
	for _, part := range advice.WhatIf(a) {
		item("would become", plain(part))
	}
	return b.String()
}

// topicMarkdown writes an explanation: what, why and how, and where to read on.
func topicMarkdown(t *topic.Topic) string {
	var b strings.Builder
	title := t.Name
	if t.Code != "" {
		title = t.Code + " " + t.Name
	}
	fmt.Fprintf(&b, "**%s**: %s\n", plain(title), plain(t.Summary))
	for _, s := range t.Sections() {
		switch {
		case s.Text == t.Summary, len(s.Lines) > 0, s.Title == "sources", s.Title == "what" && t.Kind == topic.Rule:
		case s.Text != "":
			fmt.Fprintf(&b, "\n- **%s**: %s", s.Title, plain(s.Text))
		default:
			for _, i := range s.Items {
				fmt.Fprintf(&b, "\n- **%s**: %s", s.Title, plain(strings.TrimPrefix(i.Label+": "+i.Text, ": ")))
			}
		}
	}
	fmt.Fprintf(&b, "\n\n`waitornot explain %s`\n", t.Name)
	return b.String()
}
