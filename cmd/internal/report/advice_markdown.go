package report

import (
	"bufio"
	"fmt"
	"html"
	"strings"

	"waitornot/cmd/internal/advice"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
)

// adviceMarkdown writes a comment for a pull request: the counts, a table, and
// folded below it every recommendation that is worth a second look.
func adviceMarkdown(w *bufio.Writer, a *Advice, l Look) {
	rows, details := &strings.Builder{}, &strings.Builder{}
	picture := a.each(func(x *advice.Advice) {
		adviceRow(rows, x)
		if !l.Brief {
			adviceDetails(details, x, a.Adviser)
		}
	})
	fmt.Fprintf(w, "### waitornot: %s\n", totals(picture))
	if picture.Total() == 0 {
		return
	}
	w.WriteString("\n| verdict | operation | declared | because | dissents |\n|---|---|---|---|---|\n")
	w.WriteString(rows.String())
	w.WriteString(details.String())
}

func adviceRow(w *strings.Builder, a *advice.Advice) {
	operation := codeSpan(a.ID())
	if a.Callee != "" {
		operation += " → " + codeSpan(a.Callee)
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
		because = escapeMarkdown(strings.Join(rowNames(a), ", "))
	}
	var dissents []string
	for _, d := range a.Dissents {
		dissents = append(dissents, d.Question.String())
	}
	fmt.Fprintf(w, "| **%s** | %s | %s | %s | %s |\n", a.Verdict, operation, mode, because, strings.Join(dissents, ", "))
}

// adviceDetails writes one recommendation, folded.
func adviceDetails(w *strings.Builder, a *advice.Advice, by *advice.Adviser) {
	fmt.Fprintf(w, "\n<details><summary>%s: %s</summary>\n\n", htmlCode(a.ID()), a.Verdict)
	item := func(label, text string) { fmt.Fprintf(w, "- **%s**: %s\n", label, text) }
	if a.Decided() {
		for _, r := range a.Rows {
			item(a.Agreement().String(), escapeMarkdown(fmt.Sprintf("%s (row %s)", r.Why, r.Name)))
		}
	} else {
		item("between", escapeMarkdown(between(a)))
		ask := by.Framework.Questions[a.Next]
		item("answer first", fmt.Sprintf("%s: %s %s", a.Next, ask.Ask, ask.Test))
	}
	for _, q := range decide.Questions() {
		item(q.String(), strings.Join(filled(given(a, q), argument(a, q), roleText(a.Role(q))), ", "))
	}
	for _, text := range safeguards(a) {
		item("safeguards", text)
	}
	if a.Decided() {
		item("one gains", strings.Join(a.Tradeoff.Gains, "; "))
		item("one pays", strings.Join(a.Tradeoff.Costs, "; "))
	}
	if a.Pattern != nil {
		item("pattern", fmt.Sprintf("%s. %s", a.Pattern.Name, a.Pattern.What))
	}
	for _, text := range built(a) {
		item("build with", escapeMarkdown(text))
	}
	for _, part := range whatIf(a) {
		item("would become", part)
	}
	w.WriteString("\n</details>\n")
}

// codeSpan returns text from a manifest as a code span that stays in its table cell.
// Nothing in it is read as Markdown, HTML, a link or a mention.
func codeSpan(text string) string {
	text = strings.ReplaceAll(short(term.Safe(text)), "|", `\|`)
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// htmlCode is codeSpan for a place where Markdown is not read.
func htmlCode(text string) string { return "<code>" + html.EscapeString(term.Safe(text)) + "</code>" }
