package yamlfile

import (
	"bytes"
	"unicode/utf8"
)

// A text that is JSON is cut between the items of its list, too. JSON is far more
// regular than YAML: its brackets and quotes show where an item ends, wherever line
// breaks stand. What isn't JSON letter for letter is left to the other ways.

// findFlowList finds the list of a text that is a mapping as JSON, and cuts it into pieces
// of about size bytes. It returns nil when the text must be read otherwise.
func findFlowList(data []byte, size int, key string) *list {
	f := flowFinder{data: data, size: size, key: key}
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		f.at = len(byteOrderMark)
		f.counted = f.at
	}
	f.space()
	if f.at == len(data) || data[f.at] != '{' || hasLoneReturn(data) || hasEnd(data) || behind(data, 0) < len(data) {
		return nil
	}
	if !f.find() || f.list.pieces == nil {
		return nil
	}
	return &f.list
}

// maxFlowDepth is less deep than the parser follows values.
const maxFlowDepth = maxDepth - 10

// A flowFinder goes through the characters of a JSON text.
type flowFinder struct {
	data []byte
	size int
	key  string
	at   int

	depth int
	last  byte // the last character that is neither blank nor within a scalar; '"' after a text
	keyed int  // one more than the offset of the key of the list, once it was seen
	keyAt int  // the offset of the key just read, at the top level
	list  list
	from  int // where the piece at hand starts; 0 outside of the list
	items int // of the piece at hand so far, at least

	counted       int // up to here lines and columns are counted
	lines, column uint32
}

// count counts the lines and the columns up to an offset.
func (f *flowFinder) count(to int) {
	text := f.data[f.counted:to]
	if n := bytes.Count(text, []byte{'\n'}); n > 0 {
		f.lines += uint32(n)
		f.column = 0
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	f.column += uint32(utf8.RuneCount(text))
	f.counted = to
}

// find goes through the text and reports whether it is what it looks like.
func (f *flowFinder) find() bool {
	for f.at < len(f.data) {
		b := f.data[f.at]
		switch {
		case isSpace(b):
			f.at++
			continue
		case b == '"':
			if !f.text() {
				return false
			}
			continue
		case b == '{' || b == '[':
			if !f.open(b) {
				return false
			}
		case b == '}' || b == ']':
			if !f.closes() {
				return false
			}
			if f.depth == 0 {
				f.at++
				f.space()
				return f.at == len(f.data)
			}
		case b == ',':
			f.comma()
		case b == ':':
		case isWord(b) || b == '.' || b == '+':
			if f.last == '"' || f.last == '}' || f.last == ']' {
				return false
			}
			b = 'a'
		default:
			return false
		}
		f.last = b
		f.at++
	}
	return false
}

func (f *flowFinder) space() {
	for f.at < len(f.data) && isSpace(f.data[f.at]) {
		f.at++
	}
}

// text steps over a text in quotes on one line.
func (f *flowFinder) text() bool {
	if f.last != '{' && f.last != '[' && f.last != ',' && f.last != ':' {
		return false
	}
	from := f.at + 1
	for i := from; i < len(f.data); i++ {
		switch f.data[i] {
		case '\\':
			i++
		case '\n', '\r':
			return false
		case '"':
			if f.depth == 1 && f.last != ':' {
				f.keyAt = f.at
				if string(f.data[from:i]) == f.key {
					if f.keyed != 0 {
						return false
					}
					f.keyed = f.at + 1
				}
			}
			f.at, f.last = i+1, '"'
			return true
		}
	}
	return false
}

func (f *flowFinder) open(b byte) bool {
	if f.last == '"' || f.last == 'a' || f.last == '}' || f.last == ']' {
		return false
	}
	f.depth++
	if f.depth == 2 && f.keyAt == f.keyed-1 && f.list.pieces == nil {
		if b != '[' || f.last != ':' {
			return false
		}
		f.count(f.at + 1)
		f.list.flow, f.list.key, f.list.colon, f.list.keyLine = true, f.keyAt, f.at+1, f.lines+1
		f.list.column = f.column
		f.from = f.at + 1
		f.list.pieces = []piece{}
	}
	return f.depth <= maxFlowDepth
}

// closes ends a collection. Which of the two brackets it is, is for the parser to see.
func (f *flowFinder) closes() bool {
	if f.depth == 2 && f.from != 0 {
		f.cut(f.at)
		f.from = 0
		f.count(f.at)
		f.list.to, f.list.lines = f.at, f.lines+1-f.list.keyLine
		f.list.shift = int64(f.column) - int64(f.list.column)
	}
	f.depth--
	return f.depth >= 0
}

// comma cuts between items.
func (f *flowFinder) comma() {
	if f.depth != 2 || f.from == 0 {
		return
	}
	if f.items++; f.at+1-f.from >= f.size {
		f.cut(f.at + 1)
		f.from = f.at + 1
	}
}

// cut ends the piece at hand.
func (f *flowFinder) cut(to int) {
	p := piece{from: f.from, to: to, items: max(f.items, 1)}
	f.items = 0
	f.count(f.from)
	p.above, p.column = f.lines, f.column
	f.list.pieces = append(f.list.pieces, p)
}
