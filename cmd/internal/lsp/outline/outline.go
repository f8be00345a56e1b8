// Package outline reads the shape of a YAML text that somebody is typing: what stands
// where, whatever is wrong around it. It decides nothing about a manifest, and what it
// makes of text that is no YAML is a guess.
package outline

import (
	"bytes"
	"strings"
)

// A Kind says what a node is.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota // nothing at all, too
	Mapping
	List
)

// A Node is a value. From and To are offsets in the text, To behind its last character;
// they are equal for a value that was left out.
type Node struct {
	Kind     Kind
	From, To int
	Flow     bool   // in brackets or braces
	Text     string // of a scalar, without quotes
	Quote    byte   // of a scalar; 0 without quotes, '|' for a block of text
	Entries  []Entry
}

// An Entry is a pair of a mapping or an item of a list.
type Entry struct {
	Key      string // without quotes; "" for an item
	From, To int    // of the key with its quotes, or of the dash; equal for an item in brackets
	Bare     bool   // a word without a colon where a key should be, or an item without its dash
	Value    *Node  // never nil
}

// A Document is one of a text.
type Document struct {
	Index    int // as manifests count: empty ones count too
	From, To int
	Root     *Node // nil when it is empty
}

// Find returns the value of a key of a mapping, or nil.
func (n *Node) Find(key string) *Node {
	if e := n.Entry(key); e != nil {
		return e.Value
	}
	return nil
}

// Entry returns the pair of a mapping that has a key, or nil.
func (n *Node) Entry(key string) *Entry {
	if n == nil || n.Kind != Mapping {
		return nil
	}
	for i := range n.Entries {
		if e := &n.Entries[i]; e.Key == key && !e.Bare {
			return e
		}
	}
	return nil
}

// A line is one of the text that says something.
type line struct {
	start, at, end int // where it starts, its first character, and where it ends
}

func (l line) column() int { return l.at - l.start }

// maxDepth is how deep nodes are read. What lies deeper is taken for a scalar.
const maxDepth = 64

// A parser reads one document.
type parser struct {
	text  []byte
	lines []line // in order; without blank ones and comments
	to    int    // where the document ends
	at    int    // the line to read next
	depth int

	// unclosed says that a bracket was never closed. From then on one ends where a key
	// stands that is indented less.
	unclosed bool
}

// Read returns the documents of a text.
func Read(text []byte) []Document {
	var docs []Document
	p := &parser{text: text}
	from, index := 0, 0
	finish := func(to int) {
		d := Document{Index: index, From: from, To: to}
		if len(p.lines) > 0 {
			p.at, p.depth, p.unclosed, p.to = 0, 0, false, to
			d.Root = p.node(-1, p.lines[0].at)
		}
		docs = append(docs, d)
		p.lines = p.lines[:0]
	}
	started := false // something stands before the next marker
	for start := 0; start < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		next := end + 1
		row := bytes.TrimRight(text[start:end], "\r")
		l := line{start: start, at: start, end: start + len(row)}
		switch {
		case isMarker(row, "---"):
			if started {
				finish(start)
				index, from = index+1, start
			}
			started = true
			l.at = l.start + 3 // what follows on the line belongs to the document
			p.add(l)
		case isMarker(row, "..."), len(row) > 0 && row[0] == '%':
		default:
			if p.add(l) {
				started = true
			}
		}
		start = next
	}
	finish(len(text))
	return docs
}

func isMarker(row []byte, marker string) bool {
	return bytes.HasPrefix(row, []byte(marker)) && (len(row) == 3 || row[3] == ' ' || row[3] == '\t')
}

// add takes in a line that says something.
func (p *parser) add(l line) bool {
	if l.start == 0 && l.at == 0 && bytes.HasPrefix(p.text, []byte("\xef\xbb\xbf")) {
		l.start, l.at = 3, 3
	}
	for l.at < l.end && (p.text[l.at] == ' ' || p.text[l.at] == '\t') {
		l.at++
	}
	if l.at >= l.end {
		return false
	}
	p.lines = append(p.lines, l) // a comment may be text of a block; others skip it
	return p.text[l.at] != '#'
}

// skip passes over comments and returns the line to read next, or false at the end.
func (p *parser) skip() (line, bool) {
	for p.at < len(p.lines) && p.text[p.lines[p.at].at] == '#' {
		p.at++
	}
	if p.at == len(p.lines) {
		return line{}, false
	}
	return p.lines[p.at], true
}

