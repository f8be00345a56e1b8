package edit_test

import (
	"testing"

	"waitornot/decide/manifest/edit"
)

// Whatever the text: nothing panics, and what is given back has the operation,
// or there is an error.
func FuzzInsert(f *testing.F) {
	for _, i := range insertions {
		f.Add([]byte(dedent(i.before)))
		f.Add([]byte(dedent(i.after)))
	}
	f.Add([]byte("? operations\n: - name: a\n"))
	f.Add([]byte("&a !!map {operations: !!seq &b [ ] }"))
	f.Add([]byte("%YAML 1.1\n---\n- operations\n...\n---\noperations: !x\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := edit.Parse(src)
		if err != nil {
			return
		}
		for doc := range m.Services() {
			out, err := m.Insert(doc, entry())
			if m.Has(doc, entry().Name) {
				out, err = m.Replace(doc, entry())
			}
			if err != nil {
				continue
			}
			again, err := edit.Parse(out)
			if err != nil || len(again.Services()) != len(m.Services()) || !again.Has(doc, entry().Name) {
				t.Fatalf("document %d of %q became %q: %v", doc, src, out, err)
			}
		}
	})
}
