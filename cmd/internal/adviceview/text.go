package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// Text about an operation stands in two columns: labels, then what they are
// about, wrapped under itself.
const (
	margin = 2
	gutter = 14 // the widest label and two blanks
)

// adviceText writes every recommendation in full, then the picture.
func adviceText(w *markup.Writer, a *Advice, l term.Layout) {
	if l.Brief {
		adviceBrief(w, a, l)
		return
	}
	p := textWriter{w, l}
	picture := a.each(func(x *advice.Advice) {
		p.operation(x, a.Adviser)
		if !a.Single { // ask says it under a heading of its own
			p.entry("say", term.Plain, term.Safe(Interview(x, a.Adviser)))
			p.line("")
		}
	})
	if !a.Single {
		p.picture(picture)
	}
}

// A textWriter lays text out in two columns.
type textWriter struct {
	*markup.Writer
	term.Layout
}

// line writes one line as it is.
func (p textWriter) line(text string) {
	p.WriteString(text)
	p.WriteByte('\n')
}

// entry writes a label, and text in the second column. Neither carries color
// of its own. An address stays whole, so that it can be followed.
func (p textWriter) entry(label string, style term.Style, text string) {
	lines := []string{text}
	if !strings.HasPrefix(text, "https://") {
		lines = term.Wrap(text, p.Width-margin-gutter)
	}
	for _, l := range lines {
		p.line(strings.Repeat(" ", margin) + p.Paint(term.Faint, term.Pad(label, gutter)) + p.Paint(style, l))
		label = ""
	}
}

// entries writes several texts under one label.
func (p textWriter) entries(label string, texts []string) {
	for _, text := range texts {
		p.entry(label, term.Plain, text)
		label = ""
	}
}

// operation writes the advice on one operation.
func (p textWriter) operation(a *advice.Advice, by *advice.Adviser) {
	p.heading(a)
	p.line("")
	if a.Decided() {
		p.reason(a)
	} else {
		p.open(a, by)
	}
	if a.Differs() {
		p.entry("declared", term.Red, disagreement(a))
	}
	p.line("")
	p.answers(a)
	p.measured(a)
	p.entries("inherited", inherited(a))
	if a.Decided() {
		p.line("")
		p.entries("safeguards", safeguards(a))
		p.entry("pros", term.Plain, strings.Join(a.Tradeoff.Gains, "; "))
		p.entry("cons", term.Plain, strings.Join(a.Tradeoff.Costs, "; "))
		p.line("")
		p.build(a)
		p.entries("would become", advice.WhatIf(a))
	}
	p.line("")
}

// heading puts the verdict in the first column and the operation in the second.
func (p textWriter) heading(a *advice.Advice) {
	title := p.Paint(term.Bold, term.Safe(a.ID()))
	if a.Callee != "" {
		title += p.Paint(term.Faint, " → ") + term.Safe(a.Callee)
	}
	verdict := strings.ToUpper(a.Verdict.String())
	p.line(p.Paint(term.VerdictStyle(a.Verdict), term.Pad(verdict, margin+gutter)) + title)
	if a.Description != "" {
		p.entry("", term.Faint, term.Safe(a.Description))
	}
}

// reason says why the verdict stands.
func (p textWriter) reason(a *advice.Advice) {
	why := make([]string, len(a.Rows))
	for i, r := range a.Rows {
		why[i] = strings.TrimSpace(fmt.Sprintf("%s (row %s)", term.Safe(r.Why), term.Safe(r.Name)))
	}
	p.entries(a.Agreement().String(), append(why, advice.Filled(advice.ExceptionText(a))...))
}

// disagreement says what would make the declared mode right.
func disagreement(a *advice.Advice) string {
	ways := advice.WaysTo(a.Declared, a.Table.WaysTo(a.Answers, a.Facts, a.Declared), a.Limits)
	if len(ways) == 0 {
		return fmt.Sprintf("%s, which no answers would justify", a.Declared)
	}
	return fmt.Sprintf("%s, which would be right if %s", a.Declared, strings.Join(ways, ", or if "))
}

