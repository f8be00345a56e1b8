package term

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// A Style is how a piece of text looks. The zero value is plain. Styles use the
// sixteen colors that every terminal theme sets, so they stay readable on
// light and on dark backgrounds.
type Style string

// The styles, as the parameters of the escape sequence that selects them.
const (
	Plain  Style = ""
	Bold   Style = "1"
	Faint  Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
	Blue   Style = "34"
	Cyan   Style = "36"
)

// With returns both styles together.
func (s Style) With(other Style) Style {
	if s == Plain || other == Plain {
		return s + other
	}
	return s + ";" + other
}

// A Painter applies styles when Color is set. The zero value paints nothing.
type Painter struct {
	Color bool
}

// Paint returns text in the style. The text is not made safe: see Safe.
func (p Painter) Paint(s Style, text string) string {
	if !p.Color || s == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// Safe returns text fit for a terminal: control characters, characters that
// change the direction of writing and other invisible ones become visible
// escapes, as does a line break. Everything that came from outside passes
// through it before it is printed.
func Safe(text string) string {
	if isPlain(text) || !strings.ContainsFunc(text, unsafe) && !strings.ContainsRune(text, unicode.ReplacementChar) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unsafe(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case unsafe(r) && r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		case unsafe(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unsafe reports whether a character may not reach a terminal: controls,
// formats (bidirectional overrides, zero-width characters), line and paragraph
// separators, private and unassigned ones. The joiners that emoji and some
// scripts need stay.
func unsafe(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = 0x200c, 0x200d
	if r < 0x7f {
		return r < ' '
	}
	if r == zeroWidthNonJoiner || r == zeroWidthJoiner {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

// Cells returns how many columns text takes on a terminal.
func Cells(text string) int {
	if !isPlain(text) {
		return ansi.StringWidth(text)
	}
	return len(text)
}

// isPlain reports whether all characters are ASCII ones that can be seen, and so take a
// column each.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Pad returns text filled with blanks to at least the given columns.
func Pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Cells(text)))
}

// Cut returns text shortened to at most the given columns; an ellipsis marks
// what is missing.
func Cut(text string, columns int) string {
	if isPlain(text) {
		switch {
		case len(text) <= columns:
			return text
		case columns > 0:
			return text[:columns-1] + "…"
		}
	}
	return ansi.Truncate(text, columns, "…")
}

// Wrap breaks text at blanks, and nowhere else, into lines of at most the given
// columns. A word that is longer is broken. Line breaks in the text stay.
func Wrap(text string, columns int) []string {
	columns = max(columns, 1)
	if isPlain(text) && !strings.Contains(text, "  ") && strings.Trim(text, " ") == text {
		if lines, ok := wrapPlain(text, columns); ok {
			return lines
		}
	}
	return wrapAny(text, columns)
}

// wrapAny is Wrap for any text.
func wrapAny(text string, columns int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			if line != "" && Cells(line)+1+Cells(word) <= columns {
				line += " " + word
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			pieces := []string{word} // an address stays whole: it's to be copied
			if !strings.Contains(word, "://") && Cells(word) > columns {
				pieces = strings.Split(ansi.Wrap(word, columns, "|"), "\n") // a list of choices breaks between them
			}
			lines = append(lines, pieces[:len(pieces)-1]...)
			line = pieces[len(pieces)-1]
		}
		lines = append(lines, line)
	}
	return lines
}

// wrapPlain is Wrap for words of plain characters with one blank between them. It reports
// false when one of them is too long.
func wrapPlain(text string, columns int) ([]string, bool) {
	lines := make([]string, 0, 1+len(text)/columns)
	for len(text) > columns {
		end := strings.LastIndexByte(text[:columns+1], ' ')
		if end < 0 {
			return nil, false
		}
		lines, text = append(lines, text[:end]), text[end+1:]
	}
	return append(lines, text), true
}

// CutLeft returns the end of text, at most the given columns; an ellipsis marks
// what is missing.
func CutLeft(text string, columns int) string {
	if n := Cells(text); n > columns {
		return ansi.TruncateLeft(text, n-columns+1, "…")
	}
	return text
}
