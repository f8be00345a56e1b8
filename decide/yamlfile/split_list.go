package yamlfile

import (
	"bytes"
	"slices"
)

// findList finds the list of a document under a key that can be cut into pieces of
// about size bytes. It returns nil when the document must be read in one.
func findList(data []byte, size int, key string) *list {
	f := listFinder{size: size, key: key}
	for at := 0; at < len(data); {
		next := len(data)
		if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
			next = at + n + 1
		}
		if !f.line(data[at:next], at, next) {
			return nil
		}
		at = next
	}
	if f.state == inList {
		f.end(len(data))
	}
	if f.state != afterList {
		return nil
	}
	for _, p := range f.list.pieces {
		if mayBeTooDeep(data[p.from:p.to]) {
			return nil
		}
	}
	return &f.list
}

// A listFinder goes through the lines of a document.
type listFinder struct {
	key    string // of the list
	size   int
	state  listState
	lines  uint32 // above the line at hand
	indent int    // of the items
	list   list
	piece  piece // the piece at hand
}

type listState uint8

const (
	beforeList listState = iota
	atList               // after its key, before its first item
	inList
	afterList
)

// line looks at a line between two offsets. It reports false when the document
// must be read in one.
func (f *listFinder) line(row []byte, at, next int) bool {
	indent, first := lead(row)
	ok := true
	if first != '\n' && first != '#' {
		ok = f.text(row, at, next, indent, first)
	}
	f.lines++
	return ok
}

func (f *listFinder) text(row []byte, at, next, indent int, first byte) bool {
	item := first == '-' && (indent+1 == len(row) || isSpace(row[indent+1]))
	switch f.state {
	case atList:
		if !item {
			return false
		}
		f.state, f.indent = inList, indent
		f.piece.items = 1
		return true
	case inList:
		switch {
		case indent > f.indent:
			return true
		case indent == f.indent && item:
			if at-f.piece.from >= f.size {
				f.cut(at)
			}
			f.piece.items++
			return true
		case indent > 0:
			return false
		}
		f.end(at)
	}
	// A key that is written in two lines, or a list, at the top level: leave
	// such documents alone.
	if indent == 0 && bytes.IndexByte([]byte("?:-\t"), first) >= 0 && !startsDocument(row) {
		return false
	}
	if colon := listKey(row, f.key); colon > 0 {
		if f.state == afterList {
			return false
		}
		f.state = atList
		f.list.key, f.list.colon, f.list.keyLine = at, at+colon, f.lines+1
		f.piece = piece{from: next, above: f.lines + 1}
	}
	return true
}

// cut ends the piece at hand and starts the next.
func (f *listFinder) cut(at int) {
	f.piece.to = at
	f.list.pieces = append(f.list.pieces, f.piece)
	f.piece = piece{from: at, above: f.lines}
}

// end ends the list.
func (f *listFinder) end(at int) {
	f.cut(at)
	f.list.to, f.list.lines = at, f.lines-f.list.keyLine
	f.state = afterList
}

// listKey returns where the colon stands in a line that is a top-level key with nothing
// but a comment after it; 0 in all other lines.
func listKey(row []byte, key string) int {
	quote := 0
	if len(row) > 0 && (row[0] == '"' || row[0] == '\'') {
		quote = 1
	}
	colon := len(key) + 2*quote
	if len(row) <= colon || string(row[quote:quote+len(key)]) != key || row[colon] != ':' || quote == 1 && row[colon-1] != row[0] {
		return 0
	}
	rest := row[colon+1:]
	if value := trimBlanks(rest); len(value) == 0 || value[0] == '#' && isSpace(rest[0]) {
		return colon
	}
	return 0
}

// mayBeTooDeep reports whether a piece may nest values so deeply that the YAML
// library refuses them in the whole text and not in the piece.
func mayBeTooDeep(data []byte) bool {
	const safe = 9_900 // the library refuses 10,000
	if len(data) < safe {
		return false
	}
	n := 0
	for _, opening := range []byte("[{-?") {
		n += bytes.Count(data, []byte{opening})
	}
	return n >= safe
}

// envelope returns a document without the items of its list, which is empty in
// it.
func (l *list) envelope(document []byte) []byte {
	if l.flow {
		return slices.Concat(document[:l.colon], document[l.to:])
	}
	return slices.Concat(document[:l.colon], []byte(": []\n"), document[l.to:])
}
