package markup

import (
	"math"
	"strings"
	"testing"
)

// A value that has no JSON is an error of the document, not an empty document.
func TestWriterKeepsFaults(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := WriteJSON(&b, math.Inf(1)); err == nil {
		t.Errorf("infinity was written as %q", b.String())
	}
	w := NewWriter(&b)
	e := NewJSONEncoder(w)
	e.Value(math.NaN())
	e.Value(1)
	if err := w.Flush(); err == nil {
		t.Error("the fault of an encoder is lost")
	}
}

// Text that a CI runner would obey keeps its meaning and loses its form.
func TestCommandsInDocuments(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := WriteJSON(&b, "###[x]"); err != nil || b.String() != `"#\u0023#[x]"`+"\n" {
		t.Errorf("JSON: %q, %v", b.String(), err)
	}
	b.Reset()
	w := NewWriter(&b)
	XMLWriter{w}.Escape("###[x]\x1b\n")
	if err := w.Flush(); err != nil || b.String() != "#&#35;#[x]\\x1b&#xA;" {
		t.Errorf("XML: %q, %v", b.String(), err)
	}
}
