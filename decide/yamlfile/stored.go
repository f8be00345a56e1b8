package yamlfile

import "hash/maphash"

// A stored text is one of which pieces are read: out of memory, or again from where it lies,
// so that nobody has to hold all of it.
type stored struct {
	data []byte
	part func(into []byte, from int) error // see Source.Part
	seed maphash.Seed
	gone bool // data was released
}

// pieceBytes is about how much of the text is parsed at a time. A piece that is opened again for
// itself is larger, since that takes time, too.
func (t *stored) pieceBytes() int {
	if t.part != nil {
		return 2 * defaultPieceBytes
	}
	return defaultPieceBytes
}

// release lets go of the text if pieces of it can be read again.
func (t *stored) release() {
	if t.part != nil {
		t.data, t.gone = nil, true
	}
}

// with returns the job that reads the text between two offsets when its turn comes. The job
// fails if the text isn't to be had any more, or has changed.
func with[D, T any](r *reader[D, T], t *stored, from, to int, read func([]byte) (*part[D, T], bool)) job[D, T] {
	text := t.data[from:to]
	if t.part == nil {
		return func() (*part[D, T], bool) { return read(text) }
	}
	again, seed, sum := t.part, t.seed, maphash.Bytes(t.seed, text)
	return func() (*part[D, T], bool) {
		text := r.room.buffer(to - from)
		defer r.room.buffers.Give(text)
		if again(text, from) != nil || maphash.Bytes(seed, text) != sum {
			return nil, false
		}
		return read(text)
	}
}
