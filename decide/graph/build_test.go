package graph

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// builder makes manifests without a text: every value gets a place of its own.
type builder struct {
	line  uint32
	files []*manifest.File
	ops   map[*manifest.Document][]manifest.Operation
}

func newBuilder() *builder { return &builder{ops: map[*manifest.Document][]manifest.Operation{}} }

func put[T any](b *builder, f *manifest.Field[T], v T) {
	b.line++
	f.Value = v
	f.Range = diag.Range{Start: diag.Pos{Line: b.line, Column: 5}, End: diag.Pos{Line: b.line, Column: 9}}
}

// given is put for a value that is not 0.
func given[T comparable](b *builder, f *manifest.Field[T], v T) {
	if v != *new(T) {
		put(b, f, v)
	}
}

// doc starts a document of a service in a file of its own.
func (b *builder) doc(service string) *manifest.Document {
	d := manifest.NewDocument(fmt.Sprintf("%02d-%s.yaml", len(b.files), service), 0)
	if service != "" {
		put(b, &d.Service, service)
	}
	b.files = append(b.files, &manifest.File{Name: d.File, Documents: []*manifest.Document{d}})
	return d
}

// An option sets a fact of an operation.
type option func(*builder, *manifest.Operation)

// op adds an operation to a document: a name, "> callee", a mode and options.
func (b *builder) op(d *manifest.Document, name, callee string, mode decide.Verdict, options ...option) {
	op := manifest.Operation{Service: d.Service.Value}
	put(b, &op.Name, name)
	op.Range = op.Name.Range
	if callee != "" {
		put(b, &op.Callee, callee)
	}
	if mode != decide.Undecided {
		put(b, &op.Mode, mode)
	}
	for _, o := range options {
		o(b, &op)
	}
	b.ops[d] = append(b.ops[d], op)
}

// calls adds synchronous operations, each given as "caller>callee".
func (b *builder) calls(d *manifest.Document, calls ...string) {
	for i, call := range calls {
		from, to, _ := strings.Cut(call, ">")
		b.op(d, fmt.Sprint("o", i), to, decide.Sync, caller(from))
	}
}

func p99(d time.Duration) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.Answers.Latency, d) }
}

func p50(d time.Duration) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.Typical, d) }
}

func calls(n int) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.Calls, n) }
}

func up(share float64) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.Availability, share) }
}

func attempts(n int) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.Retry.Attempts, n) }
}

func soft(b *builder, o *manifest.Operation) { put(b, &o.Critical, false) }

func caller(name string) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.Caller, name) }
}

func through(broker string) option {
	return func(b *builder, o *manifest.Operation) {
		put(b, &o.Delivery.Broker, broker)
		o.Delivery.Range = o.Delivery.Broker.Range
	}
}

func outbox(b *builder, o *manifest.Operation) {
	put(b, &o.Delivery.Outbox, true)
	o.Delivery.Range = o.Delivery.Outbox.Range
}

// afterThe says that operations lead to it.
func afterThe(names ...string) option {
	return func(b *builder, o *manifest.Operation) {
		for _, name := range names {
			var f manifest.Field[string]
			put(b, &f, name)
			o.After = append(o.After, f)
		}
	}
}

func triggered(by string) option {
	return func(b *builder, o *manifest.Operation) { put(b, &o.TriggeredBy, by) }
}

func handledBy(names ...string) option {
	return func(b *builder, o *manifest.Operation) {
		for _, name := range names {
			var f manifest.Field[string]
			put(b, &f, name)
			o.Delivery.Handlers = append(o.Delivery.Handlers, f)
		}
		put(b, &o.Delivery.Consumers, len(names))
		o.Delivery.Range = o.Delivery.Consumers.Range
	}
}

// answers gives the four answers: y, n, l (later), b (beyond) or ?.
func answers(word string) option {
	return func(b *builder, o *manifest.Operation) {
		for i, q := range decide.Questions() {
			var f manifest.Field[decide.Answer]
			put(b, &f, map[byte]decide.Answer{'y': decide.Yes, 'n': decide.No, 'l': decide.Later, 'b': decide.Beyond, '?': decide.Unknown}[word[i]])
			o.Answers.Set(q, f)
		}
	}
}

// broker declares a broker; without an availability when share is 0.
func (b *builder) broker(d *manifest.Document, name string, share float64) {
	var br manifest.Broker
	put(b, &br.Name, name)
	if share > 0 {
		put(b, &br.Availability, share)
	}
	d.Brokers = append(d.Brokers, br)
}

// journey adds a journey. Steps are separated by blanks; "a|b" run in parallel.
func (b *builder) journey(d *manifest.Document, name, steps string) *manifest.Journey {
	var j manifest.Journey
	put(b, &j.Name, name)
	for _, word := range strings.Fields(steps) {
		var s manifest.Step
		if parts := strings.Split(word, "|"); len(parts) > 1 {
			for _, p := range parts {
				var inner manifest.Step
				put(b, &inner.Operation, p)
				s.Parallel = append(s.Parallel, inner)
			}
		} else {
			put(b, &s.Operation, word)
		}
		j.Steps = append(j.Steps, s)
	}
	d.Journeys = append(d.Journeys, j)
	return &d.Journeys[len(d.Journeys)-1]
}

// build joins everything, the operations of a document in pieces of the given
// size; 0 means in one piece.
func (b *builder) build(t testing.TB, piece int) *Graph {
	t.Helper()
	table := decidetest.Table(t)
	var parts []Part
	for _, f := range b.files {
		for _, d := range f.Documents {
			ops := b.ops[d]
			for len(ops) > 0 {
				n := len(ops)
				if piece > 0 {
					n = min(n, piece)
				}
				parts = append(parts, Collect(d, ops[:n], table, decide.DefaultLimits()))
				ops = ops[n:]
			}
		}
	}
	return Join(b.files, parts)
}
