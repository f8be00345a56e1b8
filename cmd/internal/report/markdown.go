package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// The sizes, in bytes, that GitHub takes: of a comment, and of the summaries of
// a job's step.
const (
	maxComment = 65_536
	maxSummary = 1 << 20
)

// comment writes Markdown for a comment on a pull request.
func comment(w *bufio.Writer, r *Report, _ Look) { markdown(w, r, maxComment) }

// WriteSummary appends a summary in Markdown to w, a file that already holds
// used bytes.
func (r *Report) WriteSummary(w io.Writer, used int) error {
	b := bufio.NewWriterSize(w, 64<<10)
	markdown(b, r, maxSummary-used)
	return b.Flush()
}

// markdown writes at most limit bytes, and says how many findings that leaves
// out. Too small a limit leaves nothing but that.
func markdown(w *bufio.Writer, r *Report, limit int) {
	p := page{Writer: w, left: limit - reserve}
	c := r.counts()
	p.add("### waitornot: " + c.findings() + "\n\n" + sentence(strings.Join(c.rest(), "; ")) + "\n")
	p.table("| Where | Severity | Finding |\n| --- | --- | --- |\n", len(r.Findings)+len(r.Unreadable), func(i int) string {
		if i -= len(r.Unreadable); i >= 0 {
			f := &r.Findings[i]
			return r.row(f, f.Severity.String(), f.Fix)
		}
		u := &r.Unreadable[len(r.Unreadable)+i]
		return "| " + codeSpan(r.path(u.File)) + " | error | could not be opened: " + escapeMarkdown(u.Err.Error()) + " |\n"
	}, "finding")
	if len(r.Waived) > 0 && p.add(fmt.Sprintf("\n<details><summary>%d waived</summary>\n", len(r.Waived))) {
		p.table("| Where | Waived | Finding |\n| --- | --- | --- |\n", len(r.Waived), func(i int) string {
			x := &r.Waived[i]
			return r.row(&x.Finding, escapeMarkdown(fmt.Sprintf("until %s by %s: %s",
				day(x.Waiver.Until.Value), x.Waiver.Owner.Value, x.Waiver.Reason.Value)), "")
		}, "waived finding")
		w.WriteString("\n</details>\n")
	}
}

// reserve is room for what closes a page: the two remarks about what was left
// out and the end of the details.
const reserve = 256

// A page is Markdown of limited size.
type page struct {
	*bufio.Writer
	left int // bytes that may still be added
}

// add writes text when there is room for all of it.
func (p *page) add(text string) bool {
	if len(text) > p.left {
		return false
	}
	p.left -= len(text)
	p.WriteString(text)
	return true
}

// table writes as many of n rows as there is room for.
func (p *page) table(head string, n int, row func(int) string, noun string) {
	if n == 0 {
		return
	}
	i := 0
	if p.add("\n" + head) {
		for i < n && p.add(row(i)) {
			i++
		}
	}
	if i < n {
		more := "more "
		if i == 0 {
			more = ""
		}
		fmt.Fprintf(p, "\n%s left out for want of room.\n", many(n-i, more+noun))
	}
}

func (r *Report) row(f *diag.Finding, second, fix string) string {
	where := r.path(f.File)
	if f.Range.IsValid() {
		where += ":" + strconv.Itoa(int(f.Range.Start.Line))
	}
	text := escapeMarkdown(f.Message) + " (" + escapeMarkdown(label(f)) + ")"
	if fix != "" {
		text += "<br>Fix: " + escapeMarkdown(fix)
	}
	return "| " + codeSpan(where) + " | " + second + " | " + text + " |\n"
}

// markdownText escapes what Markdown gives a meaning, and keeps names with @ and
// numbers with # from calling people and pages.
var markdownText = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`,
	"@", "@<!-- -->", "#", "#<!-- -->", "://", ":<!-- -->//", "www.", "www<!-- -->.",
)

// maxCell is how many columns of text a cell holds.
const maxCell = 1000

// escapeMarkdown returns text as Markdown that shows it as it is, in one line.
func escapeMarkdown(text string) string {
	return markdownText.Replace(short(term.Safe(text)))
}

func short(text string) string {
	if len(text) > maxCell {
		return term.Cut(text, maxCell)
	}
	return text
}

// fenced returns text as a block of code, with a fence longer than any in it.
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n"
}
