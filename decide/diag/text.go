package diag

import (
	"bytes"
	"sort"
	"sync"
	"unicode/utf8"
)

// An Encoding says how a column of an editor is counted.
type Encoding uint8

// The encodings of columns. The zero value is what editors use that say nothing else.
const (
	UTF16 Encoding = iota // in 16-bit units
	UTF8                  // in bytes
	UTF32                 // in code points
)

// A Text is a text with an index between three ways to name a place: the lines and
// columns of findings (Pos), offsets in bytes, and positions in an editor. It does not
// change, and is safe for concurrent use.
//
// The two ways to count lines differ at a carriage return by itself, which ends a line
// in an editor alone, and at a byte order mark, which is a character in an editor alone.
type Text struct {
	data   []byte
	starts []int         // where the lines of findings start
	rows   []int         // where the lines of an editor start; the same slice when they are alike
	marks  func() []mark // in order, at most stride bytes and a character apart; made when first needed
}

// A mark says how many characters stand before an offset.
type mark struct{ offset, characters int }

// stride is how far apart marks are. Places so near to the start of their line are found
// from there, and most texts never need marks: with them a place in a line of a million
// characters is found without walking along the line.
const stride = 512

const byteOrderMark = "\xef\xbb\xbf"

// NewText returns the index of a text, which must not change afterwards.
func NewText(data []byte) *Text {
	t := &Text{data: data, starts: make([]int, 1, bytes.Count(data, []byte{'\n'})+1)}
	t.marks = sync.OnceValue(func() []mark { return marksOf(data) })
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		t.starts = append(t.starts, at)
	}
	t.rows = t.starts
	if marked := bytes.HasPrefix(data, []byte(byteOrderMark)); marked || hasLoneReturn(data) {
		t.rows = rowsOf(data)
		if marked {
			t.starts[0] = len(byteOrderMark)
		}
	}
	return t
}

func marksOf(data []byte) []mark {
	marks := make([]mark, 1, len(data)/stride+1)
	for at, n := 0, 0; at < len(data); n++ {
		if at-marks[len(marks)-1].offset >= stride {
			marks = append(marks, mark{at, n})
		}
		_, size := utf8.DecodeRune(data[at:])
		at += size
	}
	return marks
}

// characters returns how many characters start before an offset.
func (t *Text) characters(offset int) int {
	marks := t.marks()
	m := marks[sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset })-1]
	return m.characters + utf8.RuneCount(t.data[m.offset:offset])
}

func hasLoneReturn(data []byte) bool {
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '\r')
		if i < 0 {
			return false
		}
		if at += i + 1; at == len(data) || data[at] != '\n' {
			return true
		}
	}
}

// rowsOf returns where the lines of an editor start.
func rowsOf(data []byte) []int {
	rows := []int{0}
	for i, b := range data {
		if b == '\n' || b == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			rows = append(rows, i+1)
		}
	}
	return rows
}

// Bytes returns the text. It must not be changed.
func (t *Text) Bytes() []byte { return t.data }

// Offset returns the offset of a place, and false when the text has no such place. The
// end of a line is one, before its line feed.
func (t *Text) Offset(p Pos) (int, bool) {
	if !p.IsValid() || int(p.Line) > len(t.starts) {
		return 0, false
	}
	at := t.starts[p.Line-1]
	_, end := t.Line(at)
	left := int(p.Column) - 1
	if left > stride {
		marks, want := t.marks(), t.characters(at)+left
		m := marks[sort.Search(len(marks), func(i int) bool { return marks[i].characters > want })-1]
		at, left = m.offset, want-m.characters
	}
	for ; left > 0; left-- {
		if at >= end {
			return end, false
		}
		_, size := utf8.DecodeRune(t.data[at:])
		at += size
	}
	return min(at, end), at <= end
}

// Span returns the offsets at which a range starts and ends, and false when the text has
// no such range.
func (t *Text) Span(r Range) (from, to int, ok bool) {
	from, okFrom := t.Offset(r.Start)
	to, okTo := t.Offset(r.End)
	return from, to, okFrom && okTo && from <= to
}

// Line returns where the line of findings with an offset starts, and where its line feed
// is; of the last line, where the text ends.
func (t *Text) Line(offset int) (start, feed int) {
	next := sort.SearchInts(t.starts, offset+1)
	start, feed = t.starts[max(1, next)-1], len(t.data)
	if next < len(t.starts) {
		feed = t.starts[next] - 1
	}
	return start, feed
}

// Pos returns the place of an offset. What lies outside of the text is its nearest end.
func (t *Text) Pos(offset int) Pos {
	offset = min(max(offset, t.starts[0]), len(t.data))
	line := sort.SearchInts(t.starts, offset+1) - 1
	start, column := t.starts[line], 1
	if offset-start > stride {
		column += t.characters(offset) - t.characters(start)
	} else {
		column += utf8.RuneCount(t.data[start:offset])
	}
	return Pos{uint32(line + 1), uint32(column)}
}

// Position returns the position of an offset in an editor: a line and a column, both
// from 0. What lies outside of the text is its nearest end.
func (t *Text) Position(offset int, e Encoding) (row, column uint32) {
	offset = min(max(offset, 0), len(t.data))
	line := sort.SearchInts(t.rows, offset+1) - 1
	return uint32(line), uint32(units(t.data[t.rows[line]:offset], e))
}

// At returns the offset of a position in an editor. A column beyond the end of its line
// is that end, and a line beyond the last is the end of the text; a column inside a
// character is where the character starts.
func (t *Text) At(row, column uint32, e Encoding) int {
	if int64(row) >= int64(len(t.rows)) {
		return len(t.data)
	}
	at, end := t.rows[row], lineEnd(t.data, t.rows, int(row))
	if e == UTF8 {
		to := min(at+int(min(column, uint32(len(t.data)))), end)
		for to > at && to < end && !utf8.RuneStart(t.data[to]) {
			to--
		}
		return to
	}
	for column > 0 && at < end {
		r, size := utf8.DecodeRune(t.data[at:])
		width := uint32(1)
		if e == UTF16 && r > 0xffff {
			width = 2
		}
		if width > column {
			break
		}
		column -= width
		at += size
	}
	return at
}

// lineEnd returns where a line ends, before its line break.
func lineEnd(data []byte, starts []int, line int) int {
	if line+1 == len(starts) {
		return len(data)
	}
	end := starts[line+1] - 1
	if end > starts[line] && data[end] == '\n' && data[end-1] == '\r' {
		end--
	}
	return max(end, starts[line])
}

// units returns how long a text of one line is.
func units(data []byte, e Encoding) int {
	switch e {
	case UTF8:
		return len(data)
	case UTF32:
		return utf8.RuneCount(data)
	}
	n := 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if n++; r > 0xffff {
			n++
		}
		data = data[size:]
	}
	return n
}

// Splice returns a copy of the text with new in the place of what lies between two
// offsets, which must be in order.
func (t *Text) Splice(from, to int, new string) *Text {
	data := make([]byte, 0, len(t.data)-(to-from)+len(new))
	data = append(append(append(data, t.data[:from]...), new...), t.data[to:]...)
	return NewText(data)
}
