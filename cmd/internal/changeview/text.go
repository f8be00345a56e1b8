package changeview

import (
	"fmt"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/change"
)

// differenceText writes for people: an operation on a line, and under it what
// changed and why that matters.
func differenceText(w *markup.Writer, d *change.Difference, l term.Layout) {
	for i := range d.Changes {
		c := &d.Changes[i]
		style := map[string]term.Style{kindFlipped: term.Yellow, kindAdded: term.Green, kindRemoved: term.Red}[kindOf(c)]
		fmt.Fprintf(w, "%s: %s\n", l.Paint(term.Bold, term.Safe(c.ID())), l.Paint(style, term.Safe(headline(c))))
		for _, line := range details(c) {
			for j, part := range term.Wrap(term.Safe(line), max(l.Width-4, 20)) {
				indent := "  "
				if j > 0 {
					indent = "    "
				}
				fmt.Fprintln(w, indent+part)
			}
		}
		w.WriteByte('\n')
	}
	for i := range d.Parts {
		c := &d.Parts[i]
		fmt.Fprintf(w, "%s %s: %s\n", c.Kind, l.Paint(term.Bold, term.Safe(c.ID)), term.Safe(partHeadline(c)))
		if i == len(d.Parts)-1 {
			w.WriteByte('\n')
		}
	}
	fmt.Fprintln(w, tally(d))
}
