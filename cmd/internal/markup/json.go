// Package markup writes JSON, Markdown and XML: each has its escaping in one place.
package markup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// JSONRangeOf returns a range for JSON: null when it has no place.
func JSONRangeOf(r diag.Range) *JSONRange {
	if !r.IsValid() {
		return nil
	}
	return &JSONRange{JSONPos(r.Start), JSONPos(r.End)}
}

// A JSONEncoder writes JSON values one after the other, without holding a whole
// document.
type JSONEncoder struct {
	*Writer
	json *json.Encoder
}

// NewJSONEncoder returns an encoder that writes to w. Errors stay with w.
func NewJSONEncoder(w *Writer) *JSONEncoder {
	e := &JSONEncoder{w, json.NewEncoder(&oneLine{w})}
	e.json.SetEscapeHTML(false)
	return e
}

// Value writes v without a line break. A value that has no JSON, as a number that
// is not finite, fails the writer.
func (e *JSONEncoder) Value(v any) {
	if err := e.json.Encode(v); err != nil {
		e.Fail(err)
	}
}

// oneLine drops the line break that ends each write of a json.Encoder, and escapes.
type oneLine struct{ *Writer }

// Write writes the text of one call of Encode.
func (o *oneLine) Write(p []byte) (int, error) {
	_, err := o.Writer.Write(EscapeJSON(bytes.TrimSuffix(p, []byte{'\n'})))
	return len(p), err
}

// EscapeJSON returns JSON that means the same, with an escape for whatever a terminal
// might obey or hide, and for each # after another, with which commands of CI runners
// begin: such a character can stand inside a string alone. It returns the text itself when
// nothing needs an escape.
func EscapeJSON(text []byte) []byte {
	var out []byte
	done := 0 // up to where the text is in out
	for i := 0; i < len(text); {
		b := text[i]
		command := b == '#' && i > done && text[i-1] == '#'
		if b < 0x7f && !command {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if command || Unseen(r) {
			out = append(out, text[done:i]...)
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
			done = i + size
		}
		i += size
	}
	if out == nil {
		return text
	}
	return append(out, text[done:]...)
}

// Unseen reports whether a character of JSON cannot be seen.
func Unseen(r rune) bool { return r == 0x7f || r >= utf8.RuneSelf && !unicode.IsPrint(r) }

// A JSONArray writes its elements one a line.
type JSONArray struct {
	*JSONEncoder
	started bool
}

// Array begins an array.
func (e *JSONEncoder) Array() *JSONArray {
	e.WriteByte('[')
	return &JSONArray{JSONEncoder: e}
}

// Add writes an element.
func (a *JSONArray) Add(v any) {
	if a.started {
		a.WriteByte(',')
	}
	a.started = true
	a.WriteByte('\n')
	a.Value(v)
}

// AddEach writes n elements. What they are is asked for by several goroutines; values returns
// what one of them asks.
func (a *JSONArray) AddEach(n int, values func() func(i int) any) {
	started := a.started
	a.Each(n, func(w *Writer) func(int) {
		e, value := NewJSONEncoder(w), values()
		return func(i int) {
			one := JSONArray{e, started || i > 0}
			one.Add(value(i))
		}
	})
	a.started = started || n > 0
}

// End ends the array.
func (a *JSONArray) End() {
	if a.started {
		a.WriteByte('\n')
	}
	a.WriteByte(']')
}

// JSONList writes an array of items. Several goroutines call as.
func JSONList[T, J any](e *JSONEncoder, items []T, as func(*T) J) {
	a := e.Array()
	a.AddEach(len(items), func() func(int) any {
		return func(i int) any { return as(&items[i]) }
	})
	a.End()
}

// WriteJSON writes a document, indented. What a terminal might obey or hide is
// written as an escape.
func WriteJSON(w io.Writer, v any) error {
	b := NewWriter(w)
	e := NewJSONEncoder(b)
	e.json.SetIndent("", "  ")
	e.Value(v)
	b.WriteByte('\n')
	return b.Flush()
}

// The shape of a range in JSON; its end is exclusive, columns count code points.
type (
	JSONRange struct {
		Start JSONPos `json:"start"`
		End   JSONPos `json:"end"` // exclusive
	}
	JSONPos struct {
		Line   uint32 `json:"line"`
		Column uint32 `json:"column"` // in code points
	}
)

// ToolName is what formats for machines call the program.
const ToolName = "waitornot"

// A JSONTool names in a document the program that wrote it.
type JSONTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// JSONVersion is the version of the JSON formats of check, diff and adr. It changes
// when a reader of the old ones would be misled.
const JSONVersion = 1
