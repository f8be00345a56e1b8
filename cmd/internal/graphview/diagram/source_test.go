package diagram

import (
	"strings"
	"testing"

	"waitornot/cmd/internal/markup"
	"waitornot/decide"
)

// A name that is empty, or only blank, has a label all the same: some readers refuse an
// empty one.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	d := Diagram{Nodes: []Node{{Name: ""}, {Name: " \t", External: true}}, Edges: []Edge{{From: 0, To: 1, Mode: decide.Sync}}}
	for format, write := range map[string]func(*markup.Writer){"mermaid": d.WriteMermaid, "dot": d.WriteDot} {
		var b strings.Builder
		w := markup.NewWriter(&b)
		write(w)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		got := b.String()
		if strings.Contains(got, `""`) || strings.Count(got, "(no name)")+strings.Count(got, "#40;no name#41;") < 3 {
			t.Errorf("%s:\n%s", format, got)
		}
	}
}
