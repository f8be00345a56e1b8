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
}

// DefaultMaxBytes is the largest manifest that is read unless Options say
// otherwise: 64 MiB.
const DefaultMaxBytes = 64 << 20

// run is how many operations are handed on at a time.
const run = 64

// Map reads a manifest and calls visit for each run of its operations, with the
// document that declares them: complete but for its operations. Calls may come
// from several goroutines at a time; the operations belong to visit. Map
// returns what visit returned, in the order of the file.
func Map[T any](src Source, opt Options, visit func(*Document, []Operation) T) (*File, []T) {
	var results []T
	r := &reader{file: &File{Name: src.Name}, visit: func(d *Document, ops []Operation) {
		results = append(results, visit(d, ops))
	}}
	r.read(src.Data, opt)
	r.file.Findings = diag.Sort(r.file.Findings)
	return r.file, results
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
type reader struct {
	file  *File
	visit func(*Document, []Operation)
}

func (r *reader) read(data []byte, opt Options) {
	limit := opt.MaxBytes
	if limit <= 0 {
		limit = DefaultMaxBytes
	}
	if len(data) > limit {
		r.report(tooLarge, diag.Range{}, fmt.Sprintf("the file has %d bytes: at most %d are read", len(data), limit),
			"split it by service")
		r.file.Broken = true
		return
	}
	if isUTF16(data) {
		r.report(encoding, diag.Range{}, "the file is UTF-16", "save it as UTF-8")
		r.file.Broken = true
		return
	}
	r.plain(data)
	if len(r.file.Documents) == 0 && len(r.file.Findings) == 0 {
		r.report(empty, diag.Range{}, "the file is empty", "declare an operation, or delete the file")
	}
}

// report adds a finding about the file.
func (r *reader) report(id ruleID, at diag.Range, message, fix string) {
	w := walker{file: r.file.Name}
	w.report(id, at, message, fix)
	r.file.Findings = append(r.file.Findings, w.findings...)
}

// plain reads the whole text in one piece. After a document that does not
// parse it goes on with the next.
func (r *reader) plain(data []byte) {
	data = r.readable(data)
	for from := 0; from < len(data); {
		t := newText(data[from:], uint32(bytes.Count(data[:from], []byte{'\n'})))
		err := r.documents(t)
		if err == nil {
			return
		}
		r.file.Broken = true
		at := r.syntax(t, err)
		next := nextDocument(t.data, at)
		if next < 0 {
			return
		}
		from += next
	}
}

// documents reads the documents of a text up to its end, or up to the first
// that does not parse.
func (r *reader) documents(t *text) error {
	decoder := yaml.NewDecoder(bytes.NewReader(t.data))
	for {
		var root yaml.Node
		switch err := decoder.Decode(&root); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		r.document(t, &root)
	}
}

// document reads one document: its envelope, then its operations.
func (r *reader) document(t *text, root *yaml.Node) {
	if len(root.Content) != 1 || isNull(root.Content[0]) && isEmpty(root.Content[0]) {
		return
	}
	w := &walker{
		file: r.file.Name, text: t, first: root.Line,
		allowed: 100_000 + len(t.data), // proportional to the file, so that no bomb grows faster
	}
	var h header
	h.File, h.Index = r.file.Name, len(r.file.Documents)
	if v, ok := w.follow(nil, root.Content[0]); ok && format().document.read(w, v, &h) {
		doc := &h.Document
		r.file.Documents = append(r.file.Documents, doc)
		if h.operations.node != nil {
			w.path = append(w.path[:0], "operations")
			r.operations(w, doc, h.operations)
		}
	}
	r.file.Findings = append(r.file.Findings, w.findings...)
}

// operations reads the operations of a document and hands them on in runs.
func (r *reader) operations(w *walker, doc *Document, written value) {
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
			r.hand(doc, ops)
			ops = nil
		}
	})
	r.hand(doc, ops)
}

// operation appends the operation that an item declares to ops.
func (w *walker) operation(doc *Document, item value, ops []Operation) []Operation {
	mark, path := len(w.findings), w.path
	w.path = nil
	defer func() { w.path = path }()
	if item.node.Kind != yaml.MappingNode {
		w.path = path
		w.reportKind(item, "a mapping with a name and answers")
		return ops
	}
	ops = append(ops, Operation{Service: doc.Service.Value})
	op := &ops[len(ops)-1]
	format().operation.read(w, item, op)
	if op.Name.Set() {
		id := op.ID()
		for i := mark; i < len(w.findings); i++ {
			w.findings[i].Operation = id
		}
	}
	return ops
}

// hand passes a run of operations on.
func (r *reader) hand(doc *Document, ops []Operation) {
	if len(ops) == 0 {
		return
	}
	r.file.Operations += len(ops)
	for i := range ops {
		if name := ops[i].Name; name.Set() {
			r.file.names = append(r.file.names, opName{document: doc.Index, name: name.Value, at: name.Range})
		}
	}
	r.visit(doc, ops)
}
