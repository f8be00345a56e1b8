package yamlfile

import (
	"bytes"
	"strings"
)

// items are the items of a list that is still to be read: each in its turn, so that there are
// never nodes of more than one.
type items struct {
	parser *parser
	site        // of each item
	start  spot // of the first item
	to     int  // where the list ends
	count  int  // how many there are at least, as far as that is known

	failed bool // the text must be read in another way
	read   int  // how many were
}

var (
	listToRead    = &node{kind: listNode}
	mappingToRead = &node{kind: mappingNode}
)

// begin returns the items of a text that has nothing else.
func (p *parser) begin(t *text, flow bool) *items {
	p.nodes.reset(mark{})
	p.anchors = nil
	p.direct.text = t
	p.start(view(t.data), 0, len(t.data), 1)
	x := &p.direct.items
	*x = items{parser: p, to: p.end}
	if x.flow = flow; !flow {
		p.skip(true)
		x.indent = p.column()
	}
	return x
}

// each reads the items from the one at hand on, up to the end of the list, and calls visit
// for each: see Walker.Items.
func (x *items) each(w *Walker, visit func(Value) bool) {
	if x.start.line > 0 {
		x.parser.goBack(x.start)
		x.parser.end = x.to
	}
	next := x.blockItem
	if x.flow {
		next = x.flowItem
	}
	for !x.failed && x.parser.i < x.to {
		x.failed = !next(w, visit) || x.parser.failed
	}
}

// whole reports whether all items were read.
func (x *items) whole() bool { return !x.failed && x.parser.i >= x.to }

// try lets visit read the mapping at hand directly. What is read in vain, visit must read
// anew.
func (x *items) try(w *Walker, visit func(Value) bool) bool {
	p := x.parser
	d := &p.direct
	if b := p.at(p.i); b != '{' && (x.flow || !isLetter(b) && b != '"' && b != '\'') {
		return false
	}
	p.ahead = false
	d.hand = atHand{parser: p, site: x.site, findings: len(w.findings)}
	allowed, active := w.allowed, len(w.active)
	d.noAnchors = true
	ok := visit(Value{node: mappingToRead, hand: &d.hand})
	d.noAnchors = false
	if !ok {
		w.findings, w.allowed, w.active = w.findings[:d.hand.findings], allowed, w.active[:active]
	}
	return ok
}

// blockItem reads the item whose dash is at hand.
func (x *items) blockItem(w *Walker, visit func(Value) bool) bool {
	p := x.parser
	if p.column() != x.indent || !p.isDash() {
		return false
	}
	from, before, defined := p.spot(), p.nodes.mark(), p.defined
	if full := p.dash(x.indent); full && !p.failed && x.try(w, visit) {
		x.read++
		p.nodes.reset(before)
		return true
	}
	p.nodes.reset(before)
	p.goBack(from)
	n := p.item(x.indent)
	if p.failed {
		p.nodes.reset(before)
		if n = x.byLibrary(from); n == nil {
			return false
		}
	}
	x.visit(w, n, visit)
	if p.defined == defined {
		p.nodes.reset(before)
	}
	return true
}

// byLibrary reads the item at a place with the library alone, and goes to the content after it.
func (x *items) byLibrary(from spot) *node {
	p, t, after := x.parser, x.parser.direct.text, x.parser.end
	end := min(itemEnd(t.data, from.bol, x.indent), after)
	n := t.libraryItem(from.bol, end, &p.nodes)
	if n == nil {
		return nil
	}
	p.start(p.s, end, after, from.line+uint32(bytes.Count(t.data[from.bol:end], []byte{'\n'})))
	if p.skip(true); p.failed {
		return nil
	}
	return n
}

// flowItem reads an item of a list in brackets, and the comma after it.
func (x *items) flowItem(w *Walker, visit func(Value) bool) bool {
	p := x.parser
	if p.skip(false); p.failed || p.i >= p.end {
		return !p.failed && x.read > 0
	}
	from, before := p.spot(), p.nodes.mark()
	if x.try(w, visit) {
		x.read++
	} else {
		p.nodes.reset(before)
		p.goBack(from)
		n := p.flowValue(false)
		if p.failed {
			return false
		}
		if p.skip(false); p.failed || p.i < p.end && p.s[p.i] != ',' {
			return false
		}
		x.visit(w, n, visit)
	}
	p.nodes.reset(before)
	p.i = min(p.i+1, p.end)
	return true
}

// visit lets an item be read as nodes.
func (x *items) visit(w *Walker, n *node, visit func(Value) bool) {
	x.read++
	if v, ok := w.Follow(nil, n); ok {
		visit(v)
		w.Leave(v)
	}
	x.parser.direct.last = x.parser.direct.text.pos(int(n.to))
}

// stepOver goes past the list at hand, to be read when its turn comes. What follows may name
// nothing in it, and no anchor may come to stand for something else meanwhile.
func (p *parser) stepOver() Value {
	x := &p.direct.items
	*x = items{parser: p, site: site{indent: p.column()}, start: p.spot(), count: 1}
	p.direct.last = p.place(p.i)
	p.direct.noAnchors, p.direct.noAliases = true, true
	for p.nextLine() {
		i := p.i
		for i < p.end && p.s[i] == ' ' {
			i++
		}
		switch b := p.at(i); {
		case i-p.bol > x.indent, isBreakByte(b), b == '#':
		case i-p.bol == x.indent && b == '-' && p.ends(i+1):
			x.count++
		default:
			x.to = p.i
			p.skip(true)
			p.ahead = true
			return Value{node: listToRead, items: x}
		}
	}
	x.to, p.ahead = p.end, true
	return Value{node: listToRead, items: x}
}

// nextLine goes to the start of the next line, or to the end when there is none.
func (p *parser) nextLine() bool {
	n := strings.IndexByte(p.s[p.i:p.end], '\n')
	if n < 0 {
		p.i = p.end
		return false
	}
	p.i += n + 1
	p.bol = p.i
	p.line++
	return true
}
