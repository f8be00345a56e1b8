package manifest

import (
	"slices"

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

// A part is what reading keeps of operations that were handed on: those of a piece of a
// document, or of several documents.
type part[T any] struct {
	documents []*Document // those that have names, in order
	names     []opName    // their documents are positions in documents
	count     int
	result    T
}

// add takes in operations of a document.
func (p *part[T]) add(d *Document, ops []Operation) {
	p.count += len(ops)
	for i := range ops {
		name := ops[i].Name
		if !name.Set() {
			continue
		}
		if n := len(p.documents); n == 0 || p.documents[n-1] != d {
			p.documents = append(p.documents, d)
		}
		p.names = append(p.names, opName{document: int32(len(p.documents) - 1), name: name.Value, at: name.Range})
	}
}

// Map reads a manifest and calls visit for each batch of its operations, with
// the document that declares them: complete but for its operations. Calls may
// come from several goroutines at a time; the operations belong to visit. Map
// returns what visit returned, in the order of the file. What visit does
// besides may happen twice: when part of a long text does not parse, reading
// starts over.
func Map[T any](src Source, opt Options, visit func(*Document, []Operation) T) (*File, []T) {
	file, runs := inRuns(src, opt, Visitor[[]T]{
		Visit: func(to *[]T, d *Document, ops []Operation) { *to = append(*to, visit(d, ops)) },
		Done:  func(*[]T) {},
	}, new(Room), func() []Operation { return nil }, func([]Operation) {})
	return file, slices.Concat(runs...)
}

// A Visitor is shown operations, and makes something of each part of a file. Its
// functions may be called from several goroutines at a time, each with a part of its own.
type Visitor[T any] struct {
	// Visit adds a batch of operations to a part, which begins as the zero T. The document
	// that declares them is complete but for its operations.
	Visit func(to *T, d *Document, ops []Operation)

	// Done ends a part.
	Done func(to *T)
}

// A Room is what scanning needs while it works, kept for the next file. It can be shared
// by goroutines. The zero Room is empty.
type Room struct {
	reading    yamlfile.Room
	operations parallel.Spare[[]Operation]
	names      parallel.Spare[[]opName]
	headers    parallel.Spare[*header]
}

// Scan reads a manifest as Map does, and returns what visitor made of its parts, in the
// order of the file. The operations belong to Visit only until it returns: the next ones
// take their place, in room. What their fields hold, lists and texts, can be kept.
func Scan[T any](room *Room, src Source, opt Options, visitor Visitor[T]) (*File, []T) {
	small := len(src.Data) < smallBytes
	take := func() []Operation {
		if run, ok := room.operations.Take(); ok {
			return run
		}
		if small {
			return nil // as much room as there are operations
		}
		return make([]Operation, 0, batchSize)
	}
	opt.Room = &room.reading
	return inRuns(src, opt, visitor, room, take, room.operations.Give)
}

// inRuns reads a manifest: it takes room for operations, when take gives it any, and gives
// it back.
func inRuns[T any](src Source, opt Options, visitor Visitor[T], room *Room, take func() []Operation, give func([]Operation)) (*File, []T) {
	name := src.Name
	read := yamlfile.Read(src, opt, &yamlfile.Format[*Document, part[T]]{
		List: "operations",
		Header: func(w *yamlfile.Walker, v yamlfile.Value, index int) (yamlfile.Header[*Document], bool) {
			h, _ := room.headers.Take()
			if h == nil {
				h = new(header)
			}
			defer room.headers.Give(h)
			return h.read(w, v, index)
		},
		SetEnd: func(d *Document, end diag.Pos) {
			if d.Range.End.Compare(end) < 0 {
				d.Range.End = end
			}
		},
		Items: func(w *yamlfile.Walker, d *Document, list yamlfile.Value, to *part[T]) {
			inBatches(w, d, list, take, func(ops []Operation) {
				if to.names == nil {
					to.names, _ = room.names.Take()
				}
				to.add(d, ops)
				visitor.Visit(&to.result, d, ops)
				give(ops)
			})
		},
		Done: func(to *part[T]) {
			names := to.names
			to.names = slices.Clone(names) // as much as it needs
			clear(names)
			room.names.Give(names[:0])
			visitor.Done(&to.result)
		},
	})
	file := &File{Name: name, Documents: read.Documents, Findings: read.Findings, Broken: read.Broken, Lost: read.Lost}
	if len(file.Documents) == 0 && len(file.Findings) == 0 && !file.Lost {
		file.Findings = []diag.Finding{empty.At(name, diag.Range{}, "the file is empty", "declare an operation, or delete the file")}
	}
	return file, collect(file, read.Parts)
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

// collect puts the names of parts into their file and returns their results.
func collect[T any](file *File, parts []part[T]) []T {
	names := 0
	for i := range parts {
		names += len(parts[i].names)
		file.Operations += parts[i].count
	}
	file.names = make([]opName, 0, names)
	results := make([]T, len(parts))
	document := 0
	for i := range parts {
		p := &parts[i]
		at := -1 // of the part's documents
		for _, name := range p.names {
			if at != int(name.document) {
				at = int(name.document)
				for file.Documents[document] != p.documents[at] { // both are in the order of the file
					document++
				}
			}
			name.document = int32(document)
			file.names = append(file.names, name)
		}
		results[i] = p.result
		*p = part[T]{}
	}
	return results
}

// read reads all of a document but its operations. It reports false when the value is no
// mapping. Nothing holds on to the header itself.
func (h *header) read(w *yamlfile.Walker, v yamlfile.Value, index int) (yamlfile.Header[*Document], bool) {
	*h = header{Document: &Document{File: w.File(), Index: index}}
	h.Details = &h.room
	ok := format().document.Read(w, v, h)
	if h.Details = format().nothing; !h.room.saysNothing() {
		details := h.room // without the rest of the header
		h.Details = &details
		h.index()
	}
	return yamlfile.Header[*Document]{Document: h.Document, List: h.operations}, ok
}

// inBatches reads the operations of a list and hands them on.
func inBatches(w *yamlfile.Walker, d *Document, list yamlfile.Value, take func() []Operation, hand func([]Operation)) {
	left := list.Len()
	var ops []Operation
	w.Items(list, func(item yamlfile.Value) bool {
		if ops == nil {
			if ops = take()[:0]; ops == nil {
				ops = make([]Operation, 0, min(batchSize, left))
			}
		}
		var ok bool
		if ops, ok = readOperation(w, d, item, ops); len(ops) == batchSize {
			hand(ops)
			ops = nil
		}
		if ok {
			left--
		}
		return ok
	})
	if len(ops) > 0 {
		hand(ops)
	}
}

// readOperation appends the operation that an item declares to ops. It reports false when the
// item must be read in another way.
func readOperation(w *yamlfile.Walker, d *Document, item yamlfile.Value, ops []Operation) ([]Operation, bool) {
	if !item.IsMapping() {
		w.ReportKind(item, "a mapping with a name and answers")
		return ops, true
	}
	ops = append(ops, Operation{Service: d.Service.Value})
	op := &ops[len(ops)-1]
	scope, id := w.Enter(), ""
	if !format().operation.Read(w, item, op) {
		scope.Leave(w, "")
		return ops[:len(ops)-1], false
	}
	op.mayShare = item.MayShare()
	d.inherit(op)
	if op.Name.Set() && scope.Found(w) {
		id = op.ID()
	}
	scope.Leave(w, id)
	return ops, true
}