// node reads the value that starts at an offset of the line at hand, and belongs to
// something indented by parent columns. It passes over all of its lines.
func (p *parser) node(parent, at int) *Node {
	l, ok := p.skip()
	if !ok {
		return &Node{From: p.to, To: p.to}
	}
	at = max(at, l.at)
	p.depth++
	defer func() { p.depth-- }()
	switch c := p.text[at]; {
	case p.depth > maxDepth:
		return p.scalar(parent, at)
	case p.isDash(at, l.end):
		return p.list(at - l.start)
	case c == '{' || c == '[':
		if n, after := p.flow(parent, at); !p.isColon(after, l.end) {
			p.pass(n.To)
			return n
		}
	}
	if _, _, ok := p.key(at, l.end); ok {
		return p.mapping(at - l.start)
	}
	return p.scalar(parent, at)
}

// pass goes on behind the line that holds the character before an offset.
func (p *parser) pass(to int) {
	for p.at < len(p.lines) && p.lines[p.at].start < to {
		p.at++
	}
}

func (p *parser) isDash(at, end int) bool {
	return p.text[at] == '-' && (at+1 >= end || p.text[at+1] == ' ' || p.text[at+1] == '\t')
}

// isColon reports whether only blanks stand before a colon that ends a key.
func (p *parser) isColon(at, end int) bool {
	for at < end && p.text[at] == ' ' {
		at++
	}
	return at < end && p.text[at] == ':' && (at+1 == end || p.text[at+1] == ' ' || p.text[at+1] == '\t')
}

// key returns where the key at an offset ends, and the offset behind its colon.
func (p *parser) key(at, end int) (to, after int, ok bool) {
	if c := p.text[at]; c == '"' || c == '\'' {
		to, closed := p.quoted(at, end)
		if !closed || !p.isColon(to, end) {
			return 0, 0, false
		}
		return to, to + bytes.IndexByte(p.text[to:end], ':') + 1, true
	}
	for i := at; i < end; i++ {
		switch p.text[i] {
		case ':':
			if i+1 == end || p.text[i+1] == ' ' || p.text[i+1] == '\t' {
				return at + len(bytes.TrimRight(p.text[at:i], " \t")), i + 1, true
			}
		case '#':
			if i > at && p.text[i-1] == ' ' {
				return 0, 0, false
			}
		}
	}
	return 0, 0, false
}

// quoted returns where a text in quotes ends, and whether it is closed before end.
func (p *parser) quoted(at, end int) (to int, closed bool) {
	q := p.text[at]
	for i := at + 1; i < end; i++ {
		switch {
		case q == '"' && p.text[i] == '\\':
			i++
		case p.text[i] != q:
		case q == '\'' && i+1 < end && p.text[i+1] == q:
			i++
		default:
			return i + 1, true
		}
	}
	return end, false
}

// mapping reads the pairs that stand at a column.
func (p *parser) mapping(column int) *Node {
	first := p.lines[p.at]
	n := &Node{Kind: Mapping, From: first.start + column, To: first.start + column}
	for at := n.From; ; {
		l := p.lines[p.at]
		to, after, isKey := p.key(at, l.end)
		e := Entry{From: at}
		if isKey {
			e.Key, e.To = unquoted(p.text[at:to]), to
			e.Value = p.value(column, after, l)
			n.To = max(after, e.Value.To)
		} else {
			e.Bare, e.To = true, p.plainEnd(at, l.end)
			e.Key = string(p.text[at:e.To])
			e.Value = &Node{From: e.To, To: e.To}
			n.To = e.To
			p.at++
		}
		n.Entries = append(n.Entries, e)
		next, ok := p.deeper(column)
		if !ok || next.column() != column || p.isDash(next.at, next.end) {
			return n
		}
		at = next.at
	}
}

// deeper passes over lines that are indented more than a column, and returns the next.
func (p *parser) deeper(column int) (line, bool) {
	for {
		l, ok := p.skip()
		if !ok || l.column() <= column {
			return l, ok
		}
		p.at++
	}
}

// value reads the value of a key at a column, from behind its colon on.
func (p *parser) value(column, after int, l line) *Node {
	at := p.content(after, l.end)
	if at < l.end {
		if c := p.text[at]; c == '|' || c == '>' {
			return p.block(column, at, l)
		}
		return p.inline(column, at)
	}
	p.at++
	next, ok := p.skip()
	switch {
	case ok && next.column() > column, ok && next.column() == column && p.isDash(next.at, next.end):
		return p.node(column, next.at)
	}
	end := min(after+1, l.end)
	return &Node{From: end, To: end}
}

