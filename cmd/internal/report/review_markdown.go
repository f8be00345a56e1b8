package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/advice"
	"waitornot/decide"
)

// CommentLimit is how many characters GitHub takes in a comment. LeastLimit is
// room for a headline and for saying what is left out.
const (
	CommentLimit = maxComment
	LeastLimit   = 1000
)

// closing is room for the remarks about what was left out: one for each part.
const closing = 640

// WriteMarkdown writes the review as a comment of at most limit bytes, and says
// how much that leaves out. The error is the first that w returned.
func (r *Review) WriteMarkdown(w io.Writer, limit int) error {
	b := bufio.NewWriter(w)
	p := &page{Writer: b, left: limit - closing}
	list, picture := r.Advise()
	p.add("### waitornot: " + totals(picture) + "\n\n" + sentence(r.counts().String()) + "\n")
	p.within(p.left/3, func() { r.journeyTable(p) })
	p.within(p.left/3, func() { r.differingTable(p, list) })
	p.within(p.left/2, func() { r.findingTable(p) })
	r.operationTable(p, list)
	r.mermaid(p)
	return b.Flush()
}

func (r *Review) journeyTable(p *page) {
	trips := r.Trips()
	p.table("| Journey | Waits | Budget | Available | Objective | |\n| --- | --- | --- | --- | --- | --- |\n", len(trips), func(i int) string {
		t := &trips[i]
		what := t.Standing
		if t.Missed {
			what = "**" + what + "**"
		}
		for _, step := range t.Plan {
			what += "<br>" + Markdown(step)
		}
		if t.Remark != "" {
			what += "<br>" + t.Remark
		}
		return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", MarkdownCode(t.ID), t.change(&t.Wait), dash(t.Wait.AskedText), t.change(&t.Share), dash(t.Share.AskedText), dash(what))
	}, "journey")
}

// within adds a part that may take so many bytes and no more, so that something
// of the next parts is seen as well.
func (p *page) within(most int, add func()) {
	rest := p.left - most
	p.left = most
	add()
	p.left += rest
}

// change writes a number, and what it would become.
func (t *Trip) change(m *Measure) string {
	if m.AfterText == "" || m.AfterText == m.NowText {
		return m.NowText
	}
	return fmt.Sprintf("%s<br>%s: %s", m.NowText, t.After, m.AfterText)
}

// differingTable lists the operations that do not work as their answers say.
func (r *Review) differingTable(p *page, list []*advice.Advice) {
	var odd []*advice.Advice
	for _, a := range list {
		if a.Differs() {
			odd = append(odd, a)
		}
	}
	p.table("| Declared otherwise | Declared | Verdict | Because |\n| --- | --- | --- | --- |\n", len(odd), func(i int) string {
		a := odd[i]
		return fmt.Sprintf("| %s | %s | **%s** | %s |\n", MarkdownCode(a.ID()), a.Declared, verdictWord(a), Markdown(reasonIn(a)))
	}, "operation that is declared otherwise")
}

func (r *Review) findingTable(p *page) {
	remarks := r.Remarks()
	n := len(r.Findings)
	p.table("| Where | Severity | Finding |\n| --- | --- | --- |\n", n, func(i int) string {
		f := remarks[i].Finding
		return r.row(f, f.Severity.String(), f.Fix)
	}, "finding")
}

func (r *Review) operationTable(p *page, list []*advice.Advice) {
	const open, end = "\n<details><summary>All operations</summary>\n", "\n</details>\n"
	if len(list) == 0 {
		return
	}
	if p.left < len(open)+len(end) {
		fmt.Fprintf(p, "\n%s left out for want of room.\n", many(len(list), "operation"))
		return
	}
	p.left -= len(end)
	p.add(open)
	p.table("| Verdict | Operation | Declared | Because | Dissents |\n| --- | --- | --- | --- | --- |\n", len(list), func(i int) string {
		a := list[i]
		operation := MarkdownCode(a.ID())
		if a.Callee != "" {
			operation += " → " + MarkdownCode(a.Callee)
		}
		declared := "–"
		if a.Declared != decide.Undecided {
			declared = a.Declared.String()
		}
		var dissents []string
		for _, d := range a.Dissents {
			dissents = append(dissents, d.Question.String())
		}
		return fmt.Sprintf("| **%s** | %s | %s | %s | %s |\n", a.Verdict, operation, declared, Markdown(strings.Join(reasonsOf(a), ", ")), strings.Join(dissents, ", "))
	}, "operation")
	p.WriteString(end)
}

// mermaid adds the graph, as much of it as there is room for.
func (r *Review) mermaid(p *page) {
	const open, end = "\n<details><summary>Graph of calls</summary>\n\n```mermaid\n", "```\n"
	if len(r.Operations) == 0 {
		return
	}
	drawn := 0
	for most := drawnAtMost; most > 0 && drawn == 0; most /= 2 {
		var b bytes.Buffer
		w := bufio.NewWriter(&b)
		WriteMermaid(w, r.Graph, most)
		_ = w.Flush() // to memory
		if b.Len() < maxMermaid && p.add(open+b.String()+end+"\n</details>\n") {
			drawn = min(most, len(r.Operations))
		}
	}
	if left := len(r.Operations) - drawn; left > 0 {
		fmt.Fprintf(p, "\n%s not drawn for want of room.\n", many(left, "operation"))
	}
}

// maxMermaid is a little below how much text Mermaid draws.
const maxMermaid = 48_000

func verdictWord(a *advice.Advice) string {
	if a.Decided() {
		return a.Verdict.String()
	}
	return a.Possible.String()
}

// reasonsOf names the rows that decided, or the question to answer first.
func reasonsOf(a *advice.Advice) []string {
	if a.Decided() {
		return rowNames(a)
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
