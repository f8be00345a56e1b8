package edit

import "waitornot/decide/diag"

// An Index finds places in a text.
type Index struct {
	src   []byte
	lines []int
}

// NewIndex returns the index of a text.
func NewIndex(src []byte) *Index { return &Index{src, lineStarts(src)} }

// Offset returns the byte at which a position stands, and false when the text
// has no such position.
func (x *Index) Offset(p diag.Pos) (int, bool) { return offset(x.src, x.lines, p) }

// Span returns the bytes at which a range starts and ends, and false when the
// text has no such range.
func (x *Index) Span(r diag.Range) (from, to int, ok bool) {
	from, okFrom := x.Offset(r.Start)
	to, okTo := x.Offset(r.End)
	return from, to, okFrom && okTo && from <= to
}
