package yamlfile

import (
	"bytes"

	"gopkg.in/yaml.v3"
)

// Most of a manifest is written in a small part of YAML: words, numbers and
// plain texts, in block mappings and in braces that end on their line. A quick
// reader knows that part, and gives up at anything else; then the library reads
// the piece. What it does read it reads as the library does: the same nodes at
// the same places, comments aside.

// A quick reader reads the items of a block list.
type quick struct {
	data []byte
	at   int // the offset of the line at hand
	end  int // the offset of its line break
	line int // its number, from 1
	ok   bool

	nodes []yaml.Node // room for nodes, so that they are not made one by one
}

// quickItems returns the list that a piece holds, and false when it holds
// anything but the plainest YAML.
func quickItems(data []byte) (*yaml.Node, bool) {
	if bytes.IndexByte(data, '\t') >= 0 || bytes.IndexByte(data, '\r') >= 0 || nextBad(data, 0) >= 0 {
		return nil, false
	}
	q := &quick{data: data, end: -1, ok: true}
	q.next()
	if q.at >= len(data) {
		return nil, false
	}
	list := q.list(q.indent())
	return list, q.ok && q.at >= len(data)
}

// next goes to the next line that is neither blank nor a comment.
func (q *quick) next() {
	for {
		q.at = q.end + 1
		if q.at >= len(q.data) {
			q.at = len(q.data)
			return
		}
		q.line++
		q.end = len(q.data)
		if n := bytes.IndexByte(q.data[q.at:], '\n'); n >= 0 {
			q.end = q.at + n
		}
		if first := q.at + q.indent(); first < q.end && q.data[first] != '#' {
			return
		}
	}
}

// indent returns the number of spaces that the line at hand starts with.
func (q *quick) indent() int {
	i := q.at
	for i < q.end && q.data[i] == ' ' {
		i++
	}
	return i - q.at
}

// fail gives up.
func (q *quick) fail() *yaml.Node {
	q.ok = false
	return nil
}

// node returns a new node at an offset of the line at hand.
func (q *quick) node(kind yaml.Kind, style yaml.Style, tag string, at int) *yaml.Node {
	if len(q.nodes) == 0 {
		q.nodes = make([]yaml.Node, 128)
	}
	n := &q.nodes[0]
	q.nodes = q.nodes[1:]
	n.Kind, n.Style, n.Tag, n.Line, n.Column = kind, style, tag, q.line, at-q.at+1
	return n
}

// list reads the items at an indent. The line at hand is the first.
func (q *quick) list(indent int) *yaml.Node {
	n := q.node(yaml.SequenceNode, 0, "!!seq", q.at+indent)
	for q.ok && q.at < len(q.data) && q.indent() == indent && q.isItem(q.at+indent) {
		n.Content = append(n.Content, q.item(q.at+indent))
	}
	if len(n.Content) == 0 {
		return q.fail()
	}
	return n
}

// isItem reports whether a dash at an offset starts an item with something
// after it on the line.
func (q *quick) isItem(at int) bool {
	return at+1 < q.end && q.data[at] == '-' && q.data[at+1] == ' '
}

// item reads the item whose dash is at an offset, and goes to the line after.
func (q *quick) item(dash int) *yaml.Node {
	at := q.pastSpaces(dash + 1)
	if at < q.end && isLetter(q.data[at]) && q.keyEnd(at) > 0 {
		return q.mapping(at - q.at)
	}
	n := q.value(at)
	q.next()
	return n
}

func (q *quick) pastSpaces(at int) int {
	for at < q.end && q.data[at] == ' ' {
		at++
	}
	return at
}

// keyEnd returns the offset of the colon after the key at an offset, or 0 when
// there is no plain key.
func (q *quick) keyEnd(at int) int {
	for i := at; i < q.end && i < at+100; i++ {
		if b := q.data[i]; b == ':' {
			if i+1 == q.end || q.data[i+1] == ' ' {
				return i
			}
			return 0
		} else if !isWord(b) {
			return 0
		}
	}
	return 0
}

// mapping reads the pairs at an indent. The first is on the line at hand, after
// a dash perhaps; the others start their lines.
func (q *quick) mapping(indent int) *yaml.Node {
	n := q.node(yaml.MappingNode, 0, "!!map", q.at+indent)
	n.Content = make([]*yaml.Node, 0, 16)
	for {
		at := q.at + indent
		colon := 0
		if isLetter(q.data[at]) {
			colon = q.keyEnd(at)
		}
		if colon == 0 {
			return q.fail()
		}
		key := q.scalar(at, colon)
		n.Content = append(n.Content, key, q.pair(indent, colon))
		if !q.ok || q.at >= len(q.data) || q.indent() != indent || q.isItem(q.at+indent) {
			return n
		}
	}
}

// pair reads the value after a colon, and goes to the line after.
func (q *quick) pair(indent, colon int) *yaml.Node {
	at := q.pastSpaces(colon + 1)
	if at < q.end && q.data[at] != '#' {
		n := q.value(at)
		q.next() // a value that goes on there is left over at the end
		return n
	}
	q.next()
	if q.at >= len(q.data) {
		return q.fail()
	}
	switch deeper := q.indent(); {
	case deeper >= indent && q.isItem(q.at+deeper):
		return q.list(deeper)
	case deeper > indent:
		return q.mapping(deeper)
	}
	return q.fail() // there is no value
}

