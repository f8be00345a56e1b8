package edit

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A text is a manifest by lines as the YAML library counts them: it also breaks
// lines where editors do not.
type text struct {
	src    []byte
	starts []int // where each line starts
}

func newText(src []byte) *text {
	t := &text{src: src, starts: []int{0}}
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		t.starts[0] = len(byteOrderMark)
	}
	for i := t.starts[0]; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		i += size
		if r == '\r' && i < len(src) && src[i] == '\n' {
			i, r = i+1, '\n'
		}
		switch r {
		case '\n', '\r', 0x85, 0x2028, 0x2029:
			t.starts = append(t.starts, i)
		}
	}
	return t
}

// newline returns the line break that the text uses.
func (t *text) newline() string {
	i := bytes.IndexAny(t.src, "\r\n")
	switch {
	case i < 0 || t.src[i] == '\n':
		return "\n"
	case bytes.HasPrefix(t.src[i:], []byte("\r\n")):
		return "\r\n"
	}
	return "\r"
}

// start returns the offset of a line, which counts from 1; that of a line after
// the last is the end of the text.
func (t *text) start(line int) int {
	if line > len(t.starts) {
		return len(t.src)
	}
	return t.starts[line-1]
}

// end returns the offset at which the characters of a line end.
func (t *text) end(line int) int { return t.start(line) + len(t.line(line)) }

// line returns a line without its line break.
func (t *text) line(line int) string {
	return strings.TrimRight(string(t.src[t.start(line):t.start(line+1)]), "\r\n\u0085\u2028\u2029")
}

// lineOf returns the line on which an offset is.
func (t *text) lineOf(offset int) int {
	return sort.Search(len(t.starts), func(i int) bool { return t.starts[i] > offset })
}

// offset returns the offset of a place as the YAML library counts.
func (t *text) offset(line, column int) int {
	at := t.start(line)
	for c := 1; c < column && at < len(t.src); c++ {
		_, size := utf8.DecodeRune(t.src[at:])
		at += size
	}
	return at
}

// at returns the offset of a node, past its tag and its anchor.
func (t *text) at(n *yaml.Node) int {
	at := t.offset(n.Line, n.Column)
	for at < len(t.src) && (t.src[at] == '&' || t.src[at] == '!') {
		for at < len(t.src) && !isSpace(t.src[at]) {
			at++
		}
		for at < len(t.src) && isSpace(t.src[at]) {
			at++
		}
	}
	return at
}

// has reports whether the text goes on with c at an offset.
func (t *text) has(offset int, c byte) bool { return offset < len(t.src) && t.src[offset] == c }

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// indent returns how many blanks a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// isAside reports whether a line is empty or a comment that is indented by at
// most most columns. Deeper lines that look like comments may be the text of a
// block scalar.
func isAside(line string, most int) bool {
	rest := strings.TrimSpace(line)
	return rest == "" || strings.HasPrefix(rest, "#") && indent(line) <= most
}

// lastLine returns the last line from first on and before limit that belongs to
// an item of a list whose dashes are indented by dash columns. Empty lines at
// the end are left to what follows, unless the item's text keeps them.
func (t *text) lastLine(first, limit, dash int, keeps bool) int {
	last := first
	for l := first; l < limit; l++ {
		if !isAside(t.line(l), dash) || keeps && t.line(l) == "" && l == last+1 {
			last = l
		}
	}
	return last
}

// isMarker reports whether a line begins or ends a document.
func isMarker(line string) bool {
	for _, m := range []string{"---", "..."} {
		if rest, ok := strings.CutPrefix(line, m); ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			return true
		}
	}
	return false
}

// flowEnd returns where the flow collection that opens at open closes, and where
// the last thing before its closing bracket ends.
func (t *text) flowEnd(open int) (last, closing int, ok bool) {
	last = open + 1
	depth, plain := 0, false // plain: inside a scalar without quotes
	for i := open; i < len(t.src); {
		c := t.src[i]
		switch {
		case isSpace(c):
			i++
			continue
		case c == '#' && isSpace(t.src[i-1]):
			for i < len(t.src) && t.src[i] != '\n' {
				i++
			}
			continue
		case (c == '"' || c == '\'') && !plain:
			i = t.pastQuotes(i)
		case c == '[' || c == '{':
			depth, plain = depth+1, false
			i++
		case c == ']' || c == '}':
			if depth == 1 {
				return last, i, true
			}
			depth, plain = depth-1, false
			i++
		case c == ',':
			plain = false
			i++
		case c == ':' && (i+1 == len(t.src) || bytes.IndexByte([]byte(" \t\r\n,[]{}"), t.src[i+1]) >= 0):
			plain = false
			i++
		case c == ':' && !plain: // after a quoted key
			i++
		default:
			plain = true
			i++
		}
		last = i
	}
	return 0, 0, false
}

// pastQuotes returns the offset after the quoted scalar that begins at i.
func (t *text) pastQuotes(i int) int {
	q := t.src[i]
	for i++; i < len(t.src); i++ {
		switch {
		case q == '"' && t.src[i] == '\\':
			i++
		case t.src[i] != q:
		case q == '\'' && t.has(i+1, q):
			i++
		default:
			return i + 1
		}
	}
	return len(t.src)
}
