package markup

import (
	"bufio"
	"io"
)

// A Writer is a buffered stream that formats write to. The first error, of the stream
// or of an encoder, stays with it until Flush, so that a document that could not be
// encoded is never taken for one that was written.
type Writer struct {
	*bufio.Writer
	fault error // of an encoder
}

// NewWriter returns a writer on a stream.
func NewWriter(w io.Writer) *Writer { return &Writer{Writer: bufio.NewWriterSize(w, 64<<10)} }

// Flush writes what is still buffered and returns the first error.
func (w *Writer) Flush() error {
	if w.fault != nil {
		return w.fault
	}
	return w.Writer.Flush()
}

// JSON writes a value as a whole document, as WriteJSON does.
func (w *Writer) JSON(v any) {
	if err := WriteJSON(w, v); err != nil {
		w.Fail(err)
	}
}

// Fail keeps an error for Flush, unless there is one already.
func (w *Writer) Fail(err error) {
	if w.fault == nil {
		w.fault = err
	}
}
