package trace

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"sync"
)

// OTLP in protobuf is read by its wire format, field by field. The collector's
// own library would take a whole export into memory before it yields a span, and
// raise eight modules that the rest of the program shares.

// longestResource is how long the spans of one resource may be in protobuf.
const longestResource = 64 << 20

// looksBinary reports whether a stream is protobuf rather than text: the length
// of an export, or the field of a resource, in which a resource or spans follow.
func looksBinary(head []byte) bool {
	if head[0] == 0 {
		return true
	}
	if head[0] != 1<<3|2 || looksJSON(head[:min(len(head), 512)]) {
		return false
	}
	_, n := binary.Uvarint(head[1:])
	return n > 0 && (n+1 == len(head) || head[n+1] == 1<<3|2 || head[n+1] == 2<<3|2)
}

// looksJSON reports whether a text begins with brackets and a key, or with
// brackets that close again.
func looksJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	inner := bytes.TrimLeft(head, "[{ \t\r\n")
	return len(inner) < len(head) && len(inner) > 1 && (inner[0] == '"' && inner[1] > ' ' || inner[0] == '}' || inner[0] == ']')
}

// readBinary reads a stream of exports. The collector's file exporter writes the
// length of each in front of it, as four bytes.
func (s *Store) readBinary(ctx context.Context, name string, in *bufio.Reader, framed bool) error {
	blocks := make(chan block, s.options.Workers)
	var group sync.WaitGroup
	for range s.options.Workers {
		group.Go(func() {
			w := s.writer(name)
			for b := range blocks {
				w.scan.err = nil
				w.binaryResource(b.text)
				if err := w.scan.err; err != nil {
					s.fault(Fault{Source: name, Reason: fmt.Sprintf("resource %d: %v", b.number, err)})
				}
			}
			w.close()
		})
	}
	err := cutBinary(ctx, in, framed, blocks)
	close(blocks)
	group.Wait()
	var wrong wireError
	if errors.As(err, &wrong) {
		s.fault(Fault{Source: name, Reason: wrong.Error()})
		err = nil
	}
	if err != nil {
		return err
	}
	return s.broken(ctx)
}

// cutBinary sends the resources of a stream as blocks.
func cutBinary(ctx context.Context, in *bufio.Reader, framed bool, blocks chan<- block) error {
	for n := 1; ; n++ {
		if framed {
			if err := frame(in); err != nil {
				return ended(err)
			}
			framed = false // what follows up to the next zero byte is this export
		}
		c, err := in.ReadByte()
		if err != nil {
			return ended(err)
		}
		if c == 0 && n > 1 { // the length of the next export
			if err := in.UnreadByte(); err != nil {
				return err
			}
			framed = true
			continue
		}
		text, err := field(in, c)
		if err != nil {
			return err
		}
		if c != 1<<3|2 {
			continue
		}
		select {
		case blocks <- block{text, n}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// frame takes the length of an export. It needs not be known: the fields of an
// export have lengths of their own, and none begins with the length's zero byte.
func frame(in *bufio.Reader) error {
	var length [4]byte
	_, err := io.ReadFull(in, length[:])
	return err
}

func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errShort
	}
	return err
}

// field reads a field with a length, behind its first byte.
func field(in *bufio.Reader, tag byte) ([]byte, error) {
	if tag&7 != 2 || tag >= 0x80 {
		return nil, errWire
	}
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return nil, short(err)
	}
	if n > longestResource {
		return nil, wireError("the spans of one resource are longer than 64 MiB, or " + string(errWire))
	}
	text := make([]byte, 0, min(n, 64<<10))
	for uint64(len(text)) < n { // a length alone takes no memory
		from := len(text)
		text = append(text, make([]byte, min(n-uint64(from), uint64(max(from, 64<<10))))...)
		if _, err := io.ReadFull(in, text[from:]); err != nil {
			return nil, short(err)
		}
	}
	return text, nil
}

func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errShort
	}
	return err
}

// A block is the spans of one resource, numbered from 1.
type block struct {
	text   []byte
	number int
}

// binaryExport reads an export that is wholly in memory.
func (w *writer) binaryExport(text []byte) {
	w.scan.err = nil
	m := wire{text: text}
	for m.next() {
		if m.field == 1 && m.bytes != nil {
			w.binaryResource(m.bytes)
		}
	}
	w.wireFault(m.err)
}

