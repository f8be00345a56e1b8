package report

import (
	"bufio"
	"io"
)

// DrawGraph writes a picture of a graph. The error is the first that w returned.
func DrawGraph(w io.Writer, p *GraphPage, o Drawing) error {
	d := p.diagram(drawnAtMost)
	return d.writeSVG(w, o)
}

// WriteMermaid writes a flowchart of at most so many operations of a graph.
func WriteMermaid(w *bufio.Writer, p *GraphPage, most int) {
	d := p.diagram(most)
	d.writeMermaid(w)
}

func graphSVG(w *bufio.Writer, p *GraphPage, _ GraphLook) { _ = DrawGraph(w, p, Drawing{}) }

func graphMermaid(w *bufio.Writer, p *GraphPage, _ GraphLook) { WriteMermaid(w, p, drawnAtMost) }

// graphDot writes all of the graph: Graphviz is made for that.
func graphDot(w *bufio.Writer, p *GraphPage, _ GraphLook) {
	d := p.diagram(len(p.Picked.Operations))
	d.writeDot(w)
}
