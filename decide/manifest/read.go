package manifest

import (
	"waitornot/decide/diag"
	"waitornot/decide/parallel"
	"waitornot/decide/yamlfile"
)

// Options say how a manifest is read.
type Options = yamlfile.Options

// DefaultMaxBytes is the largest manifest that is read unless Options say
// otherwise: 64 MiB.
const DefaultMaxBytes = yamlfile.DefaultMaxBytes

// batchSize is how many operations are handed on at a time.
const batchSize = 64

// smallBytes is the size of a manifest below which room for a whole batch is too much.
const smallBytes = 64 << 10

// A batch is what reading keeps of operations that were handed on.
type batch[T any] struct {
	document *Document
	names    []opName
	count    int
	result   T
}

// Map reads a manifest and calls visit for each batch of its operations, with
// the document that declares them: complete but for its operations. Calls may
// come from several goroutines at a time; the operations belong to visit. Map
// returns what visit returned, in the order of the file. What visit does
// besides may happen twice: when part of a long text does not parse, reading
// starts over.
func Map[T any](src Source, opt Options, visit func(*Document, []Operation) T) (*File, []T) {
	return inRuns(src, opt, func() []Operation { return nil }, func([]Operation) {}, visit)
}

// Scan is Map, but the operations belong to visit only until it returns: the next ones
// take their place. What their fields hold, lists and texts, can be kept.
func Scan[T any](src Source, opt Options, visit func(*Document, []Operation) T) (*File, []T) {
	var free parallel.Spare[[]Operation]
	take := func() []Operation {
		if run, ok := free.Take(); ok {
			return run
		}
		if len(src.Data) < smallBytes {
			return nil // as much room as there are operations
		}
		return make([]Operation, 0, batchSize)
	}
	return inRuns(src, opt, take, free.Give, visit)
}

// inRuns is Map: it takes room for operations, when take gives it any, and gives it back.
func inRuns[T any](src Source, opt Options, take func() []Operation, give func([]Operation), visit func(*Document, []Operation) T) (*File, []T) {
	read := yamlfile.Read(src, opt, &yamlfile.Format[*Document, batch[T]]{
		List:   "operations",
		Header: readHeader,
		SetEnd: func(d *Document, end diag.Pos) {
			if d.Range.End.Compare(end) < 0 {
				d.Range.End = end
			}
		},
		Items: func(w *yamlfile.Walker, d *Document, list yamlfile.Value, emit func(batch[T])) {
			inBatches(w, d, list, take, func(ops []Operation) {
				emit(batch[T]{d, namesOf(ops), len(ops), visit(d, ops)})
				give(ops)
			})
		},
	})
	file := &File{Name: src.Name, Documents: read.Documents, Findings: read.Findings, Broken: read.Broken}
	if len(file.Documents) == 0 && len(file.Findings) == 0 {
		file.Findings = []diag.Finding{empty.At(src.Name, diag.Range{}, "the file is empty", "declare an operation, or delete the file")}
	}
	return file, collect(file, read.Items)
}

// Read reads a manifest and returns its operations in the order of the file.
func Read(src Source, opt Options) (*File, []Operation) {
	file, batches := Map(src, opt, func(_ *Document, ops []Operation) []Operation { return ops })
	all := make([]Operation, 0, file.Operations)
	for _, ops := range batches {
		all = append(all, ops...)
	}
	return file, all
}

// collect puts the names of batches into their file and returns their results.
func collect[T any](file *File, batches []batch[T]) []T {
	names := 0
	for i := range batches {
		names += len(batches[i].names)
		file.Operations += batches[i].count
	}
	file.names = make([]opName, 0, names)
	results := make([]T, len(batches))
	document := int32(0)
	for i := range batches {
		b := &batches[i]
		for file.Documents[document] != b.document { // both are in the order of the file
			document++
		}
		for j := range b.names {
			b.names[j].document = document
		}
		file.names = append(file.names, b.names...)
		results[i], b.names = b.result, nil
	}
	return results
}

// namesOf returns the names that operations have.
func namesOf(ops []Operation) []opName {
	names := make([]opName, 0, len(ops))
	for i := range ops {
		if name := ops[i].Name; name.Set() {
			names = append(names, opName{name: name.Value, at: name.Range})
		}
	}
	return names
}

// readHeader reads all of a document but its operations. It reports false when
// the value is no mapping.
func readHeader(w *yamlfile.Walker, v yamlfile.Value, index int) (yamlfile.Header[*Document], bool) {
	h := header{Document: &Document{File: w.File(), Index: index}}
	ok := format().document.Read(w, v, &h)
	h.origins = originsOf(h.Document)
	return yamlfile.Header[*Document]{Document: h.Document, List: h.operations}, ok
}

// inBatches reads the operations of a list and hands them on.
func inBatches(w *yamlfile.Walker, d *Document, list yamlfile.Value, take func() []Operation, hand func([]Operation)) {
	left := list.Len()
	var ops []Operation
	w.List(list, func(item yamlfile.Value) {
		if ops == nil {
			if ops = take()[:0]; ops == nil {
				ops = make([]Operation, 0, min(batchSize, left))
			}
		}
		left--
		if ops = readOperation(w, d, item, ops); len(ops) == batchSize {
			hand(ops)
			ops = nil
		}
	})
	if len(ops) > 0 {
		hand(ops)
	}
}

// readOperation appends the operation that an item declares to ops.
func readOperation(w *yamlfile.Walker, d *Document, item yamlfile.Value, ops []Operation) []Operation {
	if !item.IsMapping() {
		w.ReportKind(item, "a mapping with a name and answers")
		return ops
	}
	ops = append(ops, Operation{Service: d.Service.Value})
	op := &ops[len(ops)-1]
	scope, id := w.Enter(), ""
	format().operation.Read(w, item, op)
	d.inherit(op)
	if op.Name.Set() {
		id = op.ID()
	}
	scope.Leave(w, id)
	return ops
}
