package lint

import (
	"bytes"
	"testing"
)

// Whatever a baseline holds, reading it ends, and what was read is written and read alike.
func FuzzParseBaseline(f *testing.F) {
	f.Add([]byte(`{"version":1,"findings":[{"file":"a.yaml","operation":"x","code":"WN101","rule":"mode-disagrees","fingerprint":"00000000000000000000000000000000"}]}`))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Add([]byte(`{"version":1,"findings":[` + "[[[["))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ParseBaseline(data)
		if err != nil {
			return
		}
		text := b.Format()
		again, err := ParseBaseline(text)
		if err != nil || !bytes.Equal(again.Format(), text) {
			t.Fatalf("written as %s, and read as %v, %v", text, again, err)
		}
	})
}
