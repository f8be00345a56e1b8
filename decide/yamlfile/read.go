package yamlfile

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"io"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
)

// Options say how a file is read.
type Options struct {
	Workers  int // goroutines that read one file; 0 and 1 mean one
	MaxBytes int // a larger file is refused; 0 means DefaultMaxBytes

	// PieceBytes is about how much of a long file is read at a time: 0 means a
	// size that is good for all, less than 0 reads in one. It changes nothing of
	// what is read.
	PieceBytes int

	// Room is for what reading needs while it works; nil makes it for this file alone.
	Room *Room
}

// DefaultMaxBytes is the largest file that is read unless Options say
// otherwise: 64 MiB.
const DefaultMaxBytes = 64 << 20

// defaultPieceBytes is about how much of a long file is parsed at a time:
// enough that starting the parser does not count, little enough to stay in the
// cache.
const defaultPieceBytes = 32 << 10

// A Format says how to read files whose documents hold one long list each. Its
// functions may be called from several goroutines at a time, and twice for the
// same text: when part of a long text does not parse, reading starts over.
type Format[D, T any] struct {
	// List is the top-level key of the list.
	List string

	// Header reads all of a document but the items of its list. It reports
	// false when there is no document.
	Header func(w *Walker, v Value, index int) (Header[D], bool)

	// Items reads items of the list, all of which Walker.Items goes through, and adds what
	// comes of them to a part of the result. A part begins as the zero T and takes items
	// of one document or of several, in their order.
	Items func(w *Walker, doc D, list Value, to *T)

	// Done ends a part that has taken items.
	Done func(to *T)

	// SetEnd says where the list of a document ends that Header has not seen: the
	// document ends there unless something of it stands behind.
	SetEnd func(doc D, end diag.Pos)
}

// A Header is a document without the items of its list.
type Header[D any] struct {
	Document D
	List     Value // as written; the zero Value when there is none
}

// A Result is what was read of a file.
type Result[D, T any] struct {
	Documents []D            // in the order of the file
	Parts     []T            // what Format.Items made, in the order of the file
	Findings  []diag.Finding // sorted
	Broken    bool           // some of the text could not be read at all: syntax, encoding, size
	Pieces    int            // into how many pieces the text was cut; 0 when it was read in one

	// Lost says that the text, which Source.Part let go of, has changed meanwhile or can't be
	// read in pieces. Nothing else is set: read it again, without Part.
	Lost bool
}

// Read reads a file.
func Read[D, T any](src Source, opt Options, format *Format[D, T]) *Result[D, T] {
	r := &reader[D, T]{Format: format, name: src.Name, room: opt.Room}
	if r.room == nil {
		r.room = new(Room)
	}
	size := len(src.Data)
	p, lost := r.read(src.Data, src.Part, opt)
	r.room.forget(size)
	if lost {
		return &Result[D, T]{Lost: true}
	}
	return &Result[D, T]{Documents: p.documents, Parts: p.made, Findings: diag.Sort(p.findings), Broken: p.broken, Pieces: p.pieces}
}

// ReadOne reads a file of one document into to. A file without any sets
// nothing. Messages name the document by what.
func ReadOne[T any](src Source, maxBytes int, what string, table *Table[T], to *T) []diag.Finding {
	n := 0
	result := Read(src, Options{MaxBytes: maxBytes, PieceBytes: -1}, &Format[*T, struct{}]{
		Header: func(w *Walker, v Value, index int) (Header[*T], bool) {
			if n++; n == 2 {
				w.Report(ImpossibleValue, w.Place(v), what+" can have only one document", "remove the others")
			}
			if n == 1 && !v.node.isNull() {
				table.Read(w, v, to)
			}
			return Header[*T]{Document: to}, true
		},
	})
	return result.Findings
}

// A reader reads one file.
type reader[D, T any] struct {
	*Format[D, T]
	name   string
	room   *Room
	direct bool // see direct
}

// A part is what was read of a part of a file.
type part[D, T any] struct {
	report
	documents []D
	open      *T  // takes the items that are read; nil before the first
	made      []T // those that are done
	pieces    int
	finish    func() // what is left to do when all parts are read; may be nil
}

