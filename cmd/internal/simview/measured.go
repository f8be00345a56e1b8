package simview

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide/manifest"
	"waitornot/decide/simulate"
)

// mostMeasured is how many operations the text names of those whose facts were measured.
const mostMeasured = 10

// measured says which facts of the variants were measured and are in no manifest, an
// operation a line.
func (t *texter) measured() {
	lines := t.readings()
	if len(lines) == 0 {
		return
	}
	t.head("Measured, because no manifest declares it")
	for _, l := range lines[:min(len(lines), mostMeasured)] {
		t.hang(l)
	}
	if n := len(lines) - mostMeasured; n > 0 {
		t.line(term.Faint, "  ", fmt.Sprintf("and %d more: --format json has all", n))
	}
}

// readings writes a line for each operation whose facts were measured: the facts, each once,
// and where they come from.
func (t *texter) readings() []string {
	type line struct {
		name  string
		facts []string
		from  *manifest.Evidence
	}
	var lines []line
	for _, v := range t.Variants {
		for i := range v.Readings {
			r := &v.Readings[i]
			name := short(v.Prepared.Steps[r.Step].Name)
			at := slices.IndexFunc(lines, func(l line) bool { return l.name == name && l.from == r.From })
			if at < 0 {
				at = len(lines)
				lines = append(lines, line{name: name, from: r.From})
			}
			if fact := r.Fact() + " " + readingText(r); !slices.Contains(lines[at].facts, fact) {
				lines[at].facts = append(lines[at].facts, fact)
			}
		}
	}
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = fmt.Sprintf("%s: %s (%s)", l.name, strings.Join(l.facts, ", "), originText(l.from))
	}
	return texts
}

// originText says where measurements come from, and how thin they are.
func originText(e *manifest.Evidence) string {
	origin := manifest.FormatCount(int64(e.Calls.Value), "call")
	if e.Calls.Value < manifest.EnoughCalls {
		origin = "only " + origin
	}
	if e.Source.Value != "" {
		origin = e.Source.Value + ", " + origin
	}
	if !e.From.Value.IsZero() && !e.To.Value.IsZero() {
		origin += ", " + manifest.FormatDays(e.From.Value, e.To.Value)
	}
	return origin
}

func readingText(r *simulate.Reading) string {
	switch r.Unit() {
	case simulate.PerSecond:
		return text.Number(r.Value) + "/s"
	case simulate.Nanoseconds:
		return text.Duration(time.Duration(r.Value))
	case simulate.Share:
		return text.Percent(r.Value)
	case simulate.Count:
	}
	return text.Number(r.Value)
}

// hang writes words with all lines but the first further in.
func (t *texter) hang(words string) {
	indent := "  "
	for _, l := range term.Wrap(t.plain(term.Safe(words)), t.Width-4) {
		t.WriteString(indent + t.Paint(term.Faint, l) + "\n")
		indent = "    "
	}
}

// A jsonReading is a fact that was measured and is in no manifest.
type jsonReading struct {
	Operation string  `json:"operation"`
	Fact      string  `json:"fact"`
	Value     float64 `json:"value"` // a second, in seconds, or a share
	Source    string  `json:"source"`
	Calls     int     `json:"calls"`
	From      *string `json:"from"`
	To        *string `json:"to"`
}

func readings(v *Variant) []jsonReading {
	list := []jsonReading{}
	day := func(t time.Time) *string {
		if t.IsZero() {
			return nil
		}
		return given(t.UTC().Format(time.DateOnly))
	}
	for i := range v.Readings {
		r := &v.Readings[i]
		value := r.Value
		if r.Unit() == simulate.Nanoseconds {
			value = time.Duration(value).Seconds()
		}
		list = append(list, jsonReading{v.Prepared.Steps[r.Step].Name, r.Fact(), value, r.From.Source.Value, r.From.Calls.Value, day(r.From.From.Value), day(r.From.To.Value)})
	}
	return list
}
