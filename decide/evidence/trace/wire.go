package trace

import (
	"encoding/binary"
	"math"
)

// A wireError says what is wrong with protobuf.
type wireError string

// Error returns what is wrong.
func (e wireError) Error() string { return string(e) }

const (
	errShort = wireError("the protobuf ends inside a field")
	errWire  = wireError("this isn't OTLP in protobuf")
)

// A wire takes the fields of one message.
type wire struct {
	text []byte
	err  error
	// The field that next took: its number, and its value by its type.
	field int
	value uint64
	bytes []byte // nil when the value is a number
}

// next takes a field. It returns false at the end and on errors.
func (w *wire) next() bool {
	if w.err != nil || len(w.text) == 0 {
		return false
	}
	tag := w.varint()
	w.field, w.bytes = int(min(tag>>3, math.MaxInt32)), nil
	switch tag & 7 {
	case 0:
		w.value = w.varint()
	case 1:
		if b := w.take(8); b != nil {
			w.value = binary.LittleEndian.Uint64(b)
		}
	case 2:
		w.bytes = w.take(w.varint())
	case 5:
		if b := w.take(4); b != nil {
			w.value = uint64(binary.LittleEndian.Uint32(b))
		}
	default:
		w.err = errWire
	}
	return w.err == nil
}

func (w *wire) varint() uint64 {
	n, size := binary.Uvarint(w.text)
	if size <= 0 {
		w.err = errShort
		return 0
	}
	w.text = w.text[size:]
	return n
}

func (w *wire) take(n uint64) []byte {
	if n > uint64(len(w.text)) {
		w.err = errShort
		return nil
	}
	b := w.text[:n:n]
	w.text = w.text[n:]
	return b
}
