package adviceview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// adviceMarkdown writes a comment for a pull request: the counts, a table, and
// folded below it every recommendation that is worth a second look.
func adviceMarkdown(w *markup.Writer, a *Advice, l term.Layout) {
	rows, details := &strings.Builder{}, &strings.Builder{}
	picture := a.each(func(x *advice.Advice) {
		adviceRow(rows, x)
		if !l.Brief {
			adviceDetails(details, x, a.Adviser)
		}
	})
	fmt.Fprintf(w, "### waitornot: %s\n", Totals(picture))
	if picture.Total() == 0 {
		return
	}
	w.WriteString("\n| verdict | operation | declared | because | dissents |\n|---|---|---|---|---|\n")
	w.WriteString(rows.String())
	w.WriteString(details.String())
}

func adviceRow(w *strings.Builder, a *advice.Advice) {
	operation := markup.MarkdownCode(a.ID())
	if a.Callee != "" {
		operation += " → " + markup.MarkdownCode(a.Callee)
	}
	mode := "–"
	switch {
	case a.Differs():
		mode = fmt.Sprintf("**%s**, differs", a.Declared)
	case a.Declared != decide.Undecided:
		mode = a.Declared.String()
	}
	because := fmt.Sprintf("answer %s first", a.Next)
	if a.Decided() {
		because = markup.Markdown(strings.Join(advice.RowNames(a), ", "))
	}
	var dissents []string
	for _, d := range a.Dissents {
		dissents = append(dissents, d.Question.String())
	}
	fmt.Fprintf(w, "| **%s** | %s | %s | %s | %s |\n", a.Verdict, operation, mode, because, strings.Join(dissents, ", "))
}

// adviceDetails writes one recommendation, folded.
func adviceDetails(w *strings.Builder, a *advice.Advice, by *advice.Adviser) {
	fmt.Fprintf(w, "\n<details><summary>%s: %s</summary>\n\n", markup.HTMLCode(a.ID()), a.Verdict)
	item := func(label, text string) { fmt.Fprintf(w, "- **%s**: %s\n", label, text) }
	if a.Decided() {
		for _, r := range a.Rows {
			item(a.Agreement().String(), markup.Markdown(fmt.Sprintf("%s (row %s)", r.Why, r.Name)))
		}
		for _, text := range advice.Filled(advice.ExceptionText(a)) {
			item("besides", text)
		}
	} else {
		item("between", markup.Markdown(advice.Between(a)))
		ask := by.Framework.Questions[a.Next]
		item("answer first", fmt.Sprintf("%s: %s %s", a.Next, ask.Ask, ask.Test))
	}
	for _, q := range decide.Questions() {
		item(q.String(), strings.Join(advice.Filled(advice.Given(a, q), advice.Argument(a, q), advice.RoleWords(a.Role(q)), a.Evidence(q)), ", "))
	}
	for _, text := range inherited(a) {
		item("inherited", markup.Markdown(text))
	}
	for _, text := range safeguards(a) {
		item("safeguards", text)
	}
	if a.Decided() {
		item("pros", strings.Join(a.Tradeoff.Gains, "; "))
		item("cons", strings.Join(a.Tradeoff.Costs, "; "))
	}
	if a.Pattern != nil {
		item("pattern", fmt.Sprintf("%s. %s", a.Pattern.Name, a.Pattern.What))
	}
	for _, text := range advice.BuiltParts(a) {
		item("build with", markup.Markdown(text))
	}
	for _, part := range advice.WhatIf(a) {
		item("would become", part)
	}
	w.WriteString("\n</details>\n")
}
