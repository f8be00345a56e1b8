package diagram

import (
	"fmt"
	"io"
	"strings"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
)

// A Drawing says how a picture is written. The zero value is a file of its own.
type Drawing struct {
	Inline bool // part of a page that holds Style already
}

// WriteSVG writes a picture of a diagram: services from left to right, solid
// lines for what is waited for, dashed ones for what is not, both for hybrid.
// The error is the first that w returned.
func (d *Diagram) WriteSVG(w io.Writer, o Drawing) error {
	b := markup.NewWriter(w)
	a := svgWriter{XMLWriter: markup.XMLWriter{Writer: b}, diagram: d, layout: arrange(d)}
	a.measure()
	a.draw(o)
	return b.Flush()
}

// Size returns the size of the picture that WriteSVG writes, in pixels.
func (d *Diagram) Size() (width, height float64) {
	a := svgWriter{diagram: d, layout: arrange(d)}
	a.measure()
	return a.width, a.height
}

// Style is the CSS of pictures, for a page that holds some inline. The
// colors stand in the rules themselves: many viewers of files know no
// variables.
const Style = `
.wn-graph{background:#fff;font:13px system-ui,sans-serif}
.wn-graph text{fill:#1f2937}
.wn-box{fill:#f3f4f6;stroke:#6b7280}
.wn-outside{stroke-dasharray:3 3}
.wn-entry{stroke-width:2.5}
.wn-edge{fill:none;stroke-width:1.5}
.wn-sync{stroke:#1d4ed8}
.wn-async{stroke:#047857;stroke-dasharray:6 4}
.wn-undecided{stroke:#6b7280;stroke-dasharray:1 4}
.wn-odd{stroke:#b45309}
.wn-bad{stroke:#dc2626;stroke-width:3}
.wn-thick-2{stroke-width:2.2}.wn-thick-3{stroke-width:3.2}.wn-thick-4{stroke-width:4.2}.wn-thick-5{stroke-width:5.2}
.wn-head-sync{fill:#1d4ed8}.wn-head-async{fill:#047857}.wn-head-undecided{fill:#6b7280}.wn-head-odd{fill:#b45309}.wn-head-bad{fill:#dc2626}
.wn-graph .wn-label{font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:4px}
.wn-halo{fill:#fff}
.wn-graph .wn-label-odd{fill:#b45309}
.wn-graph .wn-label-bad{fill:#dc2626;font-weight:bold}
.wn-graph .wn-note{fill:#6b7280;font-size:11px}
@media screen and (prefers-color-scheme:dark){
.wn-graph{background:#111827}
.wn-graph text{fill:#e5e7eb}
.wn-box{fill:#1f2937;stroke:#9ca3af}
.wn-sync{stroke:#93c5fd}
.wn-async{stroke:#6ee7b7}
.wn-undecided{stroke:#9ca3af}
.wn-odd{stroke:#fbbf24}
.wn-bad{stroke:#f87171}
.wn-head-sync{fill:#93c5fd}.wn-head-async{fill:#6ee7b7}.wn-head-undecided{fill:#9ca3af}.wn-head-odd{fill:#fbbf24}.wn-head-bad{fill:#f87171}
.wn-graph .wn-label{stroke:#111827}
.wn-halo{fill:#111827}
.wn-graph .wn-label-odd{fill:#fbbf24}
.wn-graph .wn-label-bad{fill:#f87171}
.wn-graph .wn-note{fill:#9ca3af}
}
`

// Sizes in pixels.
const (
	letter    = 7.2 // of the font, on average
	small     = 6.2 // of the labels' font
	boxHeight = 30
	rowHeight = 58
	border    = 20
	foot      = 64 // for the legend
	longest   = 26 // letters of a label
	thickest  = 5  // class of lines
)

// An artist draws one picture.
type svgWriter struct {
	markup.XMLWriter
	diagram *Diagram
	layout  *layout
	left    []float64 // by layer
	widest  []float64 // by layer: its widest box
	shift   []float64 // by edge: down, away from others between the same two boxes
	width   float64
	height  float64
}

// measure gives the layers their places: each as wide as its widest box, with
// room for the labels of the edges between.
func (a *svgWriter) measure() {
	a.left, a.widest = make([]float64, len(a.layout.layers)), make([]float64, len(a.layout.layers))
	gap := make([]float64, len(a.layout.layers)) // behind each layer
	for i := range a.diagram.Nodes {
		layer := a.layout.places[i].layer
		a.widest[layer] = max(a.widest[layer], a.boxWidth(i))
	}
	for i := range a.diagram.Edges {
		layer := a.layout.places[a.layout.routes[i][0]].layer
		gap[layer] = max(gap[layer], 70+small*float64(term.Cells(a.label(i))))
	}
	a.shift = a.diagram.shifts()
	x := float64(border)
	for k := range a.left {
		a.left[k] = x
		x += a.widest[k] + max(60, gap[k])
	}
	for i := range a.layout.places {
		a.height = max(a.height, a.layout.places[i].y)
		if i < len(a.diagram.Nodes) {
			a.width = max(a.width, a.left[a.layout.places[i].layer]+a.boxWidth(i))
		}
	}
	a.width = max(a.width+border+60, 520)
	a.height = a.height*rowHeight + boxHeight + 2*border + foot
}

