package simview

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/simulate"
)

// writeText writes a page for people: what happens, what users and the system go
// through, how that goes over time, and what was assumed.
func writeText(w *markup.Writer, p *Page, l term.Layout) {
	t := &texter{Writer: w, Page: p, Layout: l}
	t.intro()
	t.changes()
	t.users()
	t.system()
	t.charts()
	t.measured()
	t.assumed()
}

// A texter writes one page.
type texter struct {
	*markup.Writer
	*Page
	term.Layout
}

func (t *texter) plain(s string) string {
	if t.ASCII {
		return strings.NewReplacer("±", "+-", "→", "->", "…", "...").Replace(s)
	}
	return s
}

func (t *texter) line(style term.Style, indent, words string) {
	for _, l := range term.Wrap(t.plain(term.Safe(words)), t.Width-len(indent)) {
		t.WriteString(indent + t.Paint(style, l) + "\n")
	}
}

func (t *texter) head(title string) {
	t.WriteString("\n" + t.Paint(term.Bold, title) + "\n")
}

func (t *texter) intro() {
	t.line(term.Bold, "", t.Journey+": "+Event(&t.Scenario))
	rate := text.Number(t.Rate) + " requests a second"
	if v := t.Variants[0].Prepared; v.RateOf != simulate.None && len(v.Steps) > 1 {
		if v.RateWasRead(v.RateOf) {
			rate += " (measured for " + short(v.Steps[v.RateOf].Name) + ")"
		} else {
			rate += " (traffic.mean of " + short(v.Steps[v.RateOf].Name) + ")"
		}
	}
	words := fmt.Sprintf("%s, watched for %s, %s, seed %d",
		rate, text.Duration(t.Scenario.Measured()), text.Count(t.Runs, "run"), t.Seed)
	switch {
	case t.Asked > t.Runs:
		words += fmt.Sprintf(" (%d would take too long; force it with --runs %d)", t.Asked, t.Asked)
	case t.Runs == 1:
		words += " (with a single run, the uncertainty is unknown)"
	}
	t.line(term.Faint, "", words)
	if lost := t.Variants[0].Lost; lost > 0 {
		t.line(term.Yellow, "", fmt.Sprintf("left out: %s without an operation in the manifests", text.Count(lost, "step")))
	}
	for _, v := range t.Same {
		t.line(term.Faint, "", fmt.Sprintf("%s is the same as %s: no changes", v, t.Variants[0].Variant))
	}
}

// mostChanges is how many changes of a variant the text shows.
const mostChanges = 20

// changes says what each variant does otherwise than the manifests.
func (t *texter) changes() {
	for _, v := range t.Variants {
		if v.Variant == simulate.Declared {
			continue
		}
		t.head(text.Capitalize(v.Variant.String()) + " means")
		if len(v.Changes) == 0 {
			t.line(term.Plain, "  ", "the same as declared")
		}
		for i := range v.Changes[:min(len(v.Changes), mostChanges)] {
			t.line(term.Plain, "  ", changeText(v.Prepared, &v.Changes[i]))
		}
		if n := len(v.Changes) - mostChanges; n > 0 {
			t.line(term.Faint, "  ", fmt.Sprintf("and %d more: --format json has all", n))
		}
	}
}

// changeText says what a variant changes of a step.
func changeText(p *simulate.Prepared, c *simulate.Change) string {
	var parts []string
	if c.To != decide.Undecided {
		parts = append(parts, c.To.String())
	}
	if len(c.With) > 0 {
		parts = append(parts, "with "+text.List(slices.Clone(c.With), "and"))
	}
	return p.Steps[c.Step].Name + ": " + strings.Join(parts, ", ")
}

// short is the name of an operation without its service.
func short(id string) string { return term.Safe(id[strings.LastIndexByte(id, '/')+1:]) }
