// Package diagtest helps tests to say where they expect findings.
package diagtest

import (
	"strings"

	"waitornot/decide/diag"
)

// Marked takes the marks ‹ and › out of a text and returns the ranges that they
// enclose, in the order of their ends.
func Marked(s string) (string, []diag.Range) {
	var plain strings.Builder
	var open []diag.Pos
	var ranges []diag.Range
	at := diag.Pos{Line: 1, Column: 1}
	for _, r := range s {
		switch r {
		case '‹':
			open = append(open, at)
			continue
		case '›':
			ranges = append(ranges, diag.Range{Start: open[len(open)-1], End: at})
			open = open[:len(open)-1]
			continue
		case '\n':
			at.Line, at.Column = at.Line+1, 0
		}
		at.Column++
		plain.WriteRune(r)
	}
	return plain.String(), ranges
}