// open says between which verdicts an operation stands, and what to find out.
func (p textWriter) open(a *advice.Advice, by *advice.Adviser) {
	p.entry("between", term.Plain, term.Safe(advice.Between(a)))
	ask := by.Framework.Questions[a.Next]
	p.entry("answer first", term.Bold, fmt.Sprintf("%s: %s", a.Next, ask.Ask))
	p.entry("", term.Plain, ask.Test)
}

// answers writes the four answers in columns, or one under the other where the
// columns do not fit.
func (p textWriter) answers(a *advice.Advice) {
	var rows [decide.QuestionCount][2]string
	var widths [2]int
	for _, q := range decide.Questions() {
		rows[q] = [2]string{advice.Given(a, q), advice.Argument(a, q)}
		for i, cell := range rows[q] {
			widths[i] = max(widths[i], term.Cells(cell))
		}
	}
	widest := 0
	for _, q := range decide.Questions() {
		widest = max(widest, term.Cells(advice.RoleWords(a.Role(q))))
	}
	fits := margin+gutter+widths[0]+2+widths[1]+2+widest <= p.Width
	for _, q := range decide.Questions() {
		role := a.Role(q)
		if !fits {
			p.entry(q.String(), term.Plain, strings.Join(advice.Filled(rows[q][0], rows[q][1], advice.RoleWords(role)), ", "))
			continue
		}
		text := strings.Repeat(" ", margin) + p.Paint(term.Faint, term.Pad(q.String(), gutter)) +
			term.Pad(rows[q][0], widths[0]+2)
		if role := advice.RoleWords(role); role != "" {
			text += term.Pad(rows[q][1], widths[1]+2) + p.Paint(roleStyle(a.Role(q)), role)
		} else {
			text += rows[q][1]
		}
		p.line(text)
	}
}

// measured writes what was measured that bears on the answers.
func (p textWriter) measured(a *advice.Advice) {
	label := "measured"
	for _, q := range decide.Questions() {
		if words := a.Evidence(q); words != "" {
			p.entry(label, term.Faint, q.String()+": "+words)
			label = ""
		}
	}
}

// inherited lists the values that the operation has from its document, each with where
// it stands there.
func inherited(a *advice.Advice) []string {
	var list []string
	for _, o := range a.Inherited {
		list = append(list, term.Safe(o.String()))
	}
	return list
}

func roleStyle(r advice.Role) term.Style {
	switch r {
	case advice.Decides:
		return term.Bold
	case advice.Dissents, advice.First:
		return term.Yellow
	}
	return term.Faint
}

// safeguards lists what to add: for each dissent what it obliges, then what the
// other answers do. Each safeguard is named once, where it is first due.
func safeguards(a *advice.Advice) []string {
	named := map[string]bool{}
	names := func(q decide.Question) string {
		var list []string
		for _, s := range a.SafeguardsBy(q) {
			if !named[s.ID] {
				named[s.ID] = true
				list = append(list, s.ID)
			}
		}
		return strings.Join(list, ", ")
	}
	var texts []string
	for _, d := range a.Dissents {
		if list := names(d.Question); list != "" {
			texts = append(texts, fmt.Sprintf("because %s dissents: %s", d.Question, list))
		}
	}
	var others []string
	for _, q := range decide.Questions() {
		if list := names(q); list != "" {
			others = append(others, list)
		}
	}
	switch besides := strings.Join(others, ", "); {
	case besides == "":
	case len(texts) > 0:
		texts = append(texts, "besides: "+besides)
	default:
		texts = append(texts, besides)
	}
	return texts
}

// build says how to build the verdict, in general and with the chosen stack.
func (p textWriter) build(a *advice.Advice) {
	if a.Pattern != nil {
		p.entry("pattern", term.Plain, fmt.Sprintf("%s. %s", a.Pattern.Name, a.Pattern.What))
	}
	p.entries("build with", advice.BuiltParts(a))
}
