package graphview

import (
	"io"
	"strings"

	"waitornot/cmd/internal/graphview/diagram"
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
)

// DrawGraph writes a picture of a graph. The error is the first that w returned.
func DrawGraph(w io.Writer, p *Page, o diagram.Drawing) error {
	d := p.diagram(diagram.DrawnAtMost)
	return d.WriteSVG(w, o)
}

// SizeOfGraph returns the size of the picture of a graph, in pixels.
func SizeOfGraph(p *Page) (width, height float64) {
	d := p.diagram(diagram.DrawnAtMost)
	return d.Size()
}

// mermaidSize is a little below how many characters of text Mermaid draws: 50,000.
const mermaidSize = 48_000

// Mermaid returns a flowchart of as many operations of a graph as fit into size bytes
// and into what Mermaid draws, and how many those are. The flowchart says how many it
// leaves out. It is empty when not even one fits.
func Mermaid(p *Page, size int) (chart string, drawn int) {
	size = min(size, mermaidSize)
	for most := min(diagram.DrawnAtMost, max(len(p.Picked.Operations), 1)); most > 0; most = most * 3 / 4 {
		var b strings.Builder
		w := markup.NewWriter(&b)
		d := p.diagram(most)
		d.WriteMermaid(w)
		_ = w.Flush() // to memory
		if b.Len() <= size {
			return b.String(), len(p.Picked.Operations) - d.Hidden
		}
	}
	return "", 0
}

func graphSVG(w *markup.Writer, p *Page, _ term.Layout) {
	if err := DrawGraph(w, p, diagram.Drawing{}); err != nil {
		w.Fail(err)
	}
}

func graphMermaid(w *markup.Writer, p *Page, _ term.Layout) {
	chart, _ := Mermaid(p, mermaidSize)
	w.WriteString(chart)
}

// graphDot writes all of the graph: Graphviz is made for that.
func graphDot(w *markup.Writer, p *Page, _ term.Layout) {
	d := p.diagram(len(p.Picked.Operations))
	d.WriteDot(w)
}
