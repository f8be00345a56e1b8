package simview

import (
	"math"
	"slices"
	"strings"

	"github.com/guptarohit/asciigraph"

	"waitornot/cmd/internal/term"
	"waitornot/decide/simulate"
)

// chartHeight is how many rows a chart has.
const chartHeight = 5

// axisWidth is how many columns the axis of a chart takes.
const axisWidth = 9

// A curve is something over time.
type curve struct {
	title string
	of    func(*Variant) []float64
	share bool // between 0 and 100
}

// curves are what is drawn: always the successes, the rest when there is something.
func (p *Page) curves() []curve {
	all := []curve{
		{"requests that succeed, %", func(v *Variant) []float64 { return percentages(v.Success[:]) }, true},
		{"requests open", func(v *Variant) []float64 { return v.Open[:] }, false},
		{"messages waiting", func(v *Variant) []float64 { return v.Waiting[:] }, false},
	}
	return slices.DeleteFunc(all, func(c curve) bool { return !c.share && !p.swells(c) })
}

// swells reports whether a curve rises well above what it was before the event, in some
// variant.
func (p *Page) swells(c curve) bool {
	before := int(p.Scenario.Before.Seconds() / p.Scenario.Measured().Seconds() * simulate.Buckets)
	for i := range p.Variants {
		y := c.of(&p.Variants[i])
		usual := 0.0
		if before > 0 && p.Scenario.Kind != simulate.Normal {
			usual = slices.Max(y[:before])
		}
		if most := slices.Max(y); most >= 5 && most > 1.5*usual {
			return true
		}
	}
	return false
}

// most is the highest point of a curve in all variants.
func (p *Page) most(c curve) float64 {
	most := 0.0
	for i := range p.Variants {
		most = max(most, slices.Max(c.of(&p.Variants[i])))
	}
	return most
}

// percentages turns shares into percents, and gives a part in which nothing arrived the
// share of the one before.
func percentages(shares []float64) []float64 {
	out, last := make([]float64, len(shares)), 100.0
	for i, s := range shares {
		if !math.IsNaN(s) {
			last = 100 * s
		}
		out[i] = last
	}
	return out
}

// charts draws the curves, those of the variants below each other on the same scale; a
// curve that all have is drawn once.
func (t *texter) charts() {
	for _, c := range t.curves() {
		most := t.most(c)
		if c.share {
			most = 100
		}
		first := c.of(&t.Variants[0])
		if len(t.Variants) > 1 && slices.Equal(first, c.of(&t.Variants[1])) {
			t.WriteString("\n  " + t.Paint(term.Bold, c.title) + ", both\n")
			t.chart(first, most)
			continue
		}
		for i := range t.Variants {
			v := &t.Variants[i]
			t.WriteString("\n  " + t.Paint(term.Bold, c.title) + ", " + v.Variant.String() + "\n")
			t.chart(c.of(v), most)
		}
	}
}

func (t *texter) chart(series []float64, most float64) {
	columns := min(len(series), t.Width-axisWidth-1)
	drawn := asciigraph.Plot(series,
		asciigraph.Height(chartHeight), asciigraph.Width(columns), asciigraph.LowerBound(0), asciigraph.UpperBound(most),
		asciigraph.Precision(0), asciigraph.Offset(3), asciigraph.YAxisValueFormatter(axisValue))
	if t.ASCII {
		drawn = term.PlainChart(drawn)
	}
	for l := range strings.SplitSeq(drawn, "\n") {
		t.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	t.WriteString(strings.TrimRight(t.timeline(columns), " ") + "\n")
}

// axisValue writes a number beside a chart in five columns.
func axisValue(x float64) string {
	text := compact(x)
	return strings.Repeat(" ", max(0, 5-len(text))) + text
}

// timeline writes below a chart when the event begins and ends.
func (t *texter) timeline(columns int) string {
	s := &t.Scenario
	total := duration(s.Measured().Seconds())
	line := []rune(strings.Repeat(" ", axisWidth+columns))
	put := func(at int, words string) {
		at = min(at, len(line)-len(words))
		for i, r := range words {
			line[at+i] = r
		}
	}
	place := func(seconds float64) int { return axisWidth + int(seconds/s.Measured().Seconds()*float64(columns-1)) }
	put(axisWidth, "0")
	put(len(line), total)
	if s.Kind != simulate.Normal {
		from, to := max(axisWidth+2, place(s.Before.Seconds())), place((s.Before + s.Length).Seconds())
		for i := from; i <= to && i < len(line)-len(total)-1; i++ {
			line[i] = '='
		}
		if word := eventName(s.Kind); to-from > len(word)+3 {
			put((from+to-len(word)-2)/2, " "+word+" ")
		}
	}
	return string(line)
}
