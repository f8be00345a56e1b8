package graphview

import (
	"bufio"
	"io"

	"waitornot/cmd/internal/graphview/diagram"
)

// DrawGraph writes a picture of a graph. The error is the first that w returned.
func DrawGraph(w io.Writer, p *Page, o diagram.Drawing) error {
	d := p.diagram(diagram.DrawnAtMost)
	return d.WriteSVG(w, o)
}

// WriteMermaid writes a flowchart of at most so many operations of a graph.
func WriteMermaid(w *bufio.Writer, p *Page, most int) {
	d := p.diagram(most)
	d.WriteMermaid(w)
}

func graphSVG(w *bufio.Writer, p *Page, _ Layout) { _ = DrawGraph(w, p, diagram.Drawing{}) }

func graphMermaid(w *bufio.Writer, p *Page, _ Layout) { WriteMermaid(w, p, diagram.DrawnAtMost) }

// graphDot writes all of the graph: Graphviz is made for that.
func graphDot(w *bufio.Writer, p *Page, _ Layout) {
	d := p.diagram(len(p.Picked.Operations))
	d.WriteDot(w)
}
