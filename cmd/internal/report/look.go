package report

import (
	"waitornot/cmd/internal/term"
)

// A Look says how text for people is laid out. The other formats do not change
// with it.
type Look struct {
	term.Painter
	Width int  // columns
	Brief bool // one line for each finding
	Quiet bool // no summary
}
