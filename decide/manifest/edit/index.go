package edit

import (
	"sort"
	"sync"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// An Index finds places in a text. However long the lines of the text are, a
// place is found without walking along its line.
type Index struct {
	src   []byte
	lines []int // where each line starts

	// Made when they are first needed.
	marks   func() []mark // in order, at most stride bytes and a character apart
	anchors func() []int
}

// A mark says how many characters stand before an offset.
type mark struct{ offset, characters int }

// stride is how far apart marks are. Places so near to the start of their line
// are found from there, and most texts never need marks.
const stride = 512

// NewIndex returns the index of a text.
func NewIndex(src []byte) *Index {
	return &Index{
		src: src, lines: lineStarts(src),
		marks:   sync.OnceValue(func() []mark { return marksOf(src) }),
		anchors: sync.OnceValue(func() []int { return anchorsOf(src) }),
	}
}

func marksOf(src []byte) []mark {
	marks := make([]mark, 1, len(src)/stride+1)
	for at, n := 0, 0; at < len(src); n++ {
		if at-marks[len(marks)-1].offset >= stride {
			marks = append(marks, mark{at, n})
		}
		_, size := utf8.DecodeRune(src[at:])
		at += size
	}
	return marks
}

// characters returns how many characters start before an offset.
func (x *Index) characters(offset int) int {
	marks := x.marks()
	m := marks[sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset })-1]
	return m.characters + utf8.RuneCount(x.src[m.offset:offset])
}

// Pos returns the position of a byte.
func (x *Index) Pos(offset int) diag.Pos {
	line := max(1, sort.Search(len(x.lines), func(i int) bool { return x.lines[i] > offset }))
	start := x.lines[line-1]
	column := 1
	switch {
	case offset-start > stride:
		column += x.characters(offset) - x.characters(start)
	case offset > start:
		column += utf8.RuneCount(x.src[start:offset])
	}
	return diag.Pos{Line: uint32(line), Column: uint32(column)}
}

// Offset returns the byte at which a position stands, and false when the text
// has no such position. The end of a line's text, its line break included, is
// the last place of the line.
func (x *Index) Offset(p diag.Pos) (int, bool) {
	if p.Line < 1 || int(p.Line) > len(x.lines) || p.Column < 1 {
		return 0, false
	}
	at, end := x.lines[p.Line-1], len(x.src)
	if int(p.Line) < len(x.lines) {
		end = x.lines[p.Line] - 1
	}
	left := int(p.Column) - 1
	if left > stride {
		marks, want := x.marks(), x.characters(at)+left
		m := marks[sort.Search(len(marks), func(i int) bool { return marks[i].characters > want })-1]
		at, left = m.offset, want-m.characters
	}
	for ; left > 0; left-- {
		if at >= end {
			return 0, false
		}
		_, size := utf8.DecodeRune(x.src[at:])
		at += size
	}
	return at, at <= end
}

// Span returns the bytes at which a range starts and ends, and false when the
// text has no such range.
func (x *Index) Span(r diag.Range) (from, to int, ok bool) {
	from, okFrom := x.Offset(r.Start)
	to, okTo := x.Offset(r.End)
	return from, to, okFrom && okTo && from <= to
}
