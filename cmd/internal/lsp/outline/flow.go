package outline

import "bytes"

// flow reads what stands in brackets or braces from an offset on, and belongs to
// something at a column. It returns the offset behind it.
func (p *parser) flow(column, at int) (n *Node, after int) {
	limit := len(p.text)
	if len(p.lines) > 0 {
		limit = p.lines[len(p.lines)-1].end
	}
	if !p.unclosed && !p.closes(at, limit) {
		p.unclosed = true
	}
	if p.unclosed {
		limit = p.ends(column, at, limit)
	}
	f := &flowReader{text: p.text[:limit], at: at}
	n = f.node(0)
	return n, n.To
}

// closes reports whether the bracket at an offset is closed before a limit.
func (p *parser) closes(at, limit int) bool {
	f := &flowReader{text: p.text[:limit], at: at}
	depth := 0
	for f.at < limit {
		switch c := p.text[f.at]; {
		case c == '{' || c == '[':
			depth++
			f.at++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return true
			}
			f.at++
		case f.startsQuote():
			f.quote()
		case f.isComment():
			f.comment()
		default:
			f.at++
		}
	}
	return false
}

// ends returns where a bracket that isn't closed ends: before the line that looks like
// the next key or item of what it stands in.
func (p *parser) ends(column, at, limit int) int {
	for i, l := range p.lines[p.at:] {
		if i == 0 || l.start <= at {
			continue
		}
		if _, _, isKey := p.key(l.at, l.end); l.column() <= max(column, 0) && (isKey || p.isDash(l.at, l.end)) {
			return p.lines[p.at+i-1].end
		}
	}
	return limit
}

// A flowReader reads a text in brackets.
type flowReader struct {
	text []byte
	at   int
}

func (f *flowReader) isComment() bool {
	return f.text[f.at] == '#' && f.at > 0 && bytes.IndexByte([]byte(" \t\n"), f.text[f.at-1]) >= 0
}

func (f *flowReader) comment() {
	for f.at < len(f.text) && f.text[f.at] != '\n' {
		f.at++
	}
}

// startsQuote reports whether a text in quotes starts here: a quote inside a word is a
// character of it.
func (f *flowReader) startsQuote() bool {
	c := f.text[f.at]
	return (c == '"' || c == '\'') && (f.at == 0 || bytes.IndexByte([]byte(" \t\n\r[{,:"), f.text[f.at-1]) >= 0)
}

// quote passes over a text in quotes. One that isn't closed ends with its line.
func (f *flowReader) quote() {
	p := parser{text: f.text}
	to, closed := p.quoted(f.at, len(f.text))
	if !closed {
		if to = bytes.IndexByte(f.text[f.at:], '\n'); to < 0 {
			to = len(f.text)
		} else {
			to += f.at
		}
	}
	f.at = to
}

// blanks passes over blanks, comments, anchors and tags.
func (f *flowReader) blanks() {
	for f.at < len(f.text) {
		switch c := f.text[f.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			f.at++
		case f.isComment():
			f.comment()
		case c == '&' || c == '!':
			for f.at < len(f.text) && bytes.IndexByte([]byte(" \t\r\n,[]{}"), f.text[f.at]) < 0 {
				f.at++
			}
		default:
			return
		}
	}
}

// node reads a value.
func (f *flowReader) node(depth int) *Node {
	f.blanks()
	if f.at >= len(f.text) || depth > maxDepth {
		return &Node{From: f.at, To: f.at}
	}
	switch f.text[f.at] {
	case '{':
		return f.collection(depth, Mapping, '}')
	case '[':
		return f.collection(depth, List, ']')
	}
	return f.scalar()
}

func (f *flowReader) scalar() *Node {
	n := &Node{From: f.at}
	if f.startsQuote() {
		n.Quote = f.text[f.at]
		f.quote()
		n.To = f.at
		n.Text = unquoted(f.text[n.From:n.To])
		return n
	}
	for f.at < len(f.text) && !f.endsPlain() {
		f.at++
	}
	n.To = n.From + len(bytes.TrimRight(f.text[n.From:f.at], " \t\r\n"))
	n.Text = string(f.text[n.From:n.To])
	return n
}

// endsPlain reports whether a text without quotes ends here.
func (f *flowReader) endsPlain() bool {
	switch c := f.text[f.at]; c {
	case ',', '[', ']', '{', '}', '\n':
		return true
	case ':':
		return f.at+1 >= len(f.text) || bytes.IndexByte([]byte(" \t\r\n,[]{}"), f.text[f.at+1]) >= 0
	}
	return f.isComment()
}

// collection reads a mapping or a list up to its bracket.
func (f *flowReader) collection(depth int, kind Kind, closing byte) *Node {
	n := &Node{Kind: kind, From: f.at, Flow: true}
	for f.at++; ; {
		f.blanks()
		n.To = f.at
		if f.at >= len(f.text) {
			return n
		}
		switch c := f.text[f.at]; {
		case c == closing:
			f.at++
			n.To = f.at
			return n
		case c == '}' || c == ']':
			return n // the bracket of something around it
		case c == ',':
			f.at++
			continue
		}
		before := f.at
		n.Entries = append(n.Entries, f.entry(depth, kind))
		n.To = f.at
		if f.at == before {
			f.at++ // a colon where nothing should be
		}
	}
}

// entry reads a pair or an item.
func (f *flowReader) entry(depth int, kind Kind) Entry {
	if kind == List {
		e := Entry{From: f.at, To: f.at}
		e.Value = f.node(depth + 1)
		return e
	}
	key := f.scalar()
	e := Entry{Key: key.Text, From: key.From, To: key.To}
	f.spaces()
	if f.at >= len(f.text) || f.text[f.at] != ':' {
		e.Bare = true
		e.Value = &Node{From: key.To, To: key.To}
		if f.at < len(f.text) && (f.text[f.at] == '{' || f.text[f.at] == '[') {
			e.Value = f.node(depth + 1)
		}
		return e
	}
	f.at++
	colon := f.at
	f.spaces()
	if f.at >= len(f.text) || bytes.IndexByte([]byte(",]}\n"), f.text[f.at]) >= 0 {
		at := min(colon+1, f.at)
		e.Value = &Node{From: at, To: at}
		if f.at < len(f.text) && f.text[f.at] == '\n' {
			f.blanks()
			if f.at < len(f.text) && bytes.IndexByte([]byte(",]}"), f.text[f.at]) < 0 {
				e.Value = f.node(depth + 1)
			}
		}
		return e
	}
	e.Value = f.node(depth + 1)
	return e
}

func (f *flowReader) spaces() {
	for f.at < len(f.text) && (f.text[f.at] == ' ' || f.text[f.at] == '\t') {
		f.at++
	}
}
