package adr

import (
	"fmt"
	"path"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

func escape(text string) string { return markup.Markdown(text) }

func code(text string) string { return markup.MarkdownCode(text) }

// title returns the title of a new record, and the verdict for its file name.
func (s *Subject) title() (title, verdict string) {
	if s.Kind == Service {
		return "The operations of " + escape(s.ID), ""
	}
	v := s.Advice[0].Verdict
	return fmt.Sprintf("%s is %s", escape(s.ID), v), v.String()
}

// body writes the generated part of record r. Old is the record whose place it
// takes, or nil.
func (w *Writer) body(s *Subject, r, old *Record) string {
	w.below = path.Dir(r.File)
	p := &markdownWriter{w: w}
	p.WriteString(decidedLine(s.Kind, s.ID, s.choices()))
	if s.Kind == Service {
		p.service(s)
	} else {
		p.operation(s.Advice[0])
	}
	if old != nil {
		p.item("It supersedes " + linkFrom(r.File, old.File) + supersededChoices(s, old) + ".")
	}
	p.WriteByte('\n')
	return p.String()
}

// supersededChoices says what was decided before.
func supersededChoices(s *Subject, old *Record) string {
	was, is, ok := flipped(old.decided, s.choices())
	if !ok {
		return ""
	}
	return fmt.Sprintf(", in which %s was %s; now it is %s", code(was.id), was.verdict, is.verdict)
}

// A markdownWriter writes Markdown.
type markdownWriter struct {
	strings.Builder
	w *Writer
}

func (p *markdownWriter) heading(level int, text string) {
	fmt.Fprintf(p, "\n%s %s\n\n", strings.Repeat("#", level), text)
}

func (p *markdownWriter) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *markdownWriter) item(text string) { p.WriteString("* " + text + "\n") }

// options are how the considered options are called.
var options = [...]string{
	decide.Sync:   "sync: the caller waits for the result",
	decide.Async:  "async: the work is handed off, and nobody who asked waits for it",
	decide.Hybrid: "hybrid: an acknowledgment now, the outcome later",
}

func (p *markdownWriter) operation(a *advice.Advice) {
	p.heading(2, "Context and Problem Statement")
	p.line("%s", p.context(a))
	p.heading(2, "Decision Drivers")
	p.drivers(a)
	p.options()
	p.heading(2, "Decision Outcome")
	p.outcome(a)
	p.heading(3, "Consequences")
	p.goodAndBad(a.Tradeoff)
	p.safeguards(a)
	p.confirmation()
	p.prosAndCons()
	p.heading(2, "More Information")
	p.more(a, "")
}

// context says which operation it is about.
func (p *markdownWriter) context(a *advice.Advice) string {
	text := code(a.Name)
	switch {
	case a.Caller != "" && a.Callee != "":
		text = fmt.Sprintf("%s calls %s for %s.", code(a.Caller), code(a.Callee), text)
	case a.Caller != "":
		text = fmt.Sprintf("%s is an operation of %s.", text, code(a.Caller))
	case a.Callee != "":
		text = fmt.Sprintf("%s calls %s.", text, code(a.Callee))
	default:
		text += " is an operation."
	}
	if a.Description != "" {
		text += " " + escape(strings.Join(strings.Fields(a.Description), " "))
	}
	text += "\nShould the caller wait for it?"
	if a.Declared != decide.Undecided {
		text += fmt.Sprintf(" It is declared %s", a.Declared)
		if link := p.w.link(a.File); link != "" {
			text += " in " + link
		}
		if a.Differs() {
			text += ", which doesn't match its answers"
		}
		text += "."
	} else if link := p.w.link(a.File); link != "" {
		text += " It's described in " + link + "."
	}
	return text
}

// drivers lists the four answers with what they mean and what they argue for.
func (p *markdownWriter) drivers(a *advice.Advice) {
	for _, q := range decide.Questions() {
		words := p.w.Adviser.Framework.Questions[q]
		line := fmt.Sprintf("**%s: %s.** %s", q, escape(advice.Given(a, q)), words.Ask)
		known := q != decide.Latency || a.Limits == decide.DefaultLimits() // the words names these
		if meaning := words.Of(a.Answers[q]); meaning != nil && known {
			line += " " + text.Sentence(meaning.Means)
		}
		says := advice.Argument(a, q)
		if role := advice.RoleWords(a.Role(q)); role != "" {
			says += "; it " + role
		}
		line += " It " + says + "."
		if words := a.Evidence(q); words != "" {
			line += " Measured: " + escape(words) + "."
		}
		p.item(line)
	}
}

func (p *markdownWriter) options() {
	p.heading(2, "Considered Options")
	for _, v := range decide.Verdicts() {
		p.item(options[v])
	}
}

// outcome says which option is chosen, by which row, and who dissents.
func (p *markdownWriter) outcome(a *advice.Advice) {
	var rows []string
	for _, r := range a.Rows {
		rows = append(rows, fmt.Sprintf("%s (row %s)", escape(lowerFirst(strings.TrimSuffix(r.Why, "."))), code(r.Name)))
	}
	p.line("Chosen option: \"%s\", because %s.", options[a.Verdict], strings.Join(rows, "; or "))
	if why := advice.ExceptionText(a); why != "" {
		p.line("%s", why)
	}
	if len(a.Dissents) == 0 {
		p.line("No answer argues for anything else.")
	}
	for _, d := range a.Dissents {
		weight := "dissents"
		if d.Weak {
			weight = "dissents weakly"
		}
		p.line("The answer to %s %s: it argues for %s.", d.Question, weight, d.Argues)
	}
}

func lowerFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToLower(text[:1]) + text[1:]
}

func (p *markdownWriter) goodAndBad(t decide.Tradeoff) {
	for _, g := range t.Gains {
		p.item("Good, because: " + g)
	}
	for _, c := range t.Costs {
		p.item("Bad, because: " + c)
	}
}

// safeguards lists what the answers oblige one to add.
func (p *markdownWriter) safeguards(a *advice.Advice) {
	if len(a.Safeguards) == 0 {
		return
	}
	p.line("\nSafeguards that these answers require:\n")
	for _, s := range a.Safeguards {
		var by []string
		for _, q := range s.By {
			by = append(by, q.String())
		}
		p.item(fmt.Sprintf("**%s** (because of %s): %s", s.Name, strings.Join(by, " and "), s.What))
	}
}

// confirmation says how the decision is guarded.
func (p *markdownWriter) confirmation() {
	p.heading(3, "Confirmation")
	p.line("`waitornot check` reports a declared mode that doesn't match this decision (%s).", p.w.Rule)
	p.line("`waitornot adr check` reports when this record no longer matches what the manifest decides.")
}

func (p *markdownWriter) prosAndCons() {
	p.heading(2, "Pros and Cons of the Options")
	for i, v := range decide.Verdicts() {
		if i > 0 {
			p.WriteByte('\n')
		}
		fmt.Fprintf(p, "### %s\n\n", options[v])
		p.goodAndBad(p.w.Adviser.Knowledge.Tradeoffs[v])
	}
}

// more lists how to build it and what would change it.
func (p *markdownWriter) more(a *advice.Advice, prefix string) {
	if a.Pattern != nil {
		p.item(fmt.Sprintf("%sPattern: **%s**. %s", prefix, a.Pattern.Name, a.Pattern.What))
	}
	if text := advice.Built(a); text != "" {
		p.item(prefix + "Build with " + escape(text))
	}
	for _, part := range advice.WhatIf(a) {
		p.item(fmt.Sprintf("%sIt would become %s.", prefix, part))
	}
}
