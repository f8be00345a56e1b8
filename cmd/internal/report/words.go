package report

import (
	"bufio"
	"io"
	"strings"

	"waitornot/cmd/internal/advice"
	"waitornot/decide"
)

// The words that decision records and the page share with the formats of
// advice.

// Given writes an answer as the manifest gives it: the duration when one stood
// for it.
func Given(a *advice.Advice, q decide.Question) string { return given(a, q) }

// Argument says what the answer's own rule supports.
func Argument(a *advice.Advice, q decide.Question) string { return argument(a, q) }

// RoleWords says what an answer does to the verdict, "" when there is nothing to
// say.
func RoleWords(r advice.Role) string { return roleText(r) }

// WhatIf says which answers would change the verdict, one part of a sentence
// for each verdict that a flip leads to.
func WhatIf(a *advice.Advice) []string { return whatIf(a) }

// Between names the verdicts that are possible.
func Between(a *advice.Advice) string { return between(a) }

// Built says how the chosen stack builds the pattern: nothing without a stack.
func Built(a *advice.Advice) string {
	parts := built(a)
	for i, p := range parts {
		parts[i] = strings.TrimSuffix(p, ".") + "."
	}
	return strings.Join(parts, " ")
}

// Markdown returns text as Markdown that shows it as it is, in one line.
func Markdown(text string) string { return escapeMarkdown(text) }

// MarkdownCode returns text as a code span in which nothing is read as Markdown.
func MarkdownCode(text string) string { return codeSpan(text) }

// WriteJSON writes a document, indented. What a terminal might obey or hide is
// written as an escape.
func WriteJSON(w io.Writer, v any) error {
	b := bufio.NewWriter(w)
	e := newEncoder(b)
	e.json.SetIndent("", "  ")
	e.value(v)
	b.WriteByte('\n')
	return b.Flush()
}
