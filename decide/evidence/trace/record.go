package trace

import (
	"encoding/binary"
	"slices"
)

// A record is what joining needs of one span: of a fixed size, so that spans
// beyond memory go to a file and come back. Words are numbers of the store's.
type record struct {
	trace      traceID
	id, parent uint64
	start, end int64
	service    word
	name       word   // of the operation, as this side tells it
	peer       word   // whom a client's span calls, as it tells
	channel    word   // of a message
	broker     word   // the messaging system, or the kind of database
	path       uint32 // a hash of the concrete request
	status     uint16 // of HTTP
	flags      flags
	kind       kind
	resend     uint8
}

type flags uint16

const (
	failed   flags = 1 << iota
	timedOut       // it failed because time ran out
	template       // the name comes from a template or an interface
	linked         // a copy in the trace that a link points to; parent is the linked span
	receives       // it fetches messages, and another span may handle them
	shared         // it has the id of its client's span
)

const recordSize = 16 + 4*8 + 6*4 + 2 + 2 + 1 + 1

func (r *record) has(f flags) bool { return r.flags&f != 0 }

func (r *record) append(to []byte) []byte {
	le, n := binary.LittleEndian, len(to)
	to = slices.Grow(to, recordSize)[:n+recordSize]
	b := to[n:]
	for i, v := range [...]uint64{r.trace[0], r.trace[1], r.id, r.parent, uint64(r.start), uint64(r.end)} {
		le.PutUint64(b[8*i:], v)
	}
	for i, v := range [...]uint32{uint32(r.service), uint32(r.name), uint32(r.peer), uint32(r.channel), uint32(r.broker), r.path} {
		le.PutUint32(b[48+4*i:], v)
	}
	le.PutUint16(b[72:], r.status)
	le.PutUint16(b[74:], uint16(r.flags))
	b[76], b[77] = byte(r.kind), r.resend
	return to
}

func (r *record) decode(from []byte) {
	le := binary.LittleEndian
	long := func(i int) uint64 { return le.Uint64(from[8*i:]) }
	short := func(i int) word { return word(le.Uint32(from[48+4*i:])) }
	*r = record{
		trace: traceID{long(0), long(1)}, id: long(2), parent: long(3), start: int64(long(4)), end: int64(long(5)),
		service: short(0), name: short(1), peer: short(2), channel: short(3), broker: short(4),
		path: uint32(short(5)), status: le.Uint16(from[72:]), flags: flags(le.Uint16(from[74:])), kind: kind(from[76]), resend: from[77],
	}
}

// took is how long the span lasted, in nanoseconds; never negative.
func (r *record) took() int64 { return r.end - r.start }

// hash is FNV-1a.
func hash(h uint32, text []byte) uint32 {
	for _, c := range text {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

const hashStart = 2166136261
