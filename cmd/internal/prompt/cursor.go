package prompt

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"waitornot/cmd/internal/term"
)

// cursorMark stands before the character under the cursor in what the form library
// draws. It takes no column, and no text of a user holds it: term.CleanPart takes it out.
const cursorMark = "\u2060"

// takeMark removes the mark of the cursor from lines, and returns where it stood: a row and
// a column from 0, negative when there is none.
func takeMark(lines []string) (row, column int) {
	row, column = -1, -1
	for i, l := range lines {
		before, after, found := strings.Cut(l, cursorMark)
		if !found {
			continue
		}
		row, column = i, term.Cells(before)
		lines[i] = before + after
	}
	return row, column
}

// A screen is a terminal that keeps its own cursor where text is typed: the terminal
// library hides it, but screen readers and input methods follow it. What it's asked to
// show after each frame holds only on the alternate screen, where frames begin at a fixed
// place.
type screen struct {
	*os.File
	mu          sync.Mutex
	alternate   bool
	row, column int // from 0; negative when no text is typed
}

// newScreen returns a terminal's output with its cursor kept, and others as they are.
func newScreen(w io.Writer) (io.Writer, *screen) {
	if f, ok := w.(*os.File); ok && term.IsTerminal(f) {
		s := &screen{File: f, row: -1}
		return s, s
	}
	return w, nil
}

const (
	enterAlternate = "\x1b[?1049h"
	leaveAlternate = "\x1b[?1049l"
	showCursor     = "\x1b[?25h"
	hideCursor     = "\x1b[?25l"
)

// Write writes what the library draws, and puts the cursor in its place again.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.File.Write(p)
	enters, leaves := bytes.LastIndex(p, []byte(enterAlternate)), bytes.LastIndex(p, []byte(leaveAlternate))
	if enters != leaves {
		s.alternate = enters > leaves
	}
	if err == nil {
		err = s.put()
	}
	return n, err
}

// WriteString writes what the library does to the terminal beside drawing on it.
func (s *screen) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// place says where the cursor belongs from now on.
func (s *screen) place(row, column int) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.row == row && s.column == column {
		return
	}
	s.row, s.column = row, column
	_ = s.put() // what fails here fails for the next frame, too
}

func (s *screen) put() error {
	if !s.alternate {
		return nil
	}
	text := hideCursor
	if s.row >= 0 {
		text = fmt.Sprintf("\x1b[%d;%dH%s", s.row+1, s.column+1, showCursor)
	}
	_, err := io.WriteString(s.File, text)
	return err
}