// binaryResource reads the spans of one resource. The error is the scanner's.
func (w *writer) binaryResource(text []byte) {
	m := wire{text: text}
	w.service = 0
	for m.next() { // the resource first, wherever it stands
		if m.field == 1 && m.bytes != nil {
			w.draft.reset()
			w.binaryAttributes(m.bytes, 1)
			w.service = w.word(w.draft.get(serviceName))
		}
	}
	w.wireFault(m.err)
	for m := (wire{text: text}); m.next(); {
		if m.field == 2 || m.field == 1000 {
			for scope := (wire{text: m.bytes}); scope.next(); {
				if scope.field == 2 {
					w.binarySpan(scope.bytes)
				}
			}
		}
	}
}

func (w *writer) wireFault(err error) {
	if err != nil && w.scan.err == nil {
		w.scan.err = err
	}
}

// binaryAttributes reads the attributes of a message, which stand in the given
// field.
func (w *writer) binaryAttributes(text []byte, field int) {
	m := wire{text: text}
	for m.next() {
		if m.field == field {
			w.binaryAttribute(m.bytes)
		}
	}
	w.wireFault(m.err)
}

func (w *writer) binaryAttribute(text []byte) {
	key, value := ignored, []byte(nil)
	m := wire{text: text}
	for m.next() {
		switch m.field {
		case 1:
			key = meaning(m.bytes)
		case 2:
			value = m.bytes
		}
	}
	w.wireFault(m.err)
	if key == ignored {
		return
	}
	for m = (wire{text: value}); m.next(); {
		switch m.field {
		case 1:
			w.draft.set(key, m.bytes)
		case 2:
			w.value = strconv.AppendBool(w.value[:0], m.value != 0)
			w.draft.set(key, w.value)
		case 3:
			w.value = strconv.AppendInt(w.value[:0], int64(m.value), 10)
			w.draft.set(key, w.value)
		case 4:
			w.value = strconv.AppendFloat(w.value[:0], math.Float64frombits(m.value), 'g', -1, 64)
			w.draft.set(key, w.value)
		}
	}
	w.wireFault(m.err)
}

func (w *writer) binarySpan(text []byte) {
	d := &w.draft
	d.reset()
	m := wire{text: text}
	for m.next() {
		switch m.field {
		case 1:
			d.trace = w.binaryTraceID(m.bytes)
		case 2:
			d.id = w.binarySpanID(m.bytes)
		case 4:
			d.parent = w.binarySpanID(m.bytes)
		case 5:
			d.setName(m.bytes)
		case 6:
			d.kind = kind(min(m.value, 6))
		case 7:
			d.start = w.binaryTime(m.value)
		case 8:
			d.end = w.binaryTime(m.value)
		case 9:
			w.binaryAttribute(m.bytes)
		case 13:
			w.binaryLink(m.bytes)
		case 15:
			w.binaryStatus(m.bytes)
		}
	}
	w.wireFault(m.err)
	if d.kind > consumer {
		d.kind = 0
	}
	if w.scan.err == nil {
		w.emit()
	}
}

func (w *writer) binaryTime(n uint64) int64 {
	if n > math.MaxInt64 {
		w.wireFault(wireError("a time isn't a number of nanoseconds"))
		return 0
	}
	return int64(n)
}

func (w *writer) binaryLink(text []byte) {
	var l link
	m := wire{text: text}
	for m.next() {
		switch m.field {
		case 1:
			l.trace = w.binaryTraceID(m.bytes)
		case 2:
			l.id = w.binarySpanID(m.bytes)
		}
	}
	w.wireFault(m.err)
	if len(w.draft.links) < mostLinks {
		w.draft.links = append(w.draft.links, l)
	}
}

func (w *writer) binaryStatus(text []byte) {
	m := wire{text: text}
	for m.next() {
		switch m.field {
		case 2:
			w.draft.timedOut = timeoutWord(m.bytes)
		case 3:
			w.draft.failed = m.value == 2
		}
	}
	w.wireFault(m.err)
}

func (w *writer) binaryTraceID(b []byte) traceID {
	if len(b) != 16 {
		w.wireFault(wireError("a trace id doesn't have 16 bytes"))
		return traceID{}
	}
	return traceID{bigEndian(b[:8]), bigEndian(b[8:])}
}

func (w *writer) binarySpanID(b []byte) uint64 {
	if len(b) != 8 && len(b) != 0 {
		w.wireFault(wireError("a span id doesn't have 8 bytes"))
		return 0
	}
	return bigEndian(b)
}
