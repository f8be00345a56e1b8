// Package edit changes manifests as text: what an edit does not name stays as
// it is, byte for byte. Nothing is ever written out from a parsed tree, so
// comments, order, indentation and line endings survive.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// An Edit puts New in the place of a range. An empty range inserts, an empty
// New deletes.
type Edit struct {
	Range diag.Range
	New   string
}

// Apply returns src with the edits made. Their ranges are those of src as it
// is given and may come in any order; edits that insert at the same place are
// made in the order given. It is an error when a range is no place of src or
// when two ranges overlap. The result never shares memory with src.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	splices := make([]splice, 0, len(edits))
	lines := lineStarts(src)
	for _, e := range edits {
		from, ok := offset(src, lines, e.Range.Start)
		to, okEnd := offset(src, lines, e.Range.End)
		if !ok || !okEnd || to < from {
			return nil, fmt.Errorf("there is no %d:%d to %d:%d in the text",
				e.Range.Start.Line, e.Range.Start.Column, e.Range.End.Line, e.Range.End.Column)
		}
		splices = append(splices, splice{from, to, e.New})
	}
	return apply(src, splices)
}

// A splice is an edit whose place is counted in bytes.
type splice struct {
	from, to int
	text     string
}

var errOverlap = errors.New("two edits change the same text")

func apply(src []byte, splices []splice) ([]byte, error) {
	splices = slices.Clone(splices)
	slices.SortStableFunc(splices, func(a, b splice) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.to - b.to // what is inserted comes before what is replaced
	})
	size := len(src)
	for _, s := range splices {
		size += len(s.text) - (s.to - s.from)
	}
	out := make([]byte, 0, max(size, 0))
	at := 0
	for _, s := range splices {
		if s.from < at {
			return nil, errOverlap
		}
		out = append(append(out, src[at:s.from]...), s.text...)
		at = s.to
	}
	return append(out, src[at:]...), nil
}

const byteOrderMark = "\xef\xbb\xbf"

// lineStarts returns the offset at which each line starts, as editors count
// lines. A byte order mark belongs to no line.
func lineStarts(src []byte) []int {
	starts := make([]int, 1, bytes.Count(src, []byte{'\n'})+1)
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		starts[0] = len(byteOrderMark)
	}
	for i, b := range src {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// offset returns the offset of a position. The end of a line's text, its line
// break included, is the last place of the line.
func offset(src []byte, lines []int, p diag.Pos) (int, bool) {
	if p.Line < 1 || int(p.Line) > len(lines) || p.Column < 1 {
		return 0, false
	}
	at, end := lines[p.Line-1], len(src)
	if int(p.Line) < len(lines) {
		end = lines[p.Line] - 1
	}
	for column := uint32(1); column < p.Column; column++ {
		if at >= end {
			return 0, false
		}
		_, size := utf8.DecodeRune(src[at:])
		at += size
	}
	return at, true
}
