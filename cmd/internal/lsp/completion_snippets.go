package lsp

import (
	"strings"
)

// withoutStops returns the text of a snippet as it would be with nothing filled in: up to
// the first stop that has lines after it all is kept.
func withoutStops(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		if text[i+1] != '{' {
			for i++; i+1 < len(text) && '0' <= text[i+1] && text[i+1] <= '9'; i++ {
			}
			continue
		}
		end := strings.IndexByte(text[i:], '}')
		inner := text[i+2 : i+end]
		if _, choices, ok := strings.Cut(inner, "|"); ok {
			first, _, _ := strings.Cut(strings.TrimSuffix(choices, "|"), ",")
			b.WriteString(first)
		} else if _, word, ok := strings.Cut(inner, ":"); ok {
			b.WriteString(word)
		}
		i += end
	}
	return b.String()
}

// bracketed puts values in brackets.
func bracketed(list []candidate) []candidate {
	for i := range list {
		list[i].text = "[" + list[i].text + "]"
	}
	return list
}

// dashed puts a dash before values.
func dashed(list []candidate) []candidate {
	for i := range list {
		list[i].text = "- " + list[i].text
	}
	return list
}

// skeleton is an operation to fill in.
func skeleton(dash bool) candidate {
	lines := []string{
		"name: ${1:name}", "callee: ${2:callee}", "mode: ${3|sync,async,hybrid|}",
		"answers: {immediacy: ${4|yes,later,no|}, retryability: ${5|yes,no,too-late,unsafe|}, latency: ${6:500ms}, coupling: ${7|yes,no|}}",
	}
	text := strings.Join(lines, "\n  ")
	if dash {
		text = "- " + text
	}
	return candidate{label: "operation", detail: "an operation with the four answers", kind: snippetItem, text: text, snippet: true}
}
