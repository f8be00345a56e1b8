package yamlfile

import "waitornot/decide/parallel"

// A Room is what reading needs while it works, kept for the next file: reading many small
// files makes it once and not for each. It can be shared by goroutines. The zero Room is
// empty; what it has grown to goes with it.
type Room struct {
	parsers parallel.Spare[*parser]
	buffers parallel.Spare[[]byte] // for pieces of texts that nobody holds
}

// buffer returns room for a piece of a size.
func (r *Room) buffer(size int) []byte {
	if b, ok := r.buffers.Take(); ok && cap(b) >= size {
		return b[:size]
	}
	return make([]byte, size, size+size/8)
}

// mostPinned is how long a text may be, in bytes, that a parser which waits for the next
// one still holds.
const mostPinned = 64 << 10

func (r *Room) take() *parser {
	if p, ok := r.parsers.Take(); ok {
		return p
	}
	return new(parser)
}

// give takes a parser back.
func (r *Room) give(p *parser) {
	p.s, p.anchors, p.direct = "", nil, direct{}
	p.walk("", nil)
	r.parsers.Give(p)
}

// forget lets go of a text of a size that has been read: the values of nodes are parts of it.
func (r *Room) forget(size int) {
	if size <= mostPinned {
		return
	}
	var waiting []*parser
	for p, ok := r.parsers.Take(); ok; p, ok = r.parsers.Take() {
		for _, chunk := range p.nodes.chunks {
			clear(chunk)
		}
		p.open = nil
		waiting = append(waiting, p)
	}
	for _, p := range waiting {
		r.parsers.Give(p)
	}
}