func (r *reader[D, T]) part() *part[D, T] { return &part[D, T]{report: report{file: r.name}} }

// append appends a part that follows.
func (p *part[D, T]) append(q *part[D, T]) {
	p.documents = append(p.documents, q.documents...)
	p.findings = append(p.findings, q.findings...)
	p.made = append(p.made, q.made...)
	p.broken = p.broken || q.broken
}

// done ends the part of the result that takes items.
func (r *reader[D, T]) done(p *part[D, T]) *part[D, T] {
	if p.open != nil {
		r.Done(p.open)
		p.made, p.open = append(p.made, *p.open), nil
	}
	return p
}

// read reads a text. It reports whether it needs the text that it has let go of.
func (r *reader[D, T]) read(data []byte, again func(into []byte, from int) error, opt Options) (p *part[D, T], lost bool) {
	limit := opt.MaxBytes
	if limit <= 0 {
		limit = DefaultMaxBytes
	}
	r.direct = r.List != "" && opt.PieceBytes >= 0
	p = r.part()
	switch {
	case len(data) > limit:
		p.refuse(TooLarge, fmt.Sprintf("the file has %d bytes; the limit is %d", len(data), limit), "split it by service")
	case isUTF16(data):
		p.refuse(Encoding, "the file is UTF-16", "save it as UTF-8")
	default:
		t := stored{data: p.readable(data), part: again, seed: maphash.MakeSeed()}
		if p.broken {
			t.part = nil // what is stored is another text
		}
		switch whole := r.inPieces(&t, opt); {
		case whole != nil:
			p.append(whole)
			p.pieces = whole.pieces
		case t.gone:
			return nil, true
		default:
			r.inOne(p, t.data)
		}
	}
	return p, false
}

// inOne reads a whole text in one piece. When that does not parse, each of its
// documents is read by itself, so that one does not hide the others.
func (r *reader[D, T]) inOne(p *part[D, T], data []byte) {
	if whole, ok := r.group(data, 0, 0, false); ok {
		p.append(whole)
		return
	}
	whole := r.part()
	if _, err := r.decode(whole, newText(data, 0), 0); err == nil {
		p.append(r.done(whole))
		return
	}
	p.broken = true
	for d := range documents(data) {
		text := data[d.from:d.to]
		if alone, ok := r.group(text, d.above, d.index, false); ok {
			p.append(alone)
			continue
		}
		alone, t := r.part(), newText(text, d.above)
		if _, err := r.decode(alone, t, d.index); err != nil {
			alone.syntax(t, err)
		}
		p.append(r.done(alone))
	}
}

// group reads the documents of a text, each by the parser or else by the
// library: all of it, or of a list the items that the parser gives up. It reports
// false when one can't be read by itself.
func (r *reader[D, T]) group(data []byte, above uint32, index int, items bool) (*part[D, T], bool) {
	if hasLoneReturn(data) {
		return nil, false
	}
	if r.direct {
		if out, again, ok := r.groupBy(data, above, index, items, true); !again {
			return out, ok
		}
	}
	out, _, ok := r.groupBy(data, above, index, items, false)
	return out, ok
}

// groupBy is group, directly or not. When reading fails in the midst of what was to be read
// directly, it must be read again.
func (r *reader[D, T]) groupBy(data []byte, above uint32, index int, items, direct bool) (out *part[D, T], again, ok bool) {
	out = r.part()
	p := r.room.take()
	defer r.room.give(p)
	s, t := view(data), newText(data, above)
	for d := range documents(data) {
		if d.count == 0 {
			continue
		}
		end, ok := documentEnd(data[d.from:d.to])
		if !ok {
			return nil, false, false
		}
		text := data[d.from : d.from+end]
		p.nodes.reset(mark{})
		p.start(s, d.from, d.from+end, d.above+1)
		p.bom()
		if direct {
			taken, failed := r.take(out, t, p, mostAliased(text), index+d.index)
			if failed {
				return nil, true, false
			}
			if taken {
				continue
			}
			p.nodes.reset(mark{})
			p.start(s, d.from, d.from+end, d.above+1)
			p.bom()
		}
		root, place := p.document(), t
		if p.failed {
			if items {
				if found, ok := r.byItems(text, above+d.above, index+d.index); ok {
					r.done(out).append(found)
					continue
				}
			}
			place = newText(text, above+d.above)
			if root = place.library(&p.nodes); root == nil {
				return nil, false, false
			}
		}
		r.document(out, place, p, root, mostAliased(text), index+d.index)
	}
	return r.done(out), false, true
}

