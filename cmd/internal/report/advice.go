package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/advice"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// Advice is the result of advising on the operations of a run. Recommendations
// are made while they are written, so that a large run stays small in memory.
type Advice struct {
	Adviser    *advice.Adviser
	Operations []advice.Operation
	Findings   []diag.Finding    // of the manifests; sorted
	Broken     []string          // the files some of whose text could not be read, in order
	Unreadable []lint.Unreadable // the files that could not be opened, in order
}

// An AdviceFormat is one way to write advice.
type AdviceFormat struct {
	Name  string
	write func(*bufio.Writer, *Advice, Look)
}

// AdviceFormats returns the formats of advice, the default first. A brief look
// gives one line for each operation in text and Markdown; JSON is always whole.
func AdviceFormats() []AdviceFormat {
	return []AdviceFormat{{"text", adviceText}, {"json", adviceJSON}, {"markdown", adviceMarkdown}}
}

// Write writes the advice to w. The error is the first that w returned.
func (f AdviceFormat) Write(w io.Writer, a *Advice, l Look) error {
	b := bufio.NewWriterSize(w, 64<<10)
	f.write(b, a, l)
	return b.Flush()
}

// each calls write with the advice on every operation, in order, and returns
// the picture that all of them make.
func (a *Advice) each(write func(*advice.Advice)) *advice.Picture {
	picture := &advice.Picture{}
	for i := range a.Operations {
		out := a.Adviser.Advise(&a.Operations[i])
		picture.Add(&out)
		write(&out)
	}
	return picture
}

// given writes an answer as the manifest gives it: the duration when one stood
// for it.
func given(a *advice.Advice, q decide.Question) string {
	switch x := a.Answers[q]; {
	case x == decide.Unknown:
		return "unknown"
	case q == decide.Latency && a.Latency > 0:
		return fmt.Sprintf("%s (%s)", x, manifest.FormatDuration(a.Latency))
	default:
		return x.String()
	}
}

// whatIf says which answers would change the verdict, one sentence part for
// each verdict that a flip leads to: "hybrid if latency were beyond (over 30s)".
func whatIf(a *advice.Advice) []string {
	var parts []string
	for _, v := range decide.Verdicts() {
		if ways := waysTo(v, a.Flips, a.Limits); len(ways) > 0 {
			parts = append(parts, fmt.Sprintf("%s if %s", v, strings.Join(ways, ", or if ")))
		}
	}
	return parts
}

// waysTo lists the changes that lead to a verdict. Single changes of one answer
// are told together: "immediacy were later or no".
func waysTo(v decide.Verdict, flips []decide.Flip, limits decide.Limits) []string {
	var ways []string
	var last *decide.Change
	for _, f := range flips {
		if f.Verdict != v {
			continue
		}
		var parts []string
		for _, c := range f.Changes {
			parts = append(parts, fmt.Sprintf("%s were %s", c.Question, answerUnder(c, limits)))
		}
		single := &f.Changes[0]
		if len(f.Changes) == 1 && last != nil && last.Question == single.Question {
			ways[len(ways)-1] += " or " + answerUnder(*single, limits)
			continue
		}
		ways = append(ways, strings.Join(parts, " and "))
		if last = nil; len(f.Changes) == 1 {
			last = single
		}
	}
	return ways
}

// answerUnder names the answer that a change gives, with the durations that
// stand for it.
func answerUnder(c decide.Change, limits decide.Limits) string {
	switch {
	case c.Question != decide.Latency:
	case c.To == decide.Beyond:
		return fmt.Sprintf("%s (over %s)", c.To, manifest.FormatDuration(limits.Wait))
	case c.To == decide.Yes:
		return fmt.Sprintf("%s (over %s)", c.To, manifest.FormatDuration(limits.Threshold))
	case c.To == decide.No:
		return fmt.Sprintf("%s (up to %s)", c.To, manifest.FormatDuration(limits.Threshold))
	}
	return c.To.String()
}

// rowNames names the rows that were hit, in table order.
func rowNames(a *advice.Advice) []string {
	var list []string
	for _, r := range a.Rows {
		list = append(list, term.Safe(r.Name))
	}
	return list
}
