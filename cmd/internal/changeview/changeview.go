// Package changeview puts in words what two versions of manifests say differently.
package changeview

import (
	"fmt"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/change"
	"waitornot/decide/manifest"
)

// Formats returns the formats of a difference in the order in which help lists them, the
// default first.
func Formats() []markup.Format[*change.Difference] {
	return []markup.Format[*change.Difference]{
		{Name: "text", Page: differenceText}, {Name: "json", Page: differenceJSON}, {Name: "markdown", Page: differenceMarkdown},
	}
}

// The kinds of change.
const (
	kindAdded   = "added"
	kindRemoved = "removed"
	kindRenamed = "renamed"
	kindFlipped = "flipped" // another verdict stands
	kindChanged = "changed"
)

func kindOf(c *change.OperationChange) string {
	switch {
	case c.Before == nil:
		return kindAdded
	case c.After == nil:
		return kindRemoved
	case c.Flipped():
		return kindFlipped
	case c.Renamed():
		return kindRenamed
	}
	return kindChanged
}

// tally counts the changes by kind in words, the gravest first.
func tally(d *change.Difference) string {
	count := map[string]int{}
	for i := range d.Changes {
		count[kindOf(&d.Changes[i])]++
	}
	var parts []string
	for _, k := range []struct{ kind, one, more string }{
		{kindFlipped, "verdict flipped", "verdicts flipped"}, {kindAdded, "added", "added"}, {kindRemoved, "removed", "removed"},
		{kindRenamed, "renamed", "renamed"}, {kindChanged, "changed without flipping", "changed without flipping"},
	} {
		switch n := count[k.kind]; {
		case n == 1:
			parts = append(parts, "1 "+k.one)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", n, k.more))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "no operation changed")
	}
	if n := len(d.Parts); n > 0 {
		parts = append(parts, text.Count(n, "other change"))
	}
	return strings.Join(append(parts, fmt.Sprintf("%d unchanged", d.Unchanged)), ", ")
}

// partHeadline says in a few words what became of a journey, a broker or a service.
func partHeadline(c *change.PartChange) string {
	switch {
	case c.Before == nil:
		return kindAdded
	case c.After == nil:
		return kindRemoved
	}
	return strings.Join(values(c.Values), "; ")
}

// headline says in a few words what became of an operation.
func headline(c *change.OperationChange) string {
	switch kindOf(c) {
	case kindAdded:
		return "added, " + standing(c.After)
	case kindRemoved:
		return "removed, was " + standing(c.Before)
	case kindRenamed:
		return "renamed from " + c.Before.ID() + ", " + standing(c.After)
	case kindFlipped:
		return fmt.Sprintf("verdict %s -> %s", c.Before.Explanation.Verdict, c.After.Explanation.Verdict)
	}
	if c.ModeChanged() {
		return fmt.Sprintf("verdict unchanged (%s)", c.After.Explanation.Verdict)
	}
	return "still " + standing(c.After)
}

// standing says what holds for an operation: its verdict, and its mode where
// that is another.
func standing(s *change.Operation) string {
	verdict := s.Explanation.Verdict
	if s.Mode.Set() && s.Mode.Value != verdict {
		return fmt.Sprintf("%s (declared %s)", verdict, s.Mode.Value)
	}
	return verdict.String()
}

// details says what changed, a line for each part.
func details(c *change.OperationChange) []string {
	var lines []string
	for _, a := range c.Answers {
		lines = append(lines, fmt.Sprintf("%s %s -> %s", a.Question, answerText(a.From), answerText(a.To)))
	}
	if c.ModeChanged() {
		lines = append(lines, fmt.Sprintf("declared mode %s -> %s", modeOf(c.Before), modeOf(c.After)))
	}
	lines = append(lines, values(c.Values)...)
	if c.Flipped() {
		if !c.Rewritten() {
			lines = append(lines, "the manifest is the same: the configuration judges it differently")
		}
		lines = append(lines, "was "+reason(c.Before), "now "+reason(c.After))
	}
	return lines
}

// How much of the values that changed people are shown: so many of one operation or part, and
// so many characters of each.
const (
	mostValues = 12
	mostOfOne  = 60
)

// values says what values changed from and to, a line for each.
func values(changes []manifest.ValueChange) []string {
	var lines []string
	for i, c := range changes {
		if i == mostValues && len(changes) > mostValues+1 {
			return append(lines, fmt.Sprintf("and %d more values", len(changes)-i))
		}
		if c.From == "" && c.To == "" {
			lines = append(lines, c.Path+" changed")
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %s -> %s", c.Path, valueText(c.From), valueText(c.To)))
	}
	return lines
}

func valueText(value string) string {
	if value == "" {
		return "not set"
	}
	if runes := []rune(value); len(runes) > mostOfOne {
		return string(runes[:mostOfOne-1]) + "…"
	}
	return value
}

// answerText returns an answer as people write it; a duration carries what it is
// judged as.
func answerText(a change.Answer) string {
	if a.Duration != 0 {
		return manifest.FormatDuration(a.Duration) + " (" + a.Answer.String() + ")"
	}
	return a.Answer.String()
}

func modeOf(s *change.Operation) string {
	if !s.Mode.Set() {
		return "undeclared"
	}
	return s.Mode.Value.String()
}

// reason says why a verdict stands.
func reason(s *change.Operation) string {
	e := &s.Explanation
	if e.Verdict == decide.Undecided {
		return fmt.Sprintf("undecided between %s: answer %s first", e.Possible, e.Next)
	}
	var names []string
	for _, r := range e.Rows {
		names = append(names, r.Name)
	}
	return fmt.Sprintf("%s, row %s: %s", e.Verdict, strings.Join(names, " or "), e.Rows[0].Why)
}
