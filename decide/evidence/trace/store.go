// Package trace makes evidence of traces: which operations there are, and what
// was measured of each. Spans come from OTLP, Jaeger or Zipkin, in any order and
// from any number of files; they are joined by trace, parent and link.
//
// Memory is bounded: spans are kept in partitions by trace, and what is beyond
// the limit goes to a file that the caller provides.
package trace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

// Options say what reading may use. The zero value keeps all spans in memory
// and works with one goroutine.
type Options struct {
	Workers int // goroutines that read and join; at least one
	// Memory is how many bytes of spans are kept before they go to the file that
	// Spill returns; 0 means 64 MiB. Without Spill all stays in memory.
	Memory int64
	Spill  func() (SpillFile, error)
}

// A SpillFile holds what memory has no room for. Whoever opened it closes it
// once the sightings are there.
type SpillFile interface {
	io.Writer
	io.ReaderAt
}

// A Fault is a piece of a source that could not be read. The rest was.
type Fault struct {
	Source string
	Line   int // from 1; 0 where lines mean nothing
	Reason string
}

// String returns the place and the reason.
func (f Fault) String() string {
	if f.Line == 0 {
		return f.Source + ": " + f.Reason
	}
	return fmt.Sprintf("%s:%d: %s", f.Source, f.Line, f.Reason)
}

// shownFaults is how many faults a report names.
const shownFaults = 10

// A Report says what was read and what could not be used.
type Report struct {
	Spans   int64
	Broken  int64   // pieces that could not be read
	Faults  []Fault // the first of them by place
	Orphans int64   // calls and messages that arrived, but whose sender was not recorded
	Spilled int64   // bytes that went to the file
}

const partitions = 256

// chunkSize is how much of a partition is handed over at a time.
const chunkSize = 200 * recordSize

// An extent is a chunk in the spill file.
type extent struct {
	offset int64
	size   int
}

type partition struct {
	chunks  [][]byte
	spilled []extent
}

// A Store collects spans. Reading is safe for several goroutines; sightings are
// made once, after all is read.
type Store struct {
	options Options
	words   *words

	mu      sync.Mutex
	parts   [partitions]partition
	held    int64
	free    [][]byte
	file    SpillFile
	failed  error // of the file
	report  Report
	sources []string
}

// NewStore returns an empty store.
func NewStore(o Options) *Store {
	o.Workers = max(o.Workers, 1)
	if o.Memory <= 0 {
		o.Memory = 64 << 20
	}
	return &Store{options: o, words: newWords()}
}

// add takes a chunk of a partition, and returns an empty one.
func (s *Store) add(part int, chunk []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(chunk) > 0 {
		s.parts[part].chunks = append(s.parts[part].chunks, chunk)
		s.held += int64(cap(chunk))
		s.report.Spans += int64(len(chunk) / recordSize)
	}
	if s.held > s.options.Memory && s.options.Spill != nil && s.failed == nil {
		s.failed = s.spill()
	}
	if n := len(s.free); n > 0 {
		chunk, s.free = s.free[n-1], s.free[:n-1]
		return chunk[:0]
	}
	return make([]byte, 0, chunkSize)
}

// spill moves all chunks to the file.
func (s *Store) spill() error {
	if s.file == nil {
		f, err := s.options.Spill()
		if err != nil {
			return fmt.Errorf("a temporary file for spans: %w", err)
		}
		s.file = f
	}
	for i := range s.parts {
		p := &s.parts[i]
		for _, c := range p.chunks {
			if _, err := s.file.Write(c); err != nil {
				return fmt.Errorf("a temporary file for spans: %w", err)
			}
			p.spilled = append(p.spilled, extent{s.report.Spilled, len(c)})
			s.report.Spilled += int64(len(c))
			s.free = append(s.free, c)
		}
		p.chunks = p.chunks[:0]
	}
	s.held = 0
	return nil
}

// load appends the records of a partition.
func (s *Store) load(part int, to []record) ([]record, error) {
	p := &s.parts[part]
	var buffer []byte
	for _, e := range p.spilled {
		buffer = slices.Grow(buffer[:0], e.size)[:e.size]
		if n, err := s.file.ReadAt(buffer, e.offset); err != nil && !(n == e.size && errors.Is(err, io.EOF)) {
			return nil, fmt.Errorf("a temporary file for spans: %w", err)
		}
		to = appendRecords(to, buffer)
	}
	for _, c := range p.chunks {
		to = appendRecords(to, c)
	}
	return to, nil
}

func appendRecords(to []record, chunk []byte) []record {
	for ; len(chunk) >= recordSize; chunk = chunk[recordSize:] {
		to = append(to, record{})
		to[len(to)-1].decode(chunk)
	}
	return to
}

