package report

import (
	"bufio"
	"fmt"
	"html"
	"strings"

	"waitornot/cmd/internal/term"
)

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

// fenced returns text as a block of code, with a fence longer than any in it.
func fenced(language, text string) string {
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

// htmlCode is codeSpan for a place where Markdown is not read.
func htmlCode(text string) string { return "<code>" + html.EscapeString(term.Safe(text)) + "</code>" }

func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
