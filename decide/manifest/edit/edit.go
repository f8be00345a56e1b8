// Package edit changes manifests as text: what an edit does not name stays as
// it is, byte for byte. Nothing is ever written out from a parsed tree, so
// comments, order, indentation and line endings survive.
//
// Both of its types set, add and remove. A Manifest names what is meant by document,
// operation and path, and reads what it wrote again; that costs a pass of the YAML
// library. Places name it by the range at which the reader of manifests found it, and
// cost nothing but an index of lines: findings by the ten thousand have their fixes so.
package edit

import (
	"errors"
	"fmt"
	"slices"

	"waitornot/decide/diag"
)

// Apply returns src with the edits made. Their ranges are those of src as it
// is given and may come in any order; edits that insert at the same place are
// made in the order given. It is an error when a range is no place of src or
// when two ranges overlap. The result never shares memory with src.
func Apply(src []byte, edits []diag.Edit) ([]byte, error) {
	splices := make([]splice, 0, len(edits))
	text := diag.NewText(src)
	for _, e := range edits {
		from, to, ok := text.Span(e.Range)
		if !ok {
			return nil, fmt.Errorf("the text has no range %d:%d to %d:%d",
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
