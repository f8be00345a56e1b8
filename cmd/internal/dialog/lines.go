package dialog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"waitornot/cmd/internal/term"
)

// Lines reads answers line by line. One reader reads the whole input, so that no line is
// lost between two questions.
type Lines struct {
	out  io.Writer
	in   <-chan term.Line
	echo bool
}

// NewLines returns a reader of an input's lines; what it shows goes to out. With echo it
// repeats each line: the input is no terminal that does.
func NewLines(in io.Reader, out io.Writer, echo bool) *Lines {
	return &Lines{out: out, in: term.ReadLines(in), echo: echo}
}

// ErrTimeOver says that the time for an answer is over.
var ErrTimeOver = errors.New("time is up")

// lookEvery is how often the clock is looked at while nothing is typed.
const lookEvery = 200 * time.Millisecond

// Next returns the next line as it was typed. When there is none, it returns
// ErrInterrupted after ctx has ended, ErrTimeOver once timeOver says so (nil never does),
// io.EOF at the end of the input, or why it can't be read; the cursor is then on a line
// of its own.
func (l *Lines) Next(ctx context.Context, timeOver func() bool) (string, error) {
	text, err := l.wait(ctx, timeOver)
	switch {
	case err != nil:
		fmt.Fprintln(l.out)
	case l.echo:
		fmt.Fprintln(l.out, term.Safe(text))
	}
	return text, err
}

// wait waits for a line.
func (l *Lines) wait(ctx context.Context, timeOver func() bool) (string, error) {
	var look <-chan time.Time
	if timeOver != nil {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		look = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return "", ErrInterrupted
		case got := <-l.in:
			if got.Err != nil && !errors.Is(got.Err, io.EOF) {
				return "", fmt.Errorf("read standard input: %w", got.Err)
			}
			return got.Text, got.Err
		case <-look:
			if timeOver() {
				return "", ErrTimeOver
			}
		}
	}
}
