package yamlfile

import (
	"strings"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// What is written as most people write it is read directly: the keys of a table are looked up
// in the text, and their values parsed where they stand. Only a value of a row that can't do
// that becomes nodes. Whatever is at fault or unusual (a key that is unknown or given twice, a
// value that is none of its kind, a merge key, an anchor) gives it up: then the mapping is read
// anew as nodes, by which findings are told. So nothing here makes a finding, and a table reads
// the same either way.

// A direct is the state of a parser that reads directly.
type direct struct {
	text  *text
	key   key      // read last
	got   scalar   // read last
	last  diag.Pos // where the value read last ends
	hand  atHand
	items items // of the list at hand

	noAnchors, noAliases bool // give up at one: reading may start over, or is out of order

	// Of a line that isn't ASCII: how many characters stand before an offset of it.
	lineStart, counted int
	characters         uint32
}

// A spot is a place that reading can go back to.
type spot struct {
	i, bol int
	line   uint32
}

func (p *parser) spot() spot { return spot{p.i, p.bol, p.line} }

func (p *parser) goBack(to spot) {
	p.i, p.bol, p.line = to.i, to.bol, to.line
	p.failed, p.ahead, p.depth, p.open = false, false, 0, p.open[:0]
}

// A site says how a value stands in what is around it. In brackets, the other fields mean
// nothing.
type site struct {
	flow   bool
	inline bool // it is on the line of its key, where no collection in a block may start
	indent int  // of the mapping or list around it
}

// An atHand is a mapping that the parser has arrived at and not read.
type atHand struct {
	parser *parser
	site
	findings int // of the walker, before it
}

// settled goes to what follows a mapping that was read, and reports whether it can.
func (h *atHand) settled() bool {
	p := h.parser
	switch {
	case p.failed || len(p.walker.findings) > h.findings:
		return false
	case h.flow:
		p.skip(false)
		return !p.failed && (p.i >= p.end || p.s[p.i] == ',')
	}
	p.goOn()
	return !p.failed && (p.i >= p.end || p.column() <= h.indent)
}

// place returns the place of an offset on the line at hand.
func (p *parser) place(at int) diag.Pos {
	t := p.direct.text
	if t.marks != nil {
		return t.pos(at)
	}
	column := uint32(at - p.bol)
	if !t.ascii {
		column = p.direct.charactersTo(p.s, p.bol, at)
	}
	if p.line == 1 {
		column += t.lead
	}
	return diag.Pos{Line: t.above + p.line, Column: column + 1}
}

// charactersTo counts the characters of a line from its start to an offset.
func (d *direct) charactersTo(s string, lineStart, at int) uint32 {
	if d.lineStart != lineStart || at < d.counted {
		d.lineStart, d.counted, d.characters = lineStart, lineStart, 0
	}
	d.characters += uint32(utf8.RuneCountInString(s[d.counted:at]))
	d.counted = at
	return d.characters
}

// take reads the mapping at hand into to. It reports false when it takes nodes to read it:
// what to holds then means nothing, and neither does the place of the parser.
func (m *Table[T]) take(p *parser, in site, to *T) bool {
	if p.i >= p.end {
		return false
	}
	var start diag.Pos
	var given uint64
	var ok bool
	switch {
	case p.s[p.i] == '{':
		start = p.place(p.i)
		given, ok = m.takeFlow(p, to)
	case !in.flow && !in.inline:
		start = p.place(p.i)
		given, ok = m.takeBlock(p, to)
	}
	if !ok || given&m.required != m.required {
		return false
	}
	if m.place != nil {
		*m.place(to) = diag.Range{Start: start, End: p.direct.last}
	}
	return true
}

// takeBlock reads the pairs of a mapping in a block, and returns which keys it has read.
func (m *Table[T]) takeBlock(p *parser, to *T) (given uint64, ok bool) {
	column := p.column()
	ignored := ignored{}
	for {
		if !m.takeEntry(p, site{indent: column}, &given, &ignored, to) {
			return given, false
		}
		if p.i >= p.end || p.column() < column {
			p.ahead = true
			return given, true
		}
		if p.column() > column || p.isDash() {
			return given, false
		}
	}
}

// takeEntry reads a pair from its key on, and adds its row to those that are given.
func (m *Table[T]) takeEntry(p *parser, in site, given *uint64, ignored *ignored, to *T) bool {
	if !p.takeKey(in.flow) {
		return false
	}
	key := p.direct.key.text
	p.i++ // the colon
	at, known := m.find(key)
	switch {
	case !known:
		return ignored.add(key) && p.takeNode(in, nil)
	case *given&(1<<at) != 0:
		return false
	}
	*given |= 1 << at
	if in.flow {
		return m.takeFlowPair(p, at, to)
	}
	return m.takePair(p, at, in.indent, to)
}

// takePair reads the value of a row after its colon, and goes on.
func (m *Table[T]) takePair(p *parser, at, column int, to *T) bool {
	row := &m.rows[at]
	colon := p.spot()
	in := site{inline: !p.skip(true), indent: column}
	switch {
	case p.failed || p.i >= p.end:
		return false
	case !in.inline && p.column() <= column && (p.column() < column || !p.isDash()):
		return false // nothing is written
	}
	if b := p.s[p.i]; row.take == nil || b == '*' || b == '!' || b == '&' || row.later && (in.inline || !p.isDash()) {
		p.goBack(colon)
		return p.takeNode(site{indent: column}, func(v Value) { row.Read(&p.walker, v, to) })
	}
	p.ahead = false
	if !row.take(p, in, to) {
		return false
	}
	p.goOn()
	return !p.failed
}

// takeFlow reads the pairs of a mapping in braces, and returns which keys it has read.
func (m *Table[T]) takeFlow(p *parser, to *T) (given uint64, ok bool) {
	p.i++
	ignored := ignored{}
	for {
		if p.skip(false); p.failed || p.i >= p.end {
			return given, false
		}
		if p.s[p.i] == '}' {
			p.i++
			p.direct.last = p.place(p.i)
			return given, true
		}
		if !m.takeEntry(p, site{flow: true}, &given, &ignored, to) || !p.comma('}') {
			return given, false
		}
	}
}

// takeFlowPair reads the value of a row after its colon in braces.
func (m *Table[T]) takeFlowPair(p *parser, at int, to *T) bool {
	row := &m.rows[at]
	colon := p.spot()
	if p.skip(false); p.failed || p.i >= p.end {
		return false
	}
	switch b := p.s[p.i]; {
	case b == ',' || b == '}':
		return false // nothing is written
	case row.take == nil || row.later || b == '*' || b == '!' || b == '&':
		p.goBack(colon)
		return p.takeNode(site{flow: true}, func(v Value) { row.Read(&p.walker, v, to) })
	}
	return row.take(p, site{flow: true}, to)
}

// comma steps over the comma after a value in brackets, and reports whether one follows, or
// the bracket that closes them, to which it goes.
func (p *parser) comma(closing byte) bool {
	if p.skip(false); p.failed || p.i >= p.end {
		return false
	}
	switch p.s[p.i] {
	case ',':
		p.i++
		return true
	case closing:
		return true
	}
	return false
}

// A key is a key of a mapping and where it stands.
type key struct {
	text string
	from int
	line uint32
	node *node // when it was needed to read it
}

// asNode returns the key as a node.
func (k *key) asNode(p *parser) *node {
	if k.node != nil {
		return k.node
	}
	n := p.newNode(scalarNode, plainStyle, k.from)
	n.line, n.value, n.to = k.line, k.text, uint32(k.from+len(k.text))
	return n
}

// takeKey reads a key, and goes to its colon. It reports false when there is none, or none
// that can be read directly.
func (p *parser) takeKey(flow bool) bool {
	k := &p.direct.key
	k.from, k.line, k.node = p.i, p.line, nil
	i := p.i
	for i < p.end && isWord(p.s[i]) {
		i++
	}
	if i > p.i && i < p.end && p.s[i] == ':' && p.ends(i+1) && isLetter(p.s[p.i]) && i-p.i <= 1000 {
		k.text = p.s[p.i:i]
		p.i = i
		return true
	}
	if to := p.quotedKey(flow); to > 0 {
		k.text = p.s[p.i+1 : to]
		p.i = to + 1
		return true
	}
	if flow {
		k.node = p.flowKey()
	} else {
		k.node = p.key()
	}
	if p.failed || k.node.props != nil || k.node.isMerge() {
		return false
	}
	k.text = k.node.value
	return true
}

// quotedKey returns where a key ends that is a word in double quotes, before a colon: 0 when none
// is at hand.
func (p *parser) quotedKey(flow bool) int {
	if p.s[p.i] != '"' {
		return 0
	}
	to := p.i + 1
	for to < p.end && isWord(p.s[to]) && to-p.i <= 1000 {
		to++
	}
	if p.at(to) == '"' && p.at(to+1) == ':' && (flow || p.ends(to+2)) {
		return to
	}
	return 0
}

// flowKey reads a key in braces as a node, and goes to its colon.
func (p *parser) flowKey() *node {
	n := p.flowValue(true)
	if p.failed {
		return nil
	}
	line := p.line
	p.skip(false)
	if p.failed || p.line != line || p.at(p.i) != ':' || n.kind != scalarNode || !p.ends(p.i+1) && !isQuoted(n) {
		return p.fail()
	}
	return n
}

// takeNode reads the value after the colon at hand as nodes, for which read is called unless
// it is nil, and in a block goes on.
func (p *parser) takeNode(in site, read func(Value)) bool {
	k := p.direct.key.asNode(p)
	var n *node
	if in.flow {
		n = p.flowPairValue()
	} else {
		n = p.pair(in.indent)
	}
	if p.failed {
		return false
	}
	if w := &p.walker; read != nil {
		v, ok := w.Follow(k, n)
		if !ok {
			return false
		}
		read(v)
		w.Leave(v)
	}
	p.direct.last = p.direct.text.node(n).End
	return true
}

// ignored are the keys of a mapping that start with x-, which no table knows.
type ignored struct {
	keys [8]string
	n    int
}

// add adds a key. It reports false when it can't be ignored.
func (g *ignored) add(key string) bool {
	if !strings.HasPrefix(key, "x-") || g.n == len(g.keys) {
		return false
	}
	for _, k := range g.keys[:g.n] {
		if k == key {
			return false
		}
	}
	g.keys[g.n] = key
	g.n++
	return true
}
