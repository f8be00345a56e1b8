package yamlfile

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

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

	// starts holds the offset at which each line starts, as the YAML library
	// counts lines. It also breaks lines at a lone CR, U+0085, U+2028 and
	// U+2029, where editors do not; then editor holds the starts that they see.
	starts []uint32
	editor []uint32

	// marks holds the offsets of the lines' characters number markEvery, twice
	// markEvery and so on, by the offset of the line, so that a long line that
	// is not ASCII is not counted from its start again and again.
	marks map[uint32][]uint32
}

const markEvery = 256

const byteOrderMark = "\xef\xbb\xbf"

func newText(data []byte, above uint32) *text {
	t := &text{data: data, above: above, ascii: isASCII(data)}
	first := 0
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		first = len(byteOrderMark) // editors do not show it, and the library does not count it
	}
	t.starts = make([]uint32, 1, bytes.Count(data, []byte{'\n'})+1)
	t.starts[0] = uint32(first)
	for i := first; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		t.starts = append(t.starts, uint32(i))
	}
	if t.hasOddBreaks() {
		t.editor, t.starts = t.starts, libraryLines(data, first)
	}
	if !t.ascii {
		t.mark(t.starts)
		t.mark(t.editor)
	}
	return t
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
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// hasOddBreaks reports whether the library sees a line break in the text that
// editors do not.
func (t *text) hasOddBreaks() bool {
	for rest := t.data; ; {
		i := bytes.IndexByte(rest, '\r')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		if len(rest) == 0 || rest[0] != '\n' {
			return true
		}
	}
	return !t.ascii && (bytes.Contains(t.data, []byte("\u0085")) ||
		bytes.Contains(t.data, []byte("\u2028")) || bytes.Contains(t.data, []byte("\u2029")))
}

// libraryLines returns where lines start as the YAML library counts them.
func libraryLines(data []byte, first int) []uint32 {
	starts := []uint32{uint32(first)}
	for i := first; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		i += size
		if r == '\r' && i < len(data) && data[i] == '\n' {
			i++
		}
		if isBreak(r) {
			starts = append(starts, uint32(i))
		}
	}
	return starts
}

// isBreak reports whether the YAML library ends a line at r.
func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// offset returns the offset of a place that the library reports.
func (t *text) offset(line, column int) int {
	if line < 1 || line > len(t.starts) {
		return len(t.data)
	}
	at := int(t.starts[line-1])
	if t.ascii {
		return min(at+column-1, len(t.data))
	}
	if marks := t.marks[t.starts[line-1]]; len(marks) > 0 && column > markEvery {
		n := min((column-1)/markEvery, len(marks))
		at, column = int(marks[n-1]), column-n*markEvery
	}
	for ; column > 1 && at < len(t.data); column-- {
		_, size := utf8.DecodeRune(t.data[at:])
		at += size
	}
	return at
}

// pos returns the place of an offset, as editors count.
func (t *text) pos(offset int) diag.Pos {
	starts := t.starts
	if t.editor != nil {
		starts = t.editor
	}
	line := sort.Search(len(starts), func(i int) bool { return int(starts[i]) > offset })
	line = max(line, 1)
	from, before := int(starts[line-1]), 0
	if marks := t.marks[starts[line-1]]; len(marks) > 0 {
		n := sort.Search(len(marks), func(i int) bool { return int(marks[i]) > offset })
		if n > 0 {
			from, before = int(marks[n-1]), n*markEvery
		}
	}
	return diag.Pos{Line: t.Number(line), Column: uint32(before + t.width(from, offset) + 1)}
}

// number returns the number that a line of the piece has in the file.
func (t *text) Number(line int) uint32 {
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
// A node that was left empty has no reliable place: ask for its key instead.
func (t *text) node(n *yaml.Node) diag.Range {
	at := t.offset(n.Line, n.Column)
	from, to := at, 0
	switch {
	case n.Kind == yaml.ScalarNode:
		from = t.pastProperties(at)
		to = t.scalarEnd(n, from)
	case n.Anchor != "" || n.Style&yaml.TaggedStyle != 0:
		from, to = t.pastProperties(at), t.end(n)
	default:
		to = t.end(n)
	}
	if t.editor == nil && t.marks == nil && from == at && n.Line <= len(t.starts) &&
		(n.Line == len(t.starts) || to < int(t.starts[n.Line])) {
		line, column := t.Number(n.Line), uint32(n.Column)
		return diag.Range{
			Start: diag.Pos{Line: line, Column: column},
			End:   diag.Pos{Line: line, Column: column + uint32(t.width(from, to))},
		}
	}
	return t.span(from, to)
}
