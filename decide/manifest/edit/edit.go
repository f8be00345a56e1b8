// Package edit changes manifests as text: what an edit does not name stays as
// it is, byte for byte. Nothing is ever written out from a parsed tree, so
// comments, order, indentation and line endings survive.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

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
	index := NewIndex(src)
	for _, e := range edits {
		from, ok := index.Offset(e.Range.Start)
		to, okEnd := index.Offset(e.Range.End)
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
