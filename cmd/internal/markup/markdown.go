package markup

import (
	"fmt"
	"html"
	"strings"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
)

// A MarkdownPage is Markdown of limited size.
type MarkdownPage struct {
	*Writer
	Left int // bytes that may still be added
}

// Add writes text when there is room for all of it.
func (p *MarkdownPage) Add(text string) bool {
	if len(text) > p.Left {
		return false
	}
	p.Left -= len(text)
	p.WriteString(text)
	return true
}

// Table writes as many of n rows as there is room for.
func (p *MarkdownPage) Table(head string, n int, row func(int) string, noun string) {
	if n == 0 {
		return
	}
	i := 0
	if p.Add("\n" + head) {
		for i < n && p.Add(row(i)) {
			i++
		}
	}
	if i < n {
		more := "more "
		if i == 0 {
			more = ""
		}
		fmt.Fprintf(p, "\n%s left out to stay under the size limit.\n", text.Count(n-i, more+noun))
	}
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

// Markdown returns text as Markdown that shows it as it is, in one line.
func Markdown(text string) string {
	return markdownText.Replace(short(term.Safe(text)))
}

func short(text string) string {
	if len(text) > maxCell {
		return term.Cut(text, maxCell)
	}
	return text
}

// MarkdownFence returns text as a block of code, with a fence longer than any in it.
func MarkdownFence(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n"
}

// MarkdownCode returns text from a manifest as a code span that stays in its table cell.
// Nothing in it is read as Markdown, HTML, a link or a mention.
func MarkdownCode(text string) string {
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

// HTMLCode is MarkdownCode for a place where Markdown is not read.
func HTMLCode(text string) string { return "<code>" + html.EscapeString(term.Safe(text)) + "</code>" }

// OrDash returns a text for a cell of a table, a dash when there is none.
func OrDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// Within adds a part that may take so many bytes and no more, so that something
// of the next parts is seen as well.
func (p *MarkdownPage) Within(most int, add func()) {
	rest := p.Left - most
	p.Left = most
	add()
	p.Left += rest
}

// The sizes, in bytes, that GitHub takes: of a comment, and of the summaries of
// a job's step.
const (
	MaxComment = 65_536
	MaxSummary = 1 << 20
)

// MarkdownReserve is room, in bytes, for what closes a page: the two remarks about
// what was left out and the end of the details.
const MarkdownReserve = 256
