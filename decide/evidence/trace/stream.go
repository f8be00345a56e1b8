package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"

	"github.com/klauspost/compress/zstd"
)

// largestWindow is how far back a zstd stream may refer: it bounds memory.
const largestWindow = 32 << 20

// Decompress returns what a stream holds once it is unpacked, when it begins as
// gzip or zstd do, else the stream itself. The stream is read as it goes; done
// frees what unpacking took.
func Decompress(r io.Reader) (plain io.Reader, done func(), err error) {
	in := bufio.NewReaderSize(r, 64<<10)
	magic, _ := in.Peek(4) // an error comes again when the stream is read
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		return z, func() {}, err
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(largestWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return in, func() {}, nil
}

// Recognize reports whether what a stream begins with, unpacked, looks like
// traces. A few kilobytes are enough.
func Recognize(head []byte) bool {
	if len(head) == 0 {
		return false
	}
	if looksBinary(head) {
		return true
	}
	has := func(word string) bool { return bytes.Contains(head, []byte(word)) }
	switch first := bytes.TrimLeft(head, " \t\r\n"); {
	case len(first) == 0:
		return false
	case first[0] == '{':
		return has(`"resourceSpans"`) || has(`"resource_spans"`) || has(`"traceID"`) && has(`"spanID"`) || has(`"data":[]`) && has(`"total"`)
	case first[0] == '[':
		return has(`"traceId"`) && has(`"id"`)
	}
	return false
}
