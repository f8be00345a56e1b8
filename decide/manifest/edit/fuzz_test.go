package edit_test

import (
	"testing"

	"waitornot/decide/manifest/edit"
)

// Whatever the text: nothing panics, and what is given back has the operation,
// or there is an error.
func FuzzEdit(f *testing.F) {
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
			out, err := m.Add(doc, entry())
			if m.Has(doc, entry().Name) {
				out, err = m.Update(doc, entry())
			}
			if err != nil {
				continue
			}
			if len(out.Services()) != len(m.Services()) || !out.Has(doc, entry().Name) {
				t.Fatalf("document %d of %q became %q", doc, src, out.Bytes())
			}
			set, err := out.Set(doc, entry().Name, "retry.attempts", "3")
			if err != nil {
				continue
			}
			back, err := set.Remove(doc, entry().Name, "retry.attempts")
			if err == nil && len(back.Keys(doc, entry().Name)) == 0 {
				t.Fatalf("document %d of %q lost the operation: %q", doc, src, back.Bytes())
			}
		}
	})
}
