package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"waitornot/decide/diag"
)

func jsonSpan(r diag.Range) *jsonRange {
	if !r.IsValid() {
		return nil
	}
	return &jsonRange{jsonPos(r.Start), jsonPos(r.End)}
}

// An encoder writes JSON values one after the other, without holding a whole
// document.
type encoder struct {
	*bufio.Writer
	json *json.Encoder
}

func newEncoder(w *bufio.Writer) *encoder {
	e := &encoder{w, json.NewEncoder(&oneLine{w})}
	e.json.SetEscapeHTML(false)
	return e
}

// value writes v without a line break. All values are our own types, which
// always encode.
func (e *encoder) value(v any) { _ = e.json.Encode(v) }

// oneLine drops the line break that ends each write of a json.Encoder, and
// writes as an escape whatever a terminal might obey or hide. Such a character
// can stand inside a string alone, where an escape means the same.
type oneLine struct{ *bufio.Writer }

func (o *oneLine) Write(p []byte) (int, error) {
	text := bytes.TrimSuffix(p, []byte{'\n'})
	for {
		i := bytes.IndexFunc(text, unseen)
		if i < 0 {
			_, err := o.Writer.Write(text)
			return len(p), err
		}
		r, size := utf8.DecodeRune(text[i:])
		o.Writer.Write(text[:i])
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(o.Writer, `\u%04x`, unit)
		}
		text = text[i+size:]
	}
}

// unseen reports whether a character of JSON cannot be seen.
func unseen(r rune) bool { return r == 0x7f || r >= utf8.RuneSelf && !unicode.IsPrint(r) }

// An array writes its elements one a line.
type array struct {
	*encoder
	started bool
}

func (e *encoder) array() *array {
	e.WriteByte('[')
	return &array{encoder: e}
}

func (a *array) add(v any) {
	if a.started {
		a.WriteByte(',')
	}
	a.started = true
	a.WriteByte('\n')
	a.value(v)
}

func (a *array) end() {
	if a.started {
		a.WriteByte('\n')
	}
	a.WriteByte(']')
}

// list writes an array of items.
func list[T, J any](e *encoder, items []T, as func(*T) J) {
	a := e.array()
	for i := range items {
		a.add(as(&items[i]))
	}
	a.end()
}

// WriteJSON writes a document, indented. What a terminal might obey or hide is
// written as an escape.
func WriteJSON(w io.Writer, v any) error {
	b := bufio.NewWriter(w)
	e := newEncoder(b)
	e.json.SetIndent("", "  ")
	e.value(v)
	b.WriteByte('\n')
	return b.Flush()
}

func pointer(s string) *string { return &s }

// The shapes of places.
type (
	jsonRange struct {
		Start jsonPos `json:"start"`
		End   jsonPos `json:"end"` // exclusive
	}
	jsonPos struct {
		Line   uint32 `json:"line"`
		Column uint32 `json:"column"` // in code points
	}
)
