package yamlfile

import (
	"bytes"
	"cmp"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/parallel"
)

// A job reads one piece into a part. It reports false when the whole text must
// be read in one.
type job[D, T any] func() (*part[D, T], bool)

// inPieces reads a text in pieces, and lets go of it meanwhile if it can be read again. It
// returns nil when it must be read in one.
func (r *reader[D, T]) inPieces(t *stored, opt Options) *part[D, T] {
	size := cmp.Or(opt.PieceBytes, t.pieceBytes())
	if opt.PieceBytes < 0 || len(t.data) < min(2*size, alonePieceBytes) {
		return nil
	}
	pieces, ok := split(t.data, size, r.List)
	if !ok {
		return r.inOrder(t.data, size)
	}
	jobs, ok := r.jobs(t, pieces)
	if !ok {
		return nil
	}
	t.release()
	parts := make([]*part[D, T], len(jobs))
	if !parallel.Each(opt.Workers, len(jobs), func(i int) bool {
		part, ok := jobs[i]()
		parts[i] = part
		return ok
	}) {
		return nil
	}
	whole := join(parts)
	whole.pieces = len(parts)
	return whole
}

// join puts parts together in their order. Each is let go as soon as it is
// taken in.
func join[D, T any](parts []*part[D, T]) *part[D, T] {
	var documents, made int
	for _, p := range parts {
		documents += len(p.documents)
		made += len(p.made)
	}
	whole := &part[D, T]{report: report{file: parts[0].file}}
	whole.documents, whole.made = slices.Grow(whole.documents, documents), slices.Grow(whole.made, made)
	for i, p := range parts {
		whole.append(p)
		if p.finish != nil {
			p.finish()
		}
		parts[i] = nil
	}
	return whole
}

// jobs returns what there is to do for pieces, in the order of the text.
func (r *reader[D, T]) jobs(t *stored, pieces []piece) ([]job[D, T], bool) {
	var jobs []job[D, T]
	for _, p := range pieces {
		if p.list == nil {
			jobs = append(jobs, with(r, t, p.from, p.to, func(text []byte) (*part[D, T], bool) {
				return r.group(text, p.above, p.index, true)
			}))
			continue
		}
		if len(p.list.pieces) == 1 {
			jobs = append(jobs, with(r, t, p.from, p.to, func(text []byte) (*part[D, T], bool) { return r.short(text, p) }))
			continue
		}
		envelope, doc, _, ok := r.envelope(t.data[p.from:p.to], p)
		if !ok {
			return nil, false
		}
		jobs = append(jobs, func() (*part[D, T], bool) { return envelope, true })
		for i, items := range p.list.pieces {
			jobs = append(jobs, with(r, t, p.from+items.from, p.from+items.to, func(text []byte) (*part[D, T], bool) {
				out, end, ok := r.items(text, p, items, doc)
				if ok && i == len(p.list.pieces)-1 {
					out.finish = func() { r.SetEnd(doc, end) }
				}
				return out, ok
			}))
		}
	}
	return jobs, true
}

// short reads a document whose list is one piece.
func (r *reader[D, T]) short(data []byte, p piece) (*part[D, T], bool) {
	out, doc, _, ok := r.envelope(data, p)
	if !ok {
		return nil, false
	}
	list := p.list.pieces[0]
	found, end, ok := r.items(data[list.from:list.to], p, list, doc)
	if ok {
		r.SetEnd(doc, end)
		out.append(found)
	}
	return out, ok
}

// envelope reads all of a document but the items of its list, and returns how many more
// nodes its aliases may lead to. It reports false when the list is not what it looks like.
func (r *reader[D, T]) envelope(data []byte, piece piece) (out *part[D, T], doc D, allowed int, ok bool) {
	t := newText(piece.list.envelope(data), piece.above)
	t.gapAfter, t.gap = piece.list.keyLine, piece.list.lines
	if piece.list.flow {
		t.cut, t.cutColumns = uint32(piece.list.colon), piece.list.shift
	}
	p := r.room.take()
	defer r.room.give(p)
	p.nodes.reset(mark{})
	p.start(view(t.data), 0, len(t.data), 1)
	p.bom()
	root := p.document()
	if p.failed {
		root = t.library(&p.nodes)
	}
	if root == nil || root.kind != mappingNode || (root.style == flowStyle) != piece.list.flow || !holdsList(root, r.List, piece.list.key) {
		return
	}
	w := &Walker{file: r.name, text: t, words: &p.words, allowed: mostAliased(data)}
	h, ok := r.header(w, root, piece.index)
	if !ok {
		return
	}
	out = r.part()
	out.documents, out.findings = []D{h.Document}, w.findings
	return out, h.Document, w.allowed, true
}

// byItems reads a document that the parser gave up, of which the library has to read only
// the items that it gave up. It reports false when the library must read all of it.
func (r *reader[D, T]) byItems(data []byte, above uint32, index int) (*part[D, T], bool) {
	if hasAnchor(data) {
		return nil, false // an item may name what stands in another
	}
	l := findList(data, len(data), r.List)
	if l == nil {
		return nil, false
	}
	return r.short(data, piece{to: len(data), above: above, count: 1, index: index, list: l})
}

// holdsList reports whether a mapping has one key of the given name, at the
// given offset, with the empty list that stands for the items.
func holdsList(root *node, name string, at int) bool {
	found := 0
	for k := root.first; k != nil; k = k.next.next {
		if k.value != name {
			continue
		}
		found++
		if v := k.next; int(k.from) != at || v.style != flowStyle || v.first != nil {
			return false
		}
	}
	return found == 1
}

// items reads the items of a piece of the list of a document, and says where the last
// ends.
func (r *reader[D, T]) items(data []byte, of, piece piece, doc D) (*part[D, T], diag.Pos, bool) {
	p := r.room.take()
	defer r.room.give(p)
	t := newText(data, of.above+piece.above)
	t.lead = piece.column
	x := p.begin(t, of.list.flow)
	x.count = piece.items
	out, w := r.part(), p.walk(r.name, t)
	r.list(out, w, doc, Value{node: listToRead, items: x})
	if !x.whole() || x.read == 0 {
		return nil, diag.Pos{}, false
	}
	out.findings = append(out.findings, w.findings...)
	return r.done(out), p.direct.last, true
}

// itemEnd returns the offset of the line after the item that starts with a line:
// the next with a dash at its column.
func itemEnd(data []byte, at, column int) int {
	for {
		n := bytes.IndexByte(data[at:], '\n')
		if n < 0 {
			return len(data)
		}
		at += n + 1
		row := data[at:lineEnd(data, at)]
		if indent, first := lead(row); indent == column && first == '-' && (len(row) == indent+1 || isSpace(row[indent+1])) {
			return at
		}
	}
}

// libraryItem reads one item with the library.
func (t *text) libraryItem(from, to int, nodes *arena) *node {
	if hasAnchor(t.data[from:to]) {
		return nil // an item that follows may name it
	}
	list := newText(t.data[from:to], t.above).library(nodes)
	if list == nil || list.kind != listNode || list.count != 1 {
		return nil
	}
	list.first.shift(uint32(from))
	return list.first
}

// shift moves a node and those below it to later offsets.
func (n *node) shift(by uint32) {
	n.from, n.to, n.line = n.from+by, n.to+by, 0
	for c := n.first; c != nil; c = c.next {
		c.shift(by)
	}
}