// Spans returns how many spans were taken so far; those that a reader still has
// in its hands come later.
func (s *Store) Spans() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.report.Spans
}

func (s *Store) fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.Broken++
	s.report.Faults = append(s.report.Faults, f)
	slices.SortFunc(s.report.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), a.Line-b.Line, cmp.Compare(a.Reason, b.Reason))
	})
	s.report.Faults = s.report.Faults[:min(len(s.report.Faults), shownFaults)]
}

// broken returns what keeps the store from taking more.
func (s *Store) broken(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cmp.Or(s.failed, ctx.Err())
}

// A writer turns drafts into records. Each goroutine has its own.
type writer struct {
	store     *Store
	source    string
	scan      scanner
	draft     draft
	buffers   [partitions][]byte
	known     map[string]word // of the store's words
	text      []byte
	value     []byte
	waiting   []record // spans whose resource has not been read yet
	early     bool     // spans wait
	picky     bool     // lines that begin otherwise than spans do are no faults
	service   word
	processes map[word]word // Jaeger's processes, whose names stand behind their spans
}

// mostKnown bounds what one writer remembers of the store's words.
const mostKnown = 1 << 16

// mostWaiting bounds the spans in front of their resource.
const mostWaiting = 1 << 18

func (s *Store) writer(source string) *writer {
	return &writer{store: s, source: source, known: make(map[string]word)}
}

func (w *writer) word(text []byte) word {
	if len(text) == 0 {
		return 0
	}
	if n, ok := w.known[string(text)]; ok {
		return n
	}
	n := w.store.words.number(text)
	if len(w.known) == mostKnown {
		clear(w.known)
	}
	w.known[string(text)] = n
	return n
}

// emit writes the draft as a span of the writer's service.
func (w *writer) emit() {
	d := &w.draft
	if d.id == 0 || d.trace == (traceID{}) {
		w.scan.fail("a span has no id or no trace id")
		return
	}
	d.settle()
	r := record{
		trace: d.trace, id: d.id, parent: d.parent, start: d.start, end: d.end, kind: d.kind,
		service: w.service, status: uint16(d.number(httpStatus)), resend: uint8(min(d.number(resendCount), 255)),
	}
	if r.parent == r.id && !d.shared {
		r.parent = 0
	}
	r.mark(failed, d.failed)
	r.mark(timedOut, d.timedOut)
	r.mark(shared, d.shared)
	r.mark(receives, d.kind == consumer && d.receives())
	var exact bool
	w.text, exact = d.operation(w.text[:0])
	r.name = w.word(w.text)
	r.mark(template, exact)
	switch d.kind {
	case client:
		w.text = d.peer(w.text[:0])
		r.peer = w.word(w.text)
		r.broker = w.word(d.get(dbSystem))
		r.path = hash(hash(hashStart, d.get(httpMethod)), d.path())
	case producer, consumer:
		r.broker = w.word(d.get(messagingSystem))
		w.text = appendNormal(w.text[:0], d.channel())
		r.channel = w.word(w.text)
	}
	w.put(r)
	if d.kind == consumer {
		w.putLinked(r)
	}
}

func (r *record) mark(f flags, set bool) {
	if set {
		r.flags |= f
	}
}

// putLinked writes copies of a consumer's span to the traces that its links
// point to, where the span that sent the message is.
func (w *writer) putLinked(r record) {
	for _, l := range w.draft.links {
		if l.id == 0 || l.trace == r.trace && l.id == r.parent {
			continue
		}
		c := r
		c.trace, c.parent = l.trace, l.id
		c.flags |= linked
		w.put(c)
	}
}

// put hands a record to its partition, or keeps it until its service is known.
func (w *writer) put(r record) {
	if w.early {
		if len(w.waiting) == mostWaiting {
			w.scan.fail("more than %d spans come before their resource", mostWaiting)
			return
		}
		w.waiting = append(w.waiting, r)
		return
	}
	part := int(mix(r.trace) % partitions)
	b := w.buffers[part]
	if b == nil {
		b = w.store.add(part, nil)
	}
	b = r.append(b)
	if len(b) == chunkSize {
		b = w.store.add(part, b)
	}
	w.buffers[part] = b
}

// mix spreads trace ids over partitions, even those that count upward.
func mix(id traceID) uint64 {
	x := (id[0] ^ id[1]) * 0x9e3779b97f4a7c15
	return x ^ x>>32
}

// release writes the spans that waited for their resource.
func (w *writer) release() {
	w.early = false
	for _, r := range w.waiting {
		r.service = w.service
		w.put(r)
	}
	w.waiting = w.waiting[:0]
}

// close hands over what is left.
func (w *writer) close() {
	for part, b := range w.buffers {
		if len(b) > 0 {
			w.store.add(part, b)
		}
	}
	w.buffers = [partitions][]byte{}
}
