package findings

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/diag"
)

// comment writes Markdown for a comment on a pull request.
func comment(w *markup.Writer, r *Report, _ term.Layout) { markdown(w, r, markup.MaxComment) }

// WriteSummary appends a summary in Markdown to w, a file that already holds
// used bytes.
func (r *Report) WriteSummary(w io.Writer, used int) error {
	b := markup.NewWriter(w)
	markdown(b, r, markup.MaxSummary-used)
	return b.Flush()
}

// markdown writes at most limit bytes, and says how many findings that leaves
// out. Too small a limit leaves nothing but that.
func markdown(w *markup.Writer, r *Report, limit int) {
	p := markup.MarkdownPage{Writer: w, Left: limit - markup.MarkdownReserve}
	c := r.Tally()
	p.Add("### waitornot: " + c.Findings() + "\n\n" + text.Sentence(strings.Join(c.rest(), "; ")) + "\n")
	p.Table("| Where | Severity | Finding |\n| --- | --- | --- |\n", len(r.Findings)+len(r.Unreadable), func(i int) string {
		if i -= len(r.Unreadable); i >= 0 {
			f := &r.Findings[i]
			return r.Row(f, f.Severity.String(), f.Fix)
		}
		u := &r.Unreadable[len(r.Unreadable)+i]
		return "| " + markup.MarkdownCode(r.Path(u.File)) + " | error | could not be opened: " + markup.Markdown(u.Err.Error()) + " |\n"
	}, "finding")
	if len(r.Waived) > 0 && p.Add(fmt.Sprintf("\n<details><summary>%d waived</summary>\n", len(r.Waived))) {
		p.Table("| Where | Waived | Finding |\n| --- | --- | --- |\n", len(r.Waived), func(i int) string {
			x := &r.Waived[i]
			return r.Row(&x.Finding, markup.Markdown(fmt.Sprintf("until %s by %s: %s",
				text.Day(x.Waiver.Until.Value), x.Waiver.Owner.Value, x.Waiver.Reason.Value)), "")
		}, "waived finding")
		w.WriteString("\n</details>\n")
	}
}

// Row returns a finding as a row of a table; second is its second cell.
func (r *Report) Row(f *diag.Finding, second, fix string) string {
	where := r.Path(f.File)
	if f.Range.IsValid() {
		where += ":" + strconv.Itoa(int(f.Range.Start.Line))
	}
	text := markup.Markdown(f.Message) + " (" + markup.Markdown(label(f)) + ")"
	if fix != "" {
		text += "<br>Fix: " + markup.Markdown(fix)
	}
	return "| " + markup.MarkdownCode(where) + " | " + second + " | " + text + " |\n"
}
