package review

import (
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/advice"
)

// CommentLimit is how many characters GitHub takes in a comment. LeastLimit is
// room for a headline and for saying what is left out.
const (
	CommentLimit = markup.MaxComment
	LeastLimit   = 1000
)

// closing is room for the remarks about what was left out: one for each part.
const closing = 640

// WriteMarkdown writes the review as a comment of at most limit bytes, and says
// how much that leaves out. The error is the first that w returned.
func (r *Review) WriteMarkdown(w io.Writer, limit int) error {
	b := markup.NewWriter(w)
	p := &markup.MarkdownPage{Writer: b, Left: limit - closing}
	list, picture := r.Advise()
	p.Add("### waitornot: " + adviceview.Totals(picture) + "\n\n" + text.Sentence(r.Tally().String()) + "\n")
	p.Within(p.Left/3, func() { r.journeyTable(p) })
	p.Within(p.Left/3, func() { r.differingTable(p, list) })
	p.Within(p.Left/2, func() { r.findingTable(p) })
	r.operationTable(p, list)
	r.mermaid(p)
	return b.Flush()
}

func (r *Review) journeyTable(p *markup.MarkdownPage) {
	trips := r.Journeys()
	p.Table("| Journey | Waits | Budget | Available | Objective | |\n| --- | --- | --- | --- | --- | --- |\n", len(trips), func(i int) string {
		t := &trips[i]
		what := t.Standing
		if t.Missed {
			what = "**" + what + "**"
		}
		for _, step := range t.Plan {
			what += "<br>" + markup.Markdown(step)
		}
		if t.Remark != "" {
			what += "<br>" + t.Remark
		}
		return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", markup.MarkdownCode(t.ID), t.change(&t.Wait), markup.OrDash(t.Wait.AskedText), t.change(&t.Share), markup.OrDash(t.Share.AskedText), markup.OrDash(what))
	}, "journey")
}

// change writes a number, and what it would become.
func (t *JourneyView) change(m *Measure) string {
	if m.AfterText == "" || m.AfterText == m.NowText {
		return m.NowText
	}
	return fmt.Sprintf("%s<br>%s: %s", m.NowText, t.After, m.AfterText)
}

// differingTable lists the operations that do not work as their answers say.
func (r *Review) differingTable(p *markup.MarkdownPage, list []*advice.Advice) {
	var odd []*advice.Advice
	for _, a := range list {
		if a.Differs() {
			odd = append(odd, a)
		}
	}
	p.Table("| Declared mode differs | Declared | Verdict | Because |\n| --- | --- | --- | --- |\n", len(odd), func(i int) string {
		a := odd[i]
		return fmt.Sprintf("| %s | %s | **%s** | %s |\n", markup.MarkdownCode(a.ID()), a.Declared, verdictWord(a), markup.Markdown(reasonIn(a)))
	}, "differing operation")
}

func (r *Review) findingTable(p *markup.MarkdownPage) {
	remarks := r.Remarks()
	n := len(r.Findings)
	p.Table("| Where | Severity | Finding |\n| --- | --- | --- |\n", n, func(i int) string {
		f := remarks[i].Finding
		return r.Row(f, f.Severity.String(), f.Fix)
	}, "finding")
}

func (r *Review) operationTable(p *markup.MarkdownPage, list []*advice.Advice) {
	const open, end = "\n<details><summary>All operations</summary>\n", "\n</details>\n"
	if len(list) == 0 {
		return
	}
	if p.Left < len(open)+len(end) {
		fmt.Fprintf(p, "\n%s left out to stay under the size limit.\n", text.Count(len(list), "operation"))
		return
	}
	p.Left -= len(end)
	p.Add(open)
	p.Table("| Verdict | Operation | Declared | Because | Dissents |\n| --- | --- | --- | --- | --- |\n", len(list), func(i int) string {
		a := list[i]
		operation := markup.MarkdownCode(a.ID())
		if a.Callee != "" {
			operation += " → " + markup.MarkdownCode(a.Callee)
		}
		declared := "–"
		if a.Declared != decide.Undecided {
			declared = a.Declared.String()
		}
		var dissents []string
		for _, d := range a.Dissents {
			dissents = append(dissents, d.Question.String())
		}
		return fmt.Sprintf("| **%s** | %s | %s | %s | %s |\n", a.Verdict, operation, declared, markup.Markdown(strings.Join(reasonsOf(a), ", ")), strings.Join(dissents, ", "))
	}, "operation")
	p.WriteString(end)
}

// mermaid adds the graph, as much of it as there is room for.
func (r *Review) mermaid(p *markup.MarkdownPage) {
	const open, end = "\n<details><summary>Graph of calls</summary>\n\n```mermaid\n", "```\n"
	if len(r.Operations) == 0 {
		return
	}
	const close = "\n</details>\n"
	chart, drawn := graphview.Mermaid(r.Graph, p.Left-len(open)-len(end)-len(close))
	if drawn > 0 {
		p.Add(open + chart + end + close)
	}
	if left := len(r.Operations) - drawn; left > 0 {
		fmt.Fprintf(p, "\n%s left out of the picture to stay under the size limit.\n", text.Count(left, "operation"))
	}
}

func verdictWord(a *advice.Advice) string {
	if a.Decided() {
		return a.Verdict.String()
	}
	return a.Possible.String()
}

// reasonsOf names the rows that decided, or the question to answer first.
func reasonsOf(a *advice.Advice) []string {
	if a.Decided() {
		return advice.RowNames(a)
	}
	return []string{fmt.Sprintf("answer %s first", a.Next)}
}

// reasonIn says why the verdict stands, in a sentence.
func reasonIn(a *advice.Advice) string {
	if !a.Decided() {
		return reasonsOf(a)[0]
	}
	var why []string
	for _, row := range a.Rows {
		why = append(why, row.Why)
	}
	return strings.Join(why, " ")
}
