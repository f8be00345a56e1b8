package simview

import (
	"fmt"
	"slices"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/simulate"
)

// Style is the CSS of pictures. The colors stand in the rules themselves: many viewers
// of files know no variables.
const Style = `
.wn-sim{background:#fff;font:12px system-ui,sans-serif;max-width:100%;height:auto}
.wn-sim text{fill:#1f2937}
.wn-sim .wn-sim-note{fill:#6b7280;font-size:11px}
.wn-sim .wn-sim-end{text-anchor:end}
.wn-sim-event{fill:#fee2e2}
.wn-sim-axis{stroke:#9ca3af;fill:none}
.wn-sim-0,.wn-sim-1{fill:none;stroke-width:2}
.wn-sim-0{stroke:#b45309}.wn-sim-1{stroke:#1d4ed8;stroke-dasharray:6 3}
@media screen and (prefers-color-scheme:dark){
.wn-sim{background:#111827}
.wn-sim text{fill:#e5e7eb}
.wn-sim .wn-sim-note{fill:#9ca3af}
.wn-sim-event{fill:#3f1d1d}
.wn-sim-0{stroke:#fbbf24}.wn-sim-1{stroke:#93c5fd}
}
`

// Sizes in pixels.
const (
	plotWidth  = 640
	plotHeight = 110
	plotLeft   = 60
	plotGap    = 46
	plotTop    = 64
	titleCells = 100 // characters that fit into a line
	titleLine  = 18
)

// writeSVG draws the curves of both variants on one scale, with the event behind them, as
// a file of its own.
func writeSVG(w *markup.Writer, p *Page, _ term.Layout) { p.draw(w, "<style>"+Style+"</style>\n") }

// Inline returns the picture for a page that holds Style already.
func (p *Page) Inline() string {
	var b strings.Builder
	w := markup.NewWriter(&b)
	p.draw(w, "")
	_ = w.Flush() // to memory
	return b.String()
}

func (p *Page) draw(w *markup.Writer, style string) {
	x := markup.XMLWriter{Writer: w}
	curves := p.curves()
	title := p.Journey + ": " + Event(&p.Scenario)
	lines := term.Wrap(term.Safe(title), titleCells)
	down := titleLine * (len(lines) - 1) // how much lower all else is
	height := plotTop + down + len(curves)*(plotHeight+plotGap)
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" class="wn-sim" role="img" viewBox="0 0 %d %d" width="%d" height="%d">`+"\n",
		plotLeft+plotWidth+20, height, plotLeft+plotWidth+20, height)
	w.WriteString("<title>")
	x.Escape(title)
	w.WriteString("</title>\n" + style)
	for i, l := range lines {
		label(x, "", 10, 22+titleLine*i, l)
	}
	for i := range p.Variants {
		at := 10 + 150*i
		fmt.Fprintf(w, `<path class="wn-sim-%d" d="M%d %dh24"/>`+"\n", i%2, at, 40+down)
		label(x, "", at+30, 44+down, p.Variants[i].Variant.String())
	}
	for i, c := range curves {
		p.plot(x, c, plotTop+down+i*(plotHeight+plotGap))
	}
	w.WriteString("</svg>\n")
}

// label writes text at a place.
func label(x markup.XMLWriter, class string, left, top int, words string) {
	x.Open("text", "class", class, "x", fmt.Sprint(left), "y", fmt.Sprint(top))
	x.Escape(words)
	x.WriteString("</text>\n")
}

// plot draws a curve of all variants.
func (p *Page) plot(x markup.XMLWriter, c curve, top int) {
	most := max(p.most(c), 1)
	if c.share {
		most = 100
	}
	s := &p.Scenario
	at := func(seconds float64) float64 { return plotLeft + plotWidth*seconds/s.Measured().Seconds() }
	if s.Kind != simulate.Normal {
		from, to := at(s.Before.Seconds()), at((s.Before + s.Length).Seconds())
		fmt.Fprintf(x, `<rect class="wn-sim-event" x="%.1f" y="%d" width="%.1f" height="%d"/>`+"\n", from, top+16, to-from, plotHeight)
	}
	label(x, "", plotLeft, top+10, c.title)
	fmt.Fprintf(x, `<path class="wn-sim-axis" d="M%d %dv%dh%d"/>`+"\n", plotLeft, top+16, plotHeight, plotWidth)
	label(x, "wn-sim-note wn-sim-end", plotLeft-6, top+24, compact(most))
	label(x, "wn-sim-note wn-sim-end", plotLeft-6, top+16+plotHeight, "0")
	label(x, "wn-sim-note", plotLeft, top+30+plotHeight, "0")
	label(x, "wn-sim-note wn-sim-end", plotLeft+plotWidth, top+30+plotHeight, duration(s.Measured().Seconds()))
	for i := range slices.Backward(p.Variants) {
		var d strings.Builder
		for b, y := range c.of(&p.Variants[i]) {
			letter := "L"
			if b == 0 {
				letter = "M"
			}
			fmt.Fprintf(&d, "%s%.1f %.1f", letter, plotLeft+plotWidth*(float64(b)+.5)/simulate.Buckets, float64(top+16)+plotHeight*(1-y/most))
		}
		fmt.Fprintf(x, `<path class="wn-sim-%d" d="%s"/>`+"\n", i%2, d.String())
	}
}