// shifts spreads the edges between the same two nodes.
func (d *Diagram) shifts() []float64 {
	between := func(e *Edge) [2]int { return [2]int{min(e.From, e.To), max(e.From, e.To)} }
	total, seen := map[[2]int]int{}, map[[2]int]int{}
	for i := range d.Edges {
		total[between(&d.Edges[i])]++
	}
	shifts := make([]float64, len(d.Edges))
	for i := range d.Edges {
		pair := between(&d.Edges[i])
		step := min(16, float64(boxHeight)/float64(total[pair]))
		shifts[i] = step * (float64(seen[pair]) - float64(total[pair]-1)/2)
		seen[pair]++
	}
	return shifts
}

func (a *svgWriter) boxWidth(i int) float64 {
	return 24 + letter*float64(min(term.Cells(a.diagram.Nodes[i].Name), longest))
}

func (a *svgWriter) label(i int) string {
	return term.Cut(term.Safe(a.diagram.Edges[i].Label), longest)
}

// at returns the middle of a place's left side.
func (a *svgWriter) at(i int) (x, y float64) {
	p := &a.layout.places[i]
	return a.left[p.layer], border + boxHeight/2 + p.y*rowHeight
}

func (a *svgWriter) draw(o Drawing) {
	if !o.Inline {
		a.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	}
	fmt.Fprintf(a, `<svg xmlns="http://www.w3.org/2000/svg" class="wn-graph" role="img" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f">`+"\n", a.width, a.height, a.width, a.height)
	a.title("Operations between services")
	if !o.Inline {
		a.WriteString("<style>" + Style + "</style>\n")
	}
	a.heads()
	for i := range a.diagram.Edges {
		a.edge(i)
	}
	for i := range a.diagram.Nodes {
		a.box(i)
	}
	for i, at := range a.labels() {
		if at != (area{}) {
			a.edgeLabel(i, at)
		}
	}
	a.legend()
	a.WriteString("</svg>\n")
}

func (a *svgWriter) title(text string) {
	a.Open("title")
	a.Escape(text)
	a.Close("title")
}

// heads defines an arrow head for each color: not every viewer lets a head
// take the color of its line.
func (a *svgWriter) heads() {
	a.WriteString("<defs>\n")
	for _, c := range []string{"sync", "async", "undecided", "odd", "bad"} {
		fmt.Fprintf(a, `<marker id="wn-%s" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="wn-head-%s" d="M0 0L8 4L0 8z"/></marker>`+"\n", c, c)
	}
	a.WriteString("</defs>\n")
}

// points returns where an edge goes through, from its caller to its callee.
func (a *svgWriter) points(i int) [][2]float64 {
	route := a.layout.routes[i]
	var points [][2]float64
	for k, place := range route {
		x, y := a.at(place)
		if !a.layout.places[place].bend {
			y += a.shift[i]
		}
		switch {
		case k == 0:
			points = append(points, [2]float64{x + a.boxWidth(place), y})
		case k == len(route)-1:
			points = append(points, [2]float64{x, y})
		default:
			points = append(points, [2]float64{x, y}, [2]float64{x + a.widest[a.layout.places[place].layer], y})
		}
	}
	if a.layout.back[i] {
		for l, r := 0, len(points)-1; l < r; l, r = l+1, r-1 {
			points[l], points[r] = points[r], points[l]
		}
	}
	return points
}

// refs writes numbers with blanks between.
func refs(list []int) string { return strings.Trim(fmt.Sprint(list), "[]") }

func (a *svgWriter) path(i int) string {
	points := a.points(i)
	if e := &a.diagram.Edges[i]; e.From == e.To {
		x, y := points[0][0], points[0][1]
		return fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x, y-6, x+45, y-22, x+45, y+22, x, y+6)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "M%.1f %.1f", points[0][0], points[0][1])
	for k := 1; k < len(points); k++ {
		p, q := points[k-1], points[k]
		if p[1] == q[1] {
			fmt.Fprintf(&b, "L%.1f %.1f", q[0], q[1])
			continue
		}
		middle := (p[0] + q[0]) / 2
		fmt.Fprintf(&b, "C%.1f %.1f %.1f %.1f %.1f %.1f", middle, p[1], middle, q[1], q[0], q[1])
	}
	return b.String()
}

