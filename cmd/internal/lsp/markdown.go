package lsp

import (
	"strings"

	"waitornot/decide/diag"
)

// plain returns text as Markdown that shows it as it is: in one line, without characters
// that can't be seen.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t':
			b.WriteByte(' ')
		case diag.Unseen(r):
			b.WriteRune('\ufffd')
		case strings.ContainsRune("\\`*_[]<>&~|#", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// visible returns text without characters that can't be seen, in one line.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case diag.Unseen(r):
			return '\ufffd'
		}
		return r
	}, text)
}

// code returns text as a span of code.
func code(text string) string {
	text = visible(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}