// value reads a value that ends on the line at hand.
func (q *quick) value(at int) *yaml.Node {
	if at >= q.end {
		return q.fail()
	}
	switch b := q.data[at]; {
	case b == '{' || b == '[':
		n, after := q.flow(at)
		if q.ok && !q.nothingAfter(after) {
			return q.fail()
		}
		return n
	case b == '"' || b == '\'':
		n, after := q.quoted(at)
		if q.ok && !q.nothingAfter(after) {
			return q.fail()
		}
		return n
	case !isLetter(b) && !isDigit(b) && b != '/' && b < 0x80:
		return q.fail()
	}
	return q.plain(at)
}

// nothingAfter reports whether the rest of the line is blank or a comment.
func (q *quick) nothingAfter(at int) bool {
	next := q.pastSpaces(at)
	return next == q.end || next > at && q.data[next] == '#'
}

// plain reads a plain text up to the end of the line, or up to a comment.
func (q *quick) plain(at int) *yaml.Node {
	to := at
	for i := at; i < q.end; i++ {
		switch b := q.data[i]; {
		case b == ':' && (i+1 == q.end || q.data[i+1] == ' '):
			return q.fail()
		case b == '#' && q.data[i-1] == ' ':
			return q.scalar(at, to)
		case b != ' ':
			to = i + 1
		}
	}
	return q.scalar(at, to)
}

// scalar returns the plain scalar between two offsets.
func (q *quick) scalar(at, to int) *yaml.Node {
	n := q.node(yaml.ScalarNode, 0, "", at)
	n.Value = string(q.data[at:to])
	if isLetter(n.Value[0]) && len(n.Value) > len("false") {
		n.Tag = "!!str" // as the library would find
	} else {
		n.Tag = n.ShortTag()
	}
	return n
}

// quoted reads a text in quotes without escapes, and returns the offset after
// it. Two single quotes stand for one, but nothing may follow the first there.
func (q *quick) quoted(at int) (*yaml.Node, int) {
	mark := q.data[at]
	for i := at + 1; i < q.end; i++ {
		switch b := q.data[i]; {
		case b == '\\' || b > '~':
			return q.fail(), 0
		case b == mark:
			style := yaml.DoubleQuotedStyle
			if mark == '\'' {
				style = yaml.SingleQuotedStyle
			}
			n := q.node(yaml.ScalarNode, style, "!!str", at)
			n.Value = string(q.data[at+1 : i])
			return n, i + 1
		}
	}
	return q.fail(), 0
}

// flow reads a list or a mapping in brackets that ends on its line, and returns
// the offset after it.
func (q *quick) flow(at int) (*yaml.Node, int) {
	closing, n := byte(']'), (*yaml.Node)(nil)
	if q.data[at] == '{' {
		closing, n = '}', q.node(yaml.MappingNode, yaml.FlowStyle, "!!map", at)
	} else {
		n = q.node(yaml.SequenceNode, yaml.FlowStyle, "!!seq", at)
	}
	n.Content = make([]*yaml.Node, 0, 8)
	at = q.pastSpaces(at + 1)
	if at < q.end && q.data[at] == closing {
		n.Content = nil
		return n, at + 1
	}
	for q.ok {
		if closing == '}' {
			colon := 0
			if at < q.end && isLetter(q.data[at]) {
				colon = q.keyEnd(at)
			}
			if colon == 0 {
				return q.fail(), 0
			}
			n.Content = append(n.Content, q.scalar(at, colon))
			at = q.pastSpaces(colon + 1)
		}
		var item *yaml.Node
		item, at = q.flowValue(at)
		n.Content = append(n.Content, item)
		if at = q.pastSpaces(at); !q.ok || at >= q.end {
			return q.fail(), 0
		}
		switch q.data[at] {
		case closing:
			return n, at + 1
		case ',':
			at = q.pastSpaces(at + 1)
		default:
			return q.fail(), 0
		}
	}
	return nil, 0
}

// flowValue reads a value within brackets and returns the offset after it.
func (q *quick) flowValue(at int) (*yaml.Node, int) {
	if at >= q.end {
		return q.fail(), 0
	}
	switch b := q.data[at]; {
	case b == '{' || b == '[':
		return q.flow(at)
	case b == '"' || b == '\'':
		return q.quoted(at)
	case !isLetter(b) && !isDigit(b):
		return q.fail(), 0
	}
	to := at
	for i := at; i < q.end; i++ {
		switch b := q.data[i]; {
		case b == ',' || b == ']' || b == '}':
			return q.scalar(at, to), i
		case isWord(b) || b == '.' || b == '/' || b == '%':
			to = i + 1
		case b != ' ':
			return q.fail(), 0
		}
	}
	return q.fail(), 0
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isWord(b byte) bool   { return isLetter(b) || isDigit(b) || b == '_' || b == '-' }