// content passes over blanks, an anchor and a tag.
func (p *parser) content(at, end int) int {
	for {
		for at < end && (p.text[at] == ' ' || p.text[at] == '\t') {
			at++
		}
		switch {
		case at < end && p.text[at] == '#' && p.text[at-1] == ' ':
			return end
		case at < end && (p.text[at] == '&' || p.text[at] == '!'):
			for at < end && p.text[at] != ' ' {
				at++
			}
		default:
			return at
		}
	}
}

// inline reads a value on the line of its key.
func (p *parser) inline(column, at int) *Node {
	if c := p.text[at]; (c == '{' || c == '[') && p.depth < maxDepth {
		n, _ := p.flow(column, at)
		p.pass(n.To)
		return n
	}
	return p.scalar(column, at)
}

// block reads a block of text.
func (p *parser) block(column, at int, l line) *Node {
	n := &Node{From: at, To: l.end, Quote: '|'}
	for p.at++; p.at < len(p.lines) && p.lines[p.at].column() > column; p.at++ {
		n.To = p.lines[p.at].end
	}
	n.Text = string(p.text[min(l.end, n.To):n.To])
	return n
}

// scalar reads a text, in quotes or plain, that goes on over lines indented by more than
// parent columns.
func (p *parser) scalar(parent, at int) *Node {
	l := p.lines[p.at]
	if c := p.text[at]; c == '"' || c == '\'' {
		to, closed := p.quoted(at, l.end)
		for k := p.at + 1; !closed && k < len(p.lines) && p.lines[k].column() > parent; k++ {
			to, closed = p.quoted(at, p.lines[k].end)
		}
		if !closed {
			to = l.end
		}
		p.pass(to)
		return &Node{From: at, To: to, Text: unquoted(p.text[at:to]), Quote: c}
	}
	n := &Node{From: at, To: p.plainEnd(at, l.end)}
	for p.at++; p.at < len(p.lines); p.at++ {
		next := p.lines[p.at]
		if _, _, isKey := p.key(next.at, next.end); isKey || next.column() <= parent || p.text[next.at] == '#' || p.isDash(next.at, next.end) {
			break
		}
		n.To = p.plainEnd(next.at, next.end)
	}
	n.Text = strings.Join(strings.Fields(string(p.text[n.From:n.To])), " ")
	return n
}

// plainEnd returns where a text without quotes ends: before a comment.
func (p *parser) plainEnd(at, end int) int {
	if i := bytes.Index(p.text[at:end], []byte(" #")); i >= 0 {
		end = at + i
	}
	return at + len(bytes.TrimRight(p.text[at:end], " \t"))
}

// list reads the items whose dashes stand at a column.
func (p *parser) list(column int) *Node {
	n := &Node{Kind: List, From: p.lines[p.at].start + column}
	for at := n.From; ; {
		l := p.lines[p.at]
		e := Entry{From: at, To: at + 1}
		if !p.isDash(at, l.end) {
			e.Bare, e.To = true, at
			e.Value = p.scalar(column, at)
		} else if from := p.content(at+1, l.end); from < l.end {
			if c := p.text[from]; c == '|' || c == '>' {
				e.Value = p.block(column, from, l)
			} else {
				e.Value = p.node(column, from)
			}
		} else {
			p.at++
			if next, ok := p.skip(); ok && next.column() > column {
				e.Value = p.node(column, next.at)
			} else {
				end := min(at+2, l.end)
				e.Value = &Node{From: end, To: end}
			}
		}
		n.Entries = append(n.Entries, e)
		n.To = max(e.To, e.Value.To)
		next, ok := p.deeper(column)
		if !ok || next.column() != column {
			return n
		}
		if _, _, isKey := p.key(next.at, next.end); isKey && !p.isDash(next.at, next.end) {
			return n
		}
		at = next.at
	}
}

// unquoted returns the text of a scalar without its quotes and the simplest escapes.
func unquoted(text []byte) string {
	if len(text) < 1 || text[0] != '"' && text[0] != '\'' {
		return string(text)
	}
	q := string(text[:1])
	inner := strings.TrimSuffix(string(text[1:]), q)
	if q == "'" {
		return strings.ReplaceAll(inner, "''", "'")
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, "/").Replace(inner)
}
