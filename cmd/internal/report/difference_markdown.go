package report

import (
	"bufio"
	"fmt"
	"strings"

	"waitornot/decide/change"
)

// differenceMarkdown writes a comment for a pull request.
func differenceMarkdown(w *bufio.Writer, d *change.Difference, _ Look) {
	p := page{Writer: w, left: maxComment - reserve}
	p.add("### waitornot: " + tally(d) + "\n")
	p.table("| Operation | What became of it | What changed |\n| --- | --- | --- |\n", len(d.Changes), func(i int) string {
		c := &d.Changes[i]
		var parts []string
		for _, line := range details(c) {
			parts = append(parts, Markdown(line))
		}
		what := Markdown(headline(c))
		if kindOf(c) == kindFlipped {
			what = "**" + what + "**"
		}
		return fmt.Sprintf("| %s | %s | %s |\n", MarkdownCode(c.ID()), what, strings.Join(parts, "<br>"))
	}, "operation")
}
