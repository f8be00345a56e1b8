package yamlfile

// block reads a value in a block that is indented deeper than indent. On the
// line of its parent it may be a collection in a block only after a dash.
func (p *parser) block(indent int, collections bool) *node {
	if p.depth++; p.depth > maxDepth {
		return p.fail()
	}
	defer func() { p.depth-- }()
	start, startLine := p.i, p.line
	var props *properties
	for p.at(p.i) == '&' || p.at(p.i) == '!' {
		if props = p.property(props); p.failed {
			return nil
		}
		if p.skip(true) {
			if p.column() <= indent {
				return p.fail() // they belong to nothing
			}
			return p.blockAfter(props, indent)
		}
		if p.failed {
			return nil
		}
	}
	return p.content(props, indent, start, startLine, collections)
}

// blockAfter reads a value whose properties stand on a line above it.
func (p *parser) blockAfter(props *properties, indent int) *node {
	n := p.nodes.new()
	p.define(props, n)
	got := p.block(indent, true)
	if p.failed || got.props != nil || got.kind == aliasNode {
		return p.fail()
	}
	*n = *got
	n.props, n.next = props, nil
	return n
}

// content reads a value after its properties, which are on its line and start at
// start.
func (p *parser) content(props *properties, indent, start int, startLine uint32, collections bool) *node {
	if p.ahead = false; p.i >= p.end {
		return p.fail()
	}
	line := p.line
	column := start - p.bol
	b := p.s[p.i]
	if b == '-' && p.ends(p.i+1) {
		if props != nil || !collections {
			return p.fail()
		}
		return p.list(p.column(), indent)
	}
	var n *node
	switch b {
	case '[', '{':
		n = p.anchoredFlow(props)
	case '"':
		n = p.double()
	case '\'':
		n = p.single()
	case '|', '>':
		n = p.text(indent)
		return p.finish(n, props)
	case '*':
		if props != nil {
			return p.fail()
		}
		n = p.alias()
	case '?':
		if p.ends(p.i + 1) {
			return p.fail()
		}
		n = p.plainLine(false)
	case '%', '@', '`', ',', ']', '}', '&', '!', '#':
		return p.fail()
	case ':':
		if p.ends(p.i + 1) {
			return p.fail()
		}
		n = p.plainLine(false)
	default:
		n = p.plainLine(false)
	}
	if p.failed {
		return nil
	}
	if p.isColon() {
		if !collections || p.line != line || n.kind == mappingNode || n.kind == listNode || n.kind == aliasNode || p.i-start > 1000 {
			return p.fail()
		}
		p.finish(n, props)
		if line != startLine {
			return p.fail()
		}
		return p.mapping(n, column, start, line)
	}
	if n.style == plainStyle && n.kind == scalarNode {
		p.plainMore(n, indent, false)
	}
	return p.finish(n, props)
}

// mapping reads the pairs at a column, after the first key.
func (p *parser) mapping(key *node, column, start int, line uint32) *node {
	m := p.newNode(mappingNode, blockStyle, start)
	m.line = line
	m.first = key
	for {
		m.count += 2
		p.i++ // the colon
		value := p.pair(column)
		if p.failed {
			return nil
		}
		key.next = value
		if m.to = value.to; value.isEmpty() {
			m.to = value.from
		}
		if p.i >= p.end || p.column() < column {
			p.ahead = true
			return m
		}
		if p.column() > column || p.isDash() {
			return p.fail()
		}
		if key = p.key(); p.failed {
			return nil
		}
		value.next = key
	}
}

// key reads a key up to its colon.
func (p *parser) key() *node {
	start, line := p.i, p.line
	var props *properties
	for p.at(p.i) == '&' || p.at(p.i) == '!' {
		if props = p.property(props); p.failed {
			return nil
		}
		p.blanks()
	}
	var n *node
	switch p.at(p.i) {
	case '"':
		n = p.double()
	case '\'':
		n = p.single()
	case '[', '{', '*', '|', '>', '%', '@', '`', ',', ']', '}', '&', '!', '#', '\n', '\r':
		return p.fail()
	case '?', ':', '-':
		if p.ends(p.i + 1) {
			return p.fail()
		}
		n = p.plainLine(false)
	default:
		n = p.plainLine(false)
	}
	if p.failed || !p.isColon() || p.line != line || p.i-start > 1000 {
		return p.fail()
	}
	return p.finish(n, props)
}

// pair reads the value after a colon, and goes to the content after it.
func (p *parser) pair(column int) *node {
	colon := p.i
	if !p.skip(true) {
		n := p.block(column, false)
		p.goOn()
		return n
	}
	switch {
	case p.failed:
		return nil
	case p.i < p.end && p.column() > column:
		n := p.block(column, true)
		p.goOn()
		return n
	case p.column() == column && p.isDash():
		return p.list(column, column)
	}
	return p.empty(colon)
}

// goOn goes to the content of the next line after a value.
func (p *parser) goOn() {
	if !p.failed && !p.ahead && !p.skip(true) {
		p.fail()
	}
}

// list reads the items whose dashes are at a column. A list may be no deeper
// than the mapping that it is in: then it ends at the next key.
func (p *parser) list(column, indent int) *node {
	l := p.newNode(listNode, blockStyle, p.i)
	var last *node
	for {
		item := p.item(column)
		if p.failed {
			return nil
		}
		l.count++
		last = l.link(last, item)
		l.to = item.to
		switch {
		case p.i >= p.end || p.column() < column:
			p.ahead = true
			return l
		case p.column() > column:
			return p.fail()
		case !p.isDash():
			if column == indent {
				p.ahead = true
				return l
			}
			return p.fail()
		}
	}
}

// isDash reports whether a dash that starts an item is at hand.
func (p *parser) isDash() bool { return p.at(p.i) == '-' && p.ends(p.i+1) }

// item reads an item from its dash on, and goes to the content after it.
func (p *parser) item(column int) *node {
	dash := p.i + 1
	full := p.dash(column)
	switch {
	case p.failed:
		return nil
	case !full:
		return p.empty(dash)
	}
	n := p.block(column, true)
	p.goOn()
	return n
}

// dash steps over a dash and goes to its item. It reports false when nothing is written.
func (p *parser) dash(column int) (full bool) {
	p.i++
	dash := p.i
	for p.i < p.end && p.s[p.i] == ' ' {
		p.i++
	}
	if p.at(p.i) == '\t' {
		p.fail() // YAML 1.2 allows it, but not before a collection
		return false
	}
	if p.at(p.i) == '#' && p.i == dash {
		p.fail()
		return false
	}
	if p.at(p.i) == '#' {
		p.i--
	}
	crossed := p.skip(true)
	return p.i < p.end && (!crossed || p.column() > column)
}