// take reads the document at hand directly, and reports whether it did. It fails when some of
// its list was taken that must be read in another way.
func (r *reader[D, T]) take(out *part[D, T], t *text, p *parser, allowed, index int) (taken, failed bool) {
	if !p.opening() || p.failed || p.i >= p.end || !isLetter(p.s[p.i]) && p.s[p.i] != '"' && p.s[p.i] != '\'' {
		return false, false
	}
	d := &p.direct
	w := p.walk(r.name, t)
	w.allowed = allowed
	d.text, d.hand = t, atHand{parser: p, site: site{indent: -1}}
	defer func() { d.noAnchors, d.noAliases = false, false }()
	h, ok := r.Header(w, Value{node: mappingToRead, hand: &d.hand}, index)
	if !ok || p.i < p.end {
		return false, false
	}
	out.documents = append(out.documents, h.Document)
	d.noAnchors, d.noAliases = false, false
	if h.List.node != nil {
		r.list(out, w, h.Document, h.List)
	}
	if h.List.items != nil {
		if !h.List.items.whole() {
			return false, true
		}
		r.SetEnd(h.Document, d.last)
	}
	out.findings = append(out.findings, w.findings...)
	return true, false
}

// library reads a text of one document with the library, and returns nil when
// it can't.
func (t *text) library(nodes *arena) *node {
	decoder := yaml.NewDecoder(bytes.NewReader(t.data))
	var root, second yaml.Node
	if err := decoder.Decode(&root); err != nil || len(root.Content) != 1 || decoder.Decode(&second) != io.EOF {
		return nil
	}
	return t.convert(&root, nodes)
}

// decode reads the documents of a text with the library, up to its end or up to
// the first that does not parse, and returns how many it has read. The first has
// the given index.
func (r *reader[D, T]) decode(out *part[D, T], t *text, index int) (int, error) {
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
			p := new(parser)
			r.document(out, t, p, t.convert(&root, &p.nodes), mostAliased(t.data), index+n)
		}
	}
}

// document reads one document: its header, then its list. Its aliases may lead to so many nodes.
func (r *reader[D, T]) document(out *part[D, T], t *text, p *parser, root *node, allowed, index int) {
	w := p.walk(r.name, t)
	w.allowed = allowed
	if h, ok := r.header(w, root, index); ok {
		out.documents = append(out.documents, h.Document)
		if h.List.node != nil {
			r.list(out, w, h.Document, h.List)
		}
	}
	out.findings = append(out.findings, w.findings...)
}

// header reads all of a document but its list.
func (r *reader[D, T]) header(w *Walker, root *node, index int) (Header[D], bool) {
	if root.isEmpty() {
		return Header[D]{}, false
	}
	v, ok := w.Follow(nil, root)
	if !ok {
		return Header[D]{}, false
	}
	return r.Header(w, v, index)
}

// list reads the list of a document.
func (r *reader[D, T]) list(p *part[D, T], w *Walker, doc D, written Value) {
	n := written.node
	if written.alias != nil {
		n = written.alias
	}
	v := written
	if written.items == nil {
		var ok bool
		if v, ok = w.Follow(written.key, n); !ok {
			return
		}
		defer w.Leave(v)
	}
	w.path = append(w.path[:0], r.List)
	if p.open == nil {
		p.open = new(T)
	}
	r.Items(w, doc, v, p.open)
}

// mostAliased limits the nodes that may be reached through aliases: in proportion to the
// document, so that no bomb grows faster.
func mostAliased(text []byte) int { return 100_000 + len(text) }
