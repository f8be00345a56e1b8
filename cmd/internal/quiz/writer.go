// Package quiz puts practice sessions before people: what a card, a question, a
// grading and a score look like, and how they are asked: key by key on a
// terminal, or line by line for screen readers and pipes.
package quiz

import (
	"strings"

	"waitornot/cmd/internal/term"
)

// A Writer lays text out. The zero value is of no use: Width must be set.
type Writer struct {
	term.Painter
	Width int // columns
}

// label is how many columns the labels of a list take.
const label = 14

// para returns text as lines that begin with an indent.
func (p Writer) para(indent int, text string) string {
	blank := strings.Repeat(" ", indent)
	var b strings.Builder
	for _, l := range term.Wrap(term.Safe(text), p.Width-indent) {
		b.WriteString(blank + l + "\n")
	}
	return b.String()
}

// item returns text beside a label; its further lines are indented alike.
func (p Writer) item(name, text string) string {
	body := p.para(2+label, text)
	if name == "" {
		return body
	}
	return "  " + p.Paint(term.Bold, term.Pad(term.Safe(name), label)) + body[2+label:]
}

// mark returns a word for right or wrong in its color, padded.
func (p Writer) mark(right bool) string {
	if right {
		return p.Paint(term.Green, "right")
	}
	return p.Paint(term.Red, "wrong")
}
