package findings

import (
	"bytes"
	"sync"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// A cursor finds places in a text. It remembers the last one, so that a walk
// over places that are in order reads the text once, however long its lines.
type cursor struct {
	data   []byte
	line   uint32 // counts from 1
	start  int    // the offset at which the line starts
	column uint32 // counts from 1, in code points
	at     int    // the offset of the column
}

func newCursor(data []byte) *cursor {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // no editor counts the mark
	return &cursor{data: data, line: 1, column: 1}
}

// seek goes to a place and reports whether the text has it. The end of a line
// is one; what lies behind it is not.
func (c *cursor) seek(p diag.Pos) bool {
	return p.IsValid() && c.toLine(p.Line) && c.toColumn(p.Column)
}

func (c *cursor) toLine(line uint32) bool {
	for c.line < line {
		i := bytes.IndexByte(c.data[c.at:], '\n')
		if i < 0 {
			return false
		}
		c.line++
		c.start, c.column = c.at+i+1, 1
		c.at = c.start
	}
	for c.line > line {
		c.line--
		c.start, c.column = bytes.LastIndexByte(c.data[:c.start-1], '\n')+1, 1
		c.at = c.start
	}
	return true
}

func (c *cursor) toColumn(column uint32) bool {
	for c.column < column {
		if c.at >= len(c.data) || c.data[c.at] == '\n' {
			return false
		}
		_, size := utf8.DecodeRune(c.data[c.at:])
		c.at += size
		c.column++
	}
	for c.column > max(column, 1) {
		_, size := utf8.DecodeLastRune(c.data[c.start:c.at])
		c.at -= size
		c.column--
	}
	return true
}

// byteColumn returns the column in bytes, counted from 1.
func (c *cursor) byteColumn() int { return c.at - c.start + 1 }

// before returns the text of the line left of the place, at most n code points.
func (c *cursor) before(n int) (text []byte, cut bool) {
	from := c.at
	for ; n > 0 && from > c.start; n-- {
		_, size := utf8.DecodeLastRune(c.data[c.start:from])
		from -= size
	}
	return c.data[from:c.at], from > c.start
}

// after returns the text of the line from the place on, at most n code points.
func (c *cursor) after(n int) (text []byte, cut bool) {
	to := c.at
	for ; n > 0 && to < len(c.data) && !c.endsAt(to); n-- {
		_, size := utf8.DecodeRune(c.data[to:])
		to += size
	}
	return c.data[c.at:to], to < len(c.data) && !c.endsAt(to)
}

// endsAt reports whether the line ends at an offset; a carriage return before
// the line feed belongs to the end.
func (c *cursor) endsAt(i int) bool {
	return c.data[i] == '\n' || c.data[i] == '\r' && (i+1 == len(c.data) || c.data[i+1] == '\n')
}

// A library opens one text at a time, for several goroutines: findings come file by file.
type library struct {
	open func(file string) ([]byte, bool) // nil opens none

	lock  sync.Mutex
	file  string
	data  []byte
	known bool
}

// text returns the text of a file, and false when it's not to be had.
func (l *library) text(file string) ([]byte, bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.open == nil {
		return nil, false
	}
	if l.file != file {
		l.file = file
		l.data, l.known = l.open(file)
	}
	return l.data, l.known
}

// cursors are what one goroutine finds its places with.
type cursors struct {
	*library
	file string
	*cursor
}

// in returns the cursor of a file, or nil when its text is not to be had.
func (l *cursors) in(file string) *cursor {
	if l.file != file {
		l.file, l.cursor = file, nil
		if data, ok := l.text(file); ok {
			l.cursor = newCursor(data)
		}
	}
	return l.cursor
}
