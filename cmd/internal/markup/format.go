package markup

import (
	"io"

	"waitornot/cmd/internal/term"
)

// A Format is one way to write a page P.
type Format[P any] struct {
	Name string
	Doc  string // one line for help; "" where the name says enough
	Page func(*Writer, P, term.Layout)
}

// Write writes the page to w. The error is the first that w returned.
func (f Format[P]) Write(w io.Writer, page P, l term.Layout) error {
	b := NewWriter(w)
	f.Page(b, page, l)
	return b.Flush()
}
