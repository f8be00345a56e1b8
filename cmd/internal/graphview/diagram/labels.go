package diagram

import (
	"cmp"
	"slices"

	"waitornot/cmd/internal/term"
)

// An area is a rectangle of a picture, in pixels. The zero area is none.
type area struct{ left, top, right, bottom float64 }

func (a area) meets(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// labelHeight is how high a label is, with what keeps it apart from others.
const labelHeight = 15

// labels places the label of each edge on its line, where it covers neither a box nor
// another label. What stands out is placed first. A label without room is left out: its
// line says the same when it's pointed at.
func (a *svgWriter) labels() []area {
	order := make([]int, len(a.diagram.Edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(a.diagram.Edges[x].rank(), a.diagram.Edges[y].rank()) })
	taken := newOccupied()
	for i := range a.diagram.Nodes {
		x, y := a.at(i)
		taken.add(area{x - 2, y - boxHeight/2 - 2, x + a.boxWidth(i) + 2, y + boxHeight/2 + 2})
	}
	placed := make([]area, len(a.diagram.Edges))
	for _, i := range order {
		wide := small*float64(term.Cells(a.label(i))) + 6
		for _, p := range a.along(i) {
			at := area{p[0] - wide/2, p[1] - labelHeight/2, p[0] + wide/2, p[1] + labelHeight/2}
			if at.left < 0 || at.right > a.width || at.top < 0 || at.bottom > a.height-foot || taken.meets(at) {
				continue
			}
			taken.add(at)
			placed[i] = at
			break
		}
	}
	return placed
}

// rank orders edges by how much they stand out.
func (e *Edge) rank() int {
	switch {
	case e.Over:
		return 0
	case e.Differs:
		return 1
	}
	return 2
}

// along returns points of an edge at which its label may stand, the best first: the
// middle of its first part, then beside that, then of the other parts.
func (a *svgWriter) along(i int) [][2]float64 {
	points := a.points(i)
	if e := &a.diagram.Edges[i]; e.From == e.To {
		x, y := points[0][0]+40, points[0][1]
		return [][2]float64{{x, y}, {x, y + labelHeight}, {x, y - labelHeight}}
	}
	var list [][2]float64
	for k := 1; k < len(points); k++ {
		for _, t := range []float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8} {
			list = append(list, bezier(points[k-1], points[k], t))
		}
	}
	return list
}

// bezier returns a point of the curve between two points that leaves and arrives level.
func bezier(p, q [2]float64, t float64) [2]float64 {
	middle, u := (p[0]+q[0])/2, 1-t
	of := func(a, b, c, d float64) float64 { return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d }
	return [2]float64{of(p[0], middle, middle, q[0]), of(p[1], p[1], q[1], q[1])}
}

// occupied knows which areas are taken, by bands of the picture.
type occupied struct{ bands map[int][]area }

func newOccupied() *occupied { return &occupied{map[int][]area{}} }

// band is how high a band is.
const band = 64

func (o *occupied) add(a area) {
	for k := int(a.top) / band; k <= int(a.bottom)/band; k++ {
		o.bands[k] = append(o.bands[k], a)
	}
}

func (o *occupied) meets(a area) bool {
	for k := int(a.top) / band; k <= int(a.bottom)/band; k++ {
		if slices.ContainsFunc(o.bands[k], a.meets) {
			return true
		}
	}
	return false
}
