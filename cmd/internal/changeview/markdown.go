package changeview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/change"
)

// differenceMarkdown writes a comment for a pull request.
func differenceMarkdown(w *markup.Writer, d *change.Difference, _ term.Layout) {
	p := markup.MarkdownPage{Writer: w, Left: markup.MaxComment - markup.MarkdownReserve}
	p.Add("### waitornot: " + tally(d) + "\n")
	p.Table("| Operation | Result | What changed |\n| --- | --- | --- |\n", len(d.Changes), func(i int) string {
		c := &d.Changes[i]
		var parts []string
		for _, line := range details(c) {
			parts = append(parts, markup.Markdown(line))
		}
		what := markup.Markdown(headline(c))
		if kindOf(c) == kindFlipped {
			what = "**" + what + "**"
		}
		return fmt.Sprintf("| %s | %s | %s |\n", markup.MarkdownCode(c.ID()), what, strings.Join(parts, "<br>"))
	}, "operation")
	if len(d.Parts) > 0 {
		p.Table("\n| Other parts | Result |\n| --- | --- |\n", len(d.Parts), func(i int) string {
			c := &d.Parts[i]
			return fmt.Sprintf("| %s %s | %s |\n", c.Kind, markup.MarkdownCode(c.ID), markup.Markdown(partHeadline(c)))
		}, "change")
	}
}
