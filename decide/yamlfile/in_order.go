package yamlfile

import "bytes"

// A long list whose text has anchors is read in order: an item may name what stands above
// it. It is still read in pieces, and of each piece nothing stays but what has an anchor.

// inOrder reads a text of one document in pieces, one after another. It returns nil when
// it must be read in one.
func (r *reader[D, T]) inOrder(data []byte, size int) *part[D, T] {
	end, alone := documentEnd(data)
	if data = data[:end]; !alone || hasLoneReturn(data) || behind(data, 0) < len(data) {
		return nil
	}
	list := findList(data, size, r.List)
	if list == nil || bytes.ContainsRune(data[list.to:], '*') { // which may name what stands in the list
		return nil
	}
	whole, doc, allowed, ok := r.envelope(data, piece{to: len(data), list: list})
	if !ok {
		return nil
	}
	p := r.room.take()
	defer r.room.give(p)
	t := newText(data, 0)
	if !p.above(t, list) {
		return nil
	}
	w := p.walk(r.name, t)
	w.allowed = allowed
	x := &p.direct.items
	*x = items{parser: p, site: site{indent: p.column()}}
	for p.i < p.end {
		x.to = min(p.i+size, p.end)
		if r.list(whole, w, doc, Value{node: listToRead, items: x}); !x.whole() {
			return nil
		}
		r.done(whole)
	}
	whole.findings = append(whole.findings, w.findings...)
	whole.pieces = len(whole.made)
	r.SetEnd(doc, p.direct.last)
	return whole
}

// above reads what stands above a list, for its anchors, and goes to the first item. It
// reports false when that isn't there.
func (p *parser) above(t *text, l *list) bool {
	p.nodes.reset(mark{})
	p.direct.text = t
	s, first := view(t.data), l.pieces[0]
	p.start(s, 0, l.key, 1)
	p.bom()
	if p.document(); p.failed {
		return false
	}
	p.start(s, first.from, l.to, first.above+1)
	p.skip(true)
	return !p.failed
}
