package manifest

import (
	"slices"
	"sync"
	"sync/atomic"

	"gopkg.in/yaml.v3"
)

// A job reads one piece into a part. It reports false when the whole text must
// be read in one.
type job[T any] func() (*part[T], bool)

// inPieces reads a text in pieces. It returns nil when it must be read in one.
func (r *reader[T]) inPieces(data []byte, opt Options) *part[T] {
	size := opt.pieceBytes
	if size == 0 {
		size = defaultPieceBytes
	}
	if size < 0 || len(data) < min(2*size, alonePieceBytes) {
		return nil
	}
	pieces, ok := split(data, size)
	if !ok {
		return nil
	}
	jobs, ok := r.jobs(data, pieces)
	if !ok {
		return nil
	}
	parts := make([]*part[T], len(jobs))
	if !sideBySide(opt.Workers, len(jobs), func(i int) bool {
		part, ok := jobs[i]()
		parts[i] = part
		return ok
	}) {
		return nil
	}
	return join(parts)
}

// join puts parts together in their order. Each is let go as soon as it is
// taken in.
func join[T any](parts []*part[T]) *part[T] {
	var names, results int
	for _, p := range parts {
		names, results = names+len(p.names), results+len(p.results)
	}
	whole := &part[T]{File: File{Name: parts[0].Name}}
	whole.names, whole.results = slices.Grow(whole.names, names), slices.Grow(whole.results, results)
	for i, p := range parts {
		whole.add(p)
		parts[i] = nil
	}
	return whole
}

// sideBySide calls do(0) to do(n-1) from some goroutines, starting them in
// order, until one returns false. It reports whether none did.
func sideBySide(workers, n int, do func(int) bool) bool {
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(max(workers, 1), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && !failed.Load(); i = int(next.Add(1)) - 1 {
				if !do(i) {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return !failed.Load()
}

// jobs returns what there is to do for pieces, in the order of the text.
func (r *reader[T]) jobs(data []byte, pieces []piece) ([]job[T], bool) {
	var jobs []job[T]
	for _, p := range pieces {
		text := data[p.from:p.to]
		if p.list == nil {
			jobs = append(jobs, func() (*part[T], bool) { return r.group(text, p) })
			continue
		}
		if len(p.list.pieces) == 1 {
			jobs = append(jobs, func() (*part[T], bool) { return r.short(text, p) })
			continue
		}
		end := p.list.pieces[len(p.list.pieces)-1]
		last, ok := parseItems(text[end.from:end.to])
		if !ok {
			return nil, false
		}
		envelope, doc := r.envelope(text, p, last)
		if doc == nil {
			return nil, false
		}
		jobs = append(jobs, func() (*part[T], bool) { return envelope, true })
		for _, items := range p.list.pieces {
			jobs = append(jobs, func() (*part[T], bool) {
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
func (r *reader[T]) group(data []byte, p piece) (*part[T], bool) {
	out := &part[T]{File: File{Name: r.name}}
	n, err := r.documents(out, newText(data, p.above), p.index)
	return out, err == nil && n == p.count
}

// short reads a document whose list is one piece.
func (r *reader[T]) short(data []byte, p piece) (*part[T], bool) {
	list := p.list.pieces[0]
	items, ok := parseItems(data[list.from:list.to])
	if !ok {
		return nil, false
	}
	out, doc := r.envelope(data, p, items)
	if doc == nil {
		return nil, false
	}
	found, ok := r.items(data[list.from:list.to], items, p.above+list.above, doc)
	if ok {
		out.add(found)
	}
	return out, ok
}

// envelope reads all of a document but the operations that its list holds; last
// is the last piece of them. It returns no document when the list is not what
// it looks like.
func (r *reader[T]) envelope(data []byte, p piece, last *yaml.Node) (*part[T], *Document) {
	t := newText(p.list.envelope(data), p.above)
	t.gapAfter, t.gap = p.list.keyLine, p.list.lines
	root, ok := parsePiece(t.data)
	if !ok || root.Kind != yaml.MappingNode || root.Style != 0 || !holdsList(root, int(p.list.keyLine)) {
		return nil, nil
	}
	w := &walker{file: r.name, text: t, first: 1}
	h := w.header(root, p.index)
	if h == nil {
		return nil, nil
	}
	if p.list.last {
		end := p.list.pieces[len(p.list.pieces)-1]
		t := newText(data[end.from:end.to], p.above+end.above)
		h.Range.End = t.pos(t.end(last))
	}
	out := &part[T]{File: File{Name: r.name, Documents: []*Document{h.Document}, Findings: w.findings}}
	return out, h.Document
}

// holdsList reports whether a mapping has one key operations, on the given line,
// with the empty list that stands for the items.
func holdsList(root *yaml.Node, line int) bool {
	found := 0
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Value != "operations" {
			continue
		}
		found++
		if k.Line != line || k.Column != 1 || v.Kind != yaml.SequenceNode || v.Line != line || len(v.Content) > 0 {
			return false
		}
	}
	return found == 1
}

// items reads the operations of a piece of text, which root holds.
func (r *reader[T]) items(data []byte, root *yaml.Node, above uint32, doc *Document) (*part[T], bool) {
	if root.Kind != yaml.SequenceNode {
		return nil, false
	}
	out := &part[T]{File: File{Name: r.name}}
	w := &walker{file: r.name, text: newText(data, above), first: 1, path: []string{"operations"}}
	r.operations(out, w, doc, value{node: root})
	out.Findings = w.findings
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
