package term

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// Clean returns text as it may be stored: escape sequences and characters that
// Safe would have to show as escapes are taken out, line breaks and tabs become
// blanks, and blanks at the ends and repeated ones go.
func Clean(text string) string {
	return strings.Join(strings.Fields(CleanPart(text)), " ")
}

// CleanPart cleans text that is a part of something longer: its blanks stay as
// they are.
func CleanPart(text string) string {
	text = ansi.Strip(strings.ToValidUTF8(text, ""))
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unsafe(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
}
