package manifest

import (
	"bytes"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
)

// Options say how a manifest is read.
type Options struct {
	Workers  int // goroutines that read one file; 0 and 1 mean one
	MaxBytes int // a larger file is refused; 0 means DefaultMaxBytes

	pieceBytes int // about how long a piece is; 0 means defaultPieceBytes, less than 0 reads in one
}

// DefaultMaxBytes is the largest manifest that is read unless Options say
// otherwise: 64 MiB.
const DefaultMaxBytes = 64 << 20

// defaultPieceBytes is about how much of a long manifest is parsed at a time:
// enough that starting the parser does not count, little enough to stay in the
// cache.
const defaultPieceBytes = 32 << 10

// run is how many operations are handed on at a time.
const run = 64

// Map reads a manifest and calls visit for each run of its operations, with the
// document that declares them: complete but for its operations. Calls may come
// from several goroutines at a time; the operations belong to visit. Map
// returns what visit returned, in the order of the file. What visit does
// besides may happen twice: when part of a long text does not parse, reading
// starts over.
func Map[T any](src Source, opt Options, visit func(*Document, []Operation) T) (*File, []T) {
	r := &reader[T]{name: src.Name, visit: visit}
	file := &File{Name: src.Name}
	results := r.read(file, src.Data, opt)
	file.Findings = diag.Sort(file.Findings)
	return file, results
}

// Read reads a manifest and returns its operations in the order of the file.
func Read(src Source, opt Options) (*File, []Operation) {
	file, runs := Map(src, opt, func(_ *Document, ops []Operation) []Operation { return ops })
	all := make([]Operation, 0, file.Operations)
	for _, ops := range runs {
		all = append(all, ops...)
	}
	return file, all
}

// A reader reads one file.
type reader[T any] struct {
	name  string
	visit func(*Document, []Operation) T
}

// A part is what was read of a part of a file.
type part[T any] struct {
	File
	results []T
}

// add appends a part that follows.
func (p *part[T]) add(q *part[T]) {
	base := int32(len(p.Documents))
	for _, n := range q.names {
		n.document += base
		p.names = append(p.names, n)
	}
	p.Documents = append(p.Documents, q.Documents...)
	p.Findings = append(p.Findings, q.Findings...)
	p.results = append(p.results, q.results...)
	p.Operations += q.Operations
	p.Broken = p.Broken || q.Broken
}

func (r *reader[T]) read(file *File, data []byte, opt Options) []T {
	limit := opt.MaxBytes
	if limit <= 0 {
		limit = DefaultMaxBytes
	}
	p := &part[T]{File: File{Name: r.name}}
	switch {
	case len(data) > limit:
		p.refuse(tooLarge, fmt.Sprintf("the file has %d bytes: at most %d are read", len(data), limit), "split it by service")
	case isUTF16(data):
		p.refuse(encoding, "the file is UTF-16", "save it as UTF-8")
	default:
		if whole := r.inPieces(data, opt); whole != nil {
			p = whole
		} else {
			r.plain(p, data)
		}
		if len(p.Documents) == 0 && len(p.Findings) == 0 {
			p.report(empty, diag.Range{}, "the file is empty", "declare an operation, or delete the file")
		}
	}
	*file = p.File
	return p.results
}

// refuse gives a file up as a whole.
func (f *File) refuse(id ruleID, message, fix string) {
	f.report(id, diag.Range{}, message, fix)
	f.Broken = true
}

// report adds a finding about the text of a file.
func (f *File) report(id ruleID, at diag.Range, message, fix string) {
	w := walker{file: f.Name}
	w.report(id, at, message, fix)
	f.Findings = append(f.Findings, w.findings...)
}

// plain reads a whole text in one piece. When that does not parse, each of its
// documents is read by itself, so that one does not hide the others.
func (r *reader[T]) plain(p *part[T], data []byte) {
	data = p.readable(data)
	whole := &part[T]{File: File{Name: r.name}}
	if _, err := r.documents(whole, newText(data, 0), 0); err == nil {
		p.add(whole)
		return
	}
	p.Broken = true
	for _, d := range documents(data) {
		alone := &part[T]{File: File{Name: r.name}}
		t := newText(data[d.from:d.to], d.above)
		if _, err := r.documents(alone, t, d.index); err != nil {
			alone.syntax(t, err)
		}
		p.add(alone)
	}
}

// documents reads the documents of a text up to its end, or up to the first
// that does not parse, and returns how many it has read. The first has the
// given index.
func (r *reader[T]) documents(p *part[T], t *text, index int) (int, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(t.data))
	for n := 0; ; n++ {
		var root yaml.Node
		switch err := decoder.Decode(&root); {
		case err == io.EOF:
			return n, nil
		case err != nil:
			return n, err
		}
		if len(root.Content) == 1 {
			r.document(p, t, &root, index+n)
		}
	}
}

// document reads one document: its envelope, then its operations.
func (r *reader[T]) document(p *part[T], t *text, root *yaml.Node, index int) {
	w := &walker{
		file: r.name, text: t, first: root.Line,
		allowed: 100_000 + len(t.data), // proportional to the file, so that no bomb grows faster
	}
	if h := w.header(root.Content[0], index); h != nil {
		p.Documents = append(p.Documents, h.Document)
		if h.operations.node != nil {
			w.path = append(w.path[:0], "operations")
			r.operations(p, w, h.Document, h.operations)
		}
	}
	p.Findings = append(p.Findings, w.findings...)
}

// header reads all of a document but its operations. It returns nil when the
// document is empty or no mapping.
func (w *walker) header(root *yaml.Node, index int) *header {
	if isEmpty(root) {
		return nil
	}
	h := &header{Document: &Document{File: w.file, Index: index}}
	v, ok := w.follow(nil, root)
	if !ok || !format().document.read(w, v, h) {
		return nil
	}
	return h
}

// operations reads the operations of a document and hands them on in runs. The
// document is the last of p.
func (r *reader[T]) operations(p *part[T], w *walker, doc *Document, written value) {
	n := written.node
	if written.alias != nil {
		n = written.alias
	}
	v, ok := w.follow(written.key, n)
	if !ok {
		return
	}
	defer w.leave(v)
	left := len(v.node.Content)
	var ops []Operation
	w.list(v, func(item value) {
		if ops == nil {
			ops = make([]Operation, 0, min(run, left))
		}
		left--
		if ops = w.operation(doc, item, ops); len(ops) == run {
			r.hand(p, doc, ops)
			ops = nil
		}
	})
	r.hand(p, doc, ops)
}

// operation appends the operation that an item declares to ops.
func (w *walker) operation(doc *Document, item value, ops []Operation) []Operation {
	if item.node.Kind != yaml.MappingNode {
		w.reportKind(item, "a mapping with a name and answers")
		return ops
	}
	mark, path := len(w.findings), w.path
	w.path = nil
	ops = append(ops, Operation{Service: doc.Service.Value})
	op := &ops[len(ops)-1]
	format().operation.read(w, item, op)
	if op.Name.Set() {
		id := op.ID()
		for i := mark; i < len(w.findings); i++ {
			w.findings[i].Operation = id
		}
	}
	w.path = path
	return ops
}

// hand passes a run of operations on.
func (r *reader[T]) hand(p *part[T], doc *Document, ops []Operation) {
	if len(ops) == 0 {
		return
	}
	p.Operations += len(ops)
	for i := range ops {
		if name := ops[i].Name; name.Set() {
			p.names = append(p.names, opName{document: int32(len(p.Documents) - 1), name: name.Value, at: name.Range})
		}
	}
	p.results = append(p.results, r.visit(doc, ops))
}
