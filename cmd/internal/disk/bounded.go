package disk

import (
	"bytes"
	"io"
)

// Bounded is a buffer that takes so many bytes, and no byte more.
type Bounded struct {
	Most int
	Full bool // more was written, which failed
	kept bytes.Buffer
}

// Write keeps p, or fails when that would be more than the most: whatever writes then ends.
func (b *Bounded) Write(p []byte) (int, error) {
	if len(p) > b.Most-b.kept.Len() {
		b.Full = true
		return 0, io.ErrShortWrite
	}
	return b.kept.Write(p)
}

// Bytes returns what was kept.
func (b *Bounded) Bytes() []byte { return b.kept.Bytes() }
