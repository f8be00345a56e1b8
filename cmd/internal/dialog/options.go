package dialog

import (
	"cmp"
	"strconv"
	"strings"

	"waitornot/cmd/internal/term"
)

// An Option is one of several that can be chosen.
type Option struct {
	Key   string // the key that chooses it; empty when that is its number
	Word  string // what the program knows it by; empty when that is its label
	Label string // a word or two; when it is empty, Means says all
	Means string // what it means; may be empty
}

// Match finds the option that a text names: by its number from 1, its key, its word or
// its label, or by the beginning of one of the last two. Capitals don't matter. It
// returns the first option, -1 when there is none, and whether it is the only one:
// where nobody sees which is taken, only that one may be.
func Match(options []Option, typed string) (first int, only bool) {
	typed = strings.ToLower(typed)
	if typed == "" {
		return -1, false
	}
	first = -1
	for i, o := range options {
		word, label := strings.ToLower(o.Word), strings.ToLower(o.Label)
		switch {
		case typed == strconv.Itoa(i+1), typed == o.Key, typed == word, typed == label:
			return i, true
		case strings.HasPrefix(word, typed), strings.HasPrefix(label, typed):
			if only = first < 0; only {
				first = i
			}
		}
	}
	return first, only
}

// Numbered lists options in plain lines, one each.
func Numbered(options []Option) []string {
	var lines []string
	for i, o := range options {
		text := o.Label
		if text != "" && o.Means != "" {
			text += ": "
		}
		lines = append(lines, strconv.Itoa(i+1)+". "+text+o.Means)
	}
	return lines
}

// A List draws options for a screen: each with its key, its label, and what it means
// beside it.
type List struct {
	Options []Option
	Marked  int  // the option that enter takes, -1 for none
	Means   bool // with what they mean
	Painter term.Painter
}

// widest is how many columns labels may take that stand beside their meanings; a wider
// one stands before its own.
const widest = 14

// narrowest is how few columns text beside something is broken to.
const narrowest = 16

// Lines draws the options for a screen of that many columns.
func (l *List) Lines(width int) []string {
	column := 0
	for _, o := range l.Options {
		if o.Means != "" {
			column = max(column, term.Cells(o.Label))
		}
	}
	var lines []string
	for i := range l.Options {
		lines = append(lines, l.option(i, column, width)...)
	}
	return lines
}

// option draws an option whose label is as wide as the column of labels.
func (l *List) option(i, column, width int) []string {
	o := &l.Options[i]
	key := cmp.Or(o.Key, strconv.Itoa(i+1))
	pointer, style := "  ", term.Plain
	if i == l.Marked {
		pointer, style = "> ", term.Bold
	}
	start, indent, body := pointer+l.Painter.Paint(term.Cyan, key)+"  ", len(pointer)+term.Cells(key)+2, o.Label
	switch {
	case o.Label == "":
		body = o.Means
	case !l.Means || o.Means == "":
	case column <= widest:
		start += l.Painter.Paint(style, term.Pad(o.Label, column)) + "  "
		indent, body = indent+column+2, o.Means
	default:
		body = o.Label + ". " + o.Means
	}
	var lines []string
	for _, part := range term.Wrap(body, max(width-indent, narrowest)) {
		lines = append(lines, start+l.Painter.Paint(style, part))
		start = strings.Repeat(" ", indent)
	}
	return lines
}
