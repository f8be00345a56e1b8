package yamlfile

import (
	"slices"

	"gopkg.in/yaml.v3"

	"waitornot/decide/parallel"
)

// A job reads one piece into a part. It reports false when the whole text must
// be read in one.
type job[D, T any] func() (*part[D, T], bool)

// inPieces reads a text in pieces. It returns nil when it must be read in one.
func (r *reader[D, T]) inPieces(data []byte, opt Options) *part[D, T] {
	size := opt.PieceBytes
	if size == 0 {
		size = defaultPieceBytes
	}
	if size < 0 || len(data) < min(2*size, alonePieceBytes) {
		return nil
	}
	pieces, ok := split(data, size, r.List)
	if !ok {
		return nil
	}
	jobs, ok := r.jobs(data, pieces)
	if !ok {
		return nil
	}
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
	items := 0
	for _, p := range parts {
		items += len(p.items)
	}
	whole := &part[D, T]{report: report{file: parts[0].file}}
	whole.items = slices.Grow(whole.items, items)
	for i, p := range parts {
		whole.append(p)
		parts[i] = nil
	}
	return whole
}

// jobs returns what there is to do for pieces, in the order of the text.
func (r *reader[D, T]) jobs(data []byte, pieces []piece) ([]job[D, T], bool) {
	var jobs []job[D, T]
	for _, p := range pieces {
		text := data[p.from:p.to]
		if p.list == nil {
			jobs = append(jobs, func() (*part[D, T], bool) { return r.group(text, p) })
			continue
		}
		if len(p.list.pieces) == 1 {
			jobs = append(jobs, func() (*part[D, T], bool) { return r.short(text, p) })
			continue
		}
		end := p.list.pieces[len(p.list.pieces)-1]
		last, ok := parseItems(text[end.from:end.to])
		if !ok {
			return nil, false
		}
		envelope, doc, ok := r.envelope(text, p, last)
		if !ok {
			return nil, false
		}
		jobs = append(jobs, func() (*part[D, T], bool) { return envelope, true })
		for _, items := range p.list.pieces {
			jobs = append(jobs, func() (*part[D, T], bool) {
				piece := text[items.from:items.to]
				root, ok := parseItems(piece)
				if !ok {
					return nil, false
				}
				return r.items(piece, root, p.above+items.above, doc)
			})
		}
	}
	return jobs, true
}

// group reads whole documents.
func (r *reader[D, T]) group(data []byte, p piece) (*part[D, T], bool) {
	out := r.part()
	n, err := r.decode(out, newText(data, p.above), p.index)
	return out, err == nil && n == p.count
}

// short reads a document whose list is one piece.
func (r *reader[D, T]) short(data []byte, p piece) (*part[D, T], bool) {
	list := p.list.pieces[0]
	items, ok := parseItems(data[list.from:list.to])
	if !ok {
		return nil, false
	}
	out, doc, ok := r.envelope(data, p, items)
	if !ok {
		return nil, false
	}
	found, ok := r.items(data[list.from:list.to], items, p.above+list.above, doc)
	if ok {
		out.append(found)
	}
	return out, ok
}

// envelope reads all of a document but the items of its list; last is the last
// piece of them. It reports false when the list is not what it looks like.
func (r *reader[D, T]) envelope(data []byte, p piece, last *yaml.Node) (*part[D, T], D, bool) {
	var none D
	t := newText(p.list.envelope(data, r.List), p.above)
	t.gapAfter, t.gap = p.list.keyLine, p.list.lines
	root, ok := parsePiece(t.data)
	if !ok || root.Kind != yaml.MappingNode || root.Style != 0 || !holdsList(root, r.List, int(p.list.keyLine)) {
		return nil, none, false
	}
	w := &Walker{file: r.name, text: t, first: 1}
	h, ok := r.header(w, root, p.index)
	if !ok {
		return nil, none, false
	}
	if p.list.last {
		end := p.list.pieces[len(p.list.pieces)-1]
		t := newText(data[end.from:end.to], p.above+end.above)
		r.SetEnd(h.Document, t.pos(t.end(last)))
	}
	out := r.part()
	out.documents, out.findings = []D{h.Document}, w.findings
	return out, h.Document, true
}

// holdsList reports whether a mapping has one key of the given name, on the
// given line, with the empty list that stands for the items.
func holdsList(root *yaml.Node, name string, line int) bool {
	found := 0
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Value != name {
			continue
		}
		found++
		if k.Line != line || k.Column != 1 || v.Kind != yaml.SequenceNode || v.Line != line || len(v.Content) > 0 {
			return false
		}
	}
	return found == 1
}

// items reads the items of a piece of text, which root holds.
func (r *reader[D, T]) items(data []byte, root *yaml.Node, above uint32, doc D) (*part[D, T], bool) {
	if root.Kind != yaml.SequenceNode {
		return nil, false
	}
	out := r.part()
	w := &Walker{file: r.name, text: newText(data, above), first: 1}
	r.list(out, w, doc, Value{node: root})
	out.findings = w.findings
	return out, true
}

// parseItems returns the value of a piece of a list.
func parseItems(data []byte) (*yaml.Node, bool) {
	if root, ok := quickItems(data); ok {
		return root, true
	}
	return parsePiece(data)
}

// parsePiece returns the value of a text that holds one document.
func parsePiece(data []byte) (*yaml.Node, bool) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil || len(root.Content) != 1 {
		return nil, false
	}
	return root.Content[0], true
}
