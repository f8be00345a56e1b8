// Package prompt asks people questions: with forms on a terminal, with plain
// numbered lines for screen readers, dumb terminals and pipes. It is the only
// package that knows the form library; what screens have in common is in dialog. Questions go to standard error; what is
// answered is returned and written nowhere.
package prompt

import (
	"context"
	"fmt"
	"strings"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
)

// A Prompter asks. Every method returns dialog.ErrInterrupted when the user stops it
// and an *EndError when the input ends before the answer; the other results are
// then to be thrown away.
type Prompter interface {
	// Interview asks for what of the operation is not given yet.
	Interview(ctx context.Context, i Interview, given Replies) (Replies, error)
	// Survey asks questions about operations that are known.
	Survey(ctx context.Context, s Survey) error
	// Conclude shows how the decision came out, and reports whether its operation is to
	// be kept in a manifest.
	Conclude(ctx context.Context, c Conclusion) (bool, error)
	// Choose asks for one of several options and returns its position.
	Choose(ctx context.Context, question string, options []dialog.Option) (int, error)
	// Line asks for a line of text and returns it clean. Start is there already
	// and may be changed; check says what is wrong with a line, "" when it is
	// accepted.
	Line(ctx context.Context, question, start string, check func(line string) string) (string, error)
}

// An EndError says that the input ended before all questions were answered.
type EndError struct {
	Question string            // what was asked when it ended: "the question latency"
	Open     []decide.Question // those of the four that are not answered
}

// Error names the question at which the input ended, and the open ones.
func (e *EndError) Error() string {
	text := fmt.Sprintf("the input ended before %s was answered", e.Question)
	var open []string
	for _, q := range e.Open {
		open = append(open, q.String())
	}
	if len(open) > 0 {
		text += "; not answered: " + strings.Join(open, ", ")
	}
	return text
}

// New returns a prompter that draws forms, or one that writes plain lines.
func New(s term.Streams, plain bool, painter term.Painter) Prompter {
	if plain {
		return newLines(s)
	}
	return &forms{streams: s, painter: painter}
}
