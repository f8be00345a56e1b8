package lsp

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide/diag"
)

// In a text that counts alike, a range is shown where the index of the text shows it, in
// every encoding.
func TestSpanAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringOfN(rapid.SampledFrom([]rune("ab:-\n\n \t\ré")), 0, 40, -1).Draw(t, "text"))
		text := diag.NewText(data)
		from := rapid.IntRange(0, len(data)).Draw(t, "from")
		to := rapid.IntRange(from, len(data)).Draw(t, "to")
		if !countsAlike(data) {
			return
		}
		at := diag.Range{Start: text.Pos(from), End: text.Pos(to)}
		for _, e := range []diag.Encoding{diag.UTF8, diag.UTF16, diag.UTF32} {
			s := &Server{encoding: e}
			if got, want := spanAsItIs(at), s.span(text, at); got != want {
				t.Fatalf("%v in %q is shown at %v, want %v", at, data, got, want)
			}
		}
	})
	for text, want := range map[string]bool{"": true, "a: b\n\tc\n": true, "a\r\n": false, "é": false, "\ufeffa": false} {
		if countsAlike([]byte(text)) != want {
			t.Errorf("%q counts alike: %t", text, !want)
		}
	}
	if got := spanAsItIs(diag.Range{}); got != (span{}) {
		t.Errorf("no place is shown at %v", got)
	}
}

// A client may show what it was sent in a terminal.
func TestEncodeEscapes(t *testing.T) {
	var b bytes.Buffer
	got, err := encode(&b, map[string]string{"a": "\u009b31m <é>"})
	if want := `{"a":"\u009b31m <é>"}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}
