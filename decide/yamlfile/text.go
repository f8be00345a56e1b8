package yamlfile

import (
	"bytes"
	"encoding/binary"
	"sort"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// A text is the source of a manifest, or a piece of it, with what it takes to
// tell places in it. Offsets count bytes from the start of the piece.
type text struct {
	data  []byte
	above uint32 // lines of the file above the piece
	ascii bool

	// The lines of the file after the line gapAfter of the piece are gap lines
	// further down: those between are read elsewhere.
	gapAfter, gap uint32

	// What follows the offset cut on the line gapAfter is on the line gap further down,
	// too, and cutColumns further right; 0 when there is no such place.
	cut        uint32
	cutColumns int64

	lead uint32 // characters of the first line that stand before the piece

	lines []uint32 // see starts; nil until they are needed

	// marks holds the offsets of the lines' characters number markEvery, twice
	// markEvery and so on, by the offset of the line, so that a long line that
	// is not ASCII is not counted from its start again and again.
	marks map[uint32][]uint32
}

const markEvery = 256

const byteOrderMark = "\xef\xbb\xbf"

func newText(data []byte, above uint32) *text {
	t := &text{data: data, above: above, ascii: isASCII(data)}
	if !t.ascii {
		t.mark(t.starts())
	}
	return t
}

// starts returns the offset at which each line starts.
func (t *text) starts() []uint32 {
	if t.lines == nil {
		t.lines = lineStarts(t.data)
	}
	return t.lines
}

func lineStarts(data []byte) []uint32 {
	first := 0
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		first = len(byteOrderMark) // editors do not show it, and the library does not count it
	}
	starts := make([]uint32, 1, bytes.Count(data, []byte{'\n'})+1)
	starts[0] = uint32(first)
	for i := first; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		if bytes.HasPrefix(data[i:], []byte(byteOrderMark)) && startsText(data, i) {
			i += len(byteOrderMark)
		}
		starts = append(starts, uint32(i))
	}
	return starts
}

// mark fills marks for the long lines among starts.
func (t *text) mark(starts []uint32) {
	for i, start := range starts {
		end := len(t.data)
		if i+1 < len(starts) {
			end = int(starts[i+1])
		}
		if end-int(start) <= 2*markEvery {
			continue
		}
		if t.marks == nil {
			t.marks = map[uint32][]uint32{}
		}
		var marks []uint32
		for at, n := int(start), 0; at < end; n++ {
			if n > 0 && n%markEvery == 0 {
				marks = append(marks, uint32(at))
			}
			_, size := utf8.DecodeRune(t.data[at:])
			at += size
		}
		t.marks[start] = marks
	}
}

func isASCII(data []byte) bool {
	for ; len(data) >= 8; data = data[8:] {
		if binary.LittleEndian.Uint64(data)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// pos returns the place of an offset, as editors count.
func (t *text) pos(offset int) diag.Pos {
	starts := t.starts()
	line := sort.Search(len(starts), func(i int) bool { return int(starts[i]) > offset })
	line = max(line, 1)
	from, before := int(starts[line-1]), 0
	marks := t.marks[starts[line-1]]
	if n := sort.Search(len(marks), func(i int) bool { return int(marks[i]) > offset }); n > 0 {
		from, before = int(marks[n-1]), n*markEvery
	}
	column := uint32(before + t.width(from, offset) + 1)
	if line == 1 {
		column += t.lead
	}
	number := t.number(line)
	if t.cut > 0 && offset >= int(t.cut) && uint32(line) == t.gapAfter {
		number += t.gap
		column = uint32(int64(column) + t.cutColumns)
	}
	return diag.Pos{Line: number, Column: column}
}

// number returns the number that a line of the piece has in the file.
func (t *text) number(line int) uint32 {
	n := uint32(line)
	if n > t.gapAfter {
		n += t.gap
	}
	return t.above + n
}

// width returns the number of code points between two offsets.
func (t *text) width(from, to int) int {
	if to <= from {
		return 0
	}
	if t.ascii {
		return to - from
	}
	return utf8.RuneCount(t.data[from:to])
}

// span returns the range between two offsets.
func (t *text) span(from, to int) diag.Range {
	return diag.Range{Start: t.pos(from), End: t.pos(max(from, to))}
}

// node returns the range of a node, without its anchor and its tag.
func (t *text) node(n *node) diag.Range {
	starts := t.starts()
	if n.line <= 1 || t.cut > 0 || t.marks != nil || int(n.line) < len(starts) && n.to >= starts[n.line] {
		return t.span(int(n.from), int(n.to))
	}
	line := t.number(int(n.line))
	column := uint32(t.width(int(starts[n.line-1]), int(n.from))) + 1
	return diag.Range{
		Start: diag.Pos{Line: line, Column: column},
		End:   diag.Pos{Line: line, Column: column + uint32(t.width(int(n.from), int(n.to)))},
	}
}