// color is the class that an edge stands out by, or that of its mode.
func (e *Edge) color() string {
	switch {
	case e.Over:
		return "bad"
	case e.Differs:
		return "odd"
	case e.Mode == decide.Hybrid:
		return "sync"
	}
	return e.Mode.String()
}

func (a *svgWriter) edge(i int) {
	e := &a.diagram.Edges[i]
	line := func(mode, transform, head string) {
		class := "wn-edge wn-" + mode
		if c := e.color(); c == "bad" || c == "odd" {
			class += " wn-" + c
		}
		if e.Weight > 1 {
			class += fmt.Sprintf(" wn-thick-%d", min(2+e.Weight/5, thickest))
		}
		a.Empty("path", "class", class, "d", a.path(i), "transform", transform, "marker-end", head)
	}
	head := "url(#wn-" + e.color() + ")"
	a.Open("g", "class", "edge", "data-from", fmt.Sprint(e.From), "data-to", fmt.Sprint(e.To), "data-refs", refs(e.Refs))
	a.title(term.Safe(strings.ReplaceAll(e.Remark, "\n", "; ")))
	if e.Mode == decide.Hybrid {
		line("sync", "translate(0 -2)", head)
		line("async", "translate(0 2)", "")
	} else {
		line(e.Mode.String(), "", head)
	}
	a.Close("g")
}

// edgeLabel writes the label of an edge where there is room for it.
func (a *svgWriter) edgeLabel(i int, at area) {
	e := &a.diagram.Edges[i]
	class := "wn-label"
	if c := e.color(); c == "bad" || c == "odd" {
		class += " wn-label-" + c
	}
	if strings.Contains(a.label(i), " ") { // the outline of letters leaves the line visible between words
		a.Empty("rect", "class", "wn-halo", "x", fmt.Sprintf("%.1f", at.left+4), "y", fmt.Sprintf("%.1f", at.top+2),
			"width", fmt.Sprintf("%.1f", at.right-at.left-8), "height", fmt.Sprint(labelHeight-4))
	}
	a.Open("text", "class", class, "x", fmt.Sprintf("%.1f", (at.left+at.right)/2), "y", fmt.Sprintf("%.1f", (at.top+at.bottom)/2+4), "text-anchor", "middle",
		"data-from", fmt.Sprint(e.From), "data-to", fmt.Sprint(e.To))
	a.Escape(a.label(i))
	a.Close("text")
}

func (a *svgWriter) box(i int) {
	n := &a.diagram.Nodes[i]
	x, y := a.at(i)
	class := "wn-box"
	if n.External || n.Work {
		class += " wn-outside"
	}
	if n.Entry {
		class += " wn-entry"
	}
	a.Open("g", "class", "node", "data-n", fmt.Sprint(i), "data-ref", fmt.Sprint(n.Ref))
	a.title(term.Safe(n.Name))
	a.Empty("rect", "class", class, "x", fmt.Sprintf("%.1f", x), "y", fmt.Sprintf("%.1f", y-boxHeight/2),
		"width", fmt.Sprintf("%.1f", a.boxWidth(i)), "height", fmt.Sprint(boxHeight), "rx", "6")
	a.Open("text", "x", fmt.Sprintf("%.1f", x+a.boxWidth(i)/2), "y", fmt.Sprintf("%.1f", y+4.5), "text-anchor", "middle")
	a.Escape(term.Cut(term.Safe(n.Name), longest))
	a.Close("text")
	a.Close("g")
}

// legend explains the lines and says what is not shown.
func (a *svgWriter) legend() {
	x, y := float64(border), a.height-foot+24
	for _, l := range []struct{ class, text string }{
		{"wn-sync", "sync"}, {"wn-async", "async"}, {"hybrid", "hybrid"},
		{"wn-sync wn-odd", "(!) not as the verdict"}, {"wn-sync wn-bad", "over budget"},
	} {
		line := func(class string, dy float64) {
			a.Empty("path", "class", "wn-edge "+class, "d", fmt.Sprintf("M%.1f %.1fh28", x, y+dy))
		}
		if l.class == "hybrid" {
			line("wn-sync", -2)
			line("wn-async", 2)
		} else {
			line(l.class, 0)
		}
		a.note(x+34, y+4, l.text)
		x += 34 + small*float64(len(l.text)) + 18
	}
	if a.diagram.Hidden > 0 {
		a.note(border, y+24, text.Count(a.diagram.Hidden, "operation")+" left out: pick a journey or a service")
	}
}

func (a *svgWriter) note(x, y float64, text string) {
	a.Open("text", "class", "wn-note", "x", fmt.Sprintf("%.1f", x), "y", fmt.Sprintf("%.1f", y))
	a.Escape(text)
	a.Close("text")
}
