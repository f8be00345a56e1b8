package lsp

import (
	"bytes"
	"strconv"
	"strings"

	"waitornot/cmd/internal/lsp/outline"
)

// A writer says what to insert, and where, so that a text has one thing more.
type writer struct {
	text []byte
	json bool
}

// isJSON reports whether the keys of a mapping are in double quotes.
func isJSON(text []byte, n *outline.Node) bool {
	return n.Kind == outline.Mapping && n.Flow && len(n.Entries) > 0 && text[n.Entries[0].From] == '"'
}

// word writes a name.
func (w writer) word(word string) string {
	if w.json {
		return strconv.Quote(word)
	}
	return word
}

// mapping writes pairs in braces.
func (w writer) mapping(pairs [][2]string) string {
	var parts []string
	for _, p := range pairs {
		parts = append(parts, w.word(p[0])+": "+w.word(p[1]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// item returns the offset and the text that add an item to a list. It reports false where
// there is no safe place.
func (w writer) item(list *outline.Node, item string) (at int, text string, ok bool) {
	switch {
	case list.Kind != outline.List:
		return 0, "", false
	case list.Flow:
		return w.inBrackets(list, ']', item)
	}
	last := list.Entries[len(list.Entries)-1]
	return w.line(list.To, last.From, "- "+item)
}

// pair returns the offset and the text that add a pair to a mapping. It reports false
// where there is no safe place.
func (w writer) pair(mapping *outline.Node, key, value string) (at int, text string, ok bool) {
	pair := w.word(key) + ": " + value
	switch {
	case mapping.Kind != outline.Mapping:
		return 0, "", false
	case mapping.Flow:
		return w.inBrackets(mapping, '}', pair)
	}
	return w.line(mapping.To, mapping.From, pair)
}

// inBrackets adds a part before a closing bracket.
func (w writer) inBrackets(n *outline.Node, closing byte, part string) (at int, text string, ok bool) {
	if n.To-n.From < 2 || w.text[n.To-1] != closing || bytes.IndexByte(w.text[n.From:n.To], '#') >= 0 {
		return 0, "", false // what looks like a comment may hide the end
	}
	at = n.From + 1 + len(bytes.TrimRight(w.text[n.From+1:n.To-1], " \t\r\n"))
	switch before := w.text[at-1]; {
	case len(n.Entries) == 0:
	case before == ',':
		part = " " + part
	default:
		part = ", " + part
	}
	return at, part, true
}

// line adds a line behind the one on which something ends, indented as what starts at an
// offset.
func (w writer) line(end, start int, text string) (int, string, bool) {
	row := bytes.LastIndexByte(w.text[:start], '\n') + 1
	if bytes.IndexByte(w.text[row:start], '\t') >= 0 {
		return 0, "", false
	}
	indent := strings.Repeat(" ", len([]rune(string(w.text[row:start]))))
	newline := "\n"
	if i := bytes.IndexByte(w.text, '\n'); i > 0 && w.text[i-1] == '\r' {
		newline = "\r\n"
	}
	stop := bytes.IndexByte(w.text[end:], '\n')
	if stop < 0 {
		return len(w.text), newline + indent + text, true
	}
	return end + stop + 1, indent + text + newline, true
}
