package diagram

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Boxes of one layer do not lie on each other, whatever calls what.
func TestLayoutKeepsBoxesApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var d Diagram
		n := rapid.IntRange(1, 12).Draw(t, "nodes")
		for i := range n {
			d.Nodes = append(d.Nodes, Node{Name: fmt.Sprint(i)})
		}
		for range rapid.IntRange(0, 30).Draw(t, "edges") {
			d.Edges = append(d.Edges, Edge{From: rapid.IntRange(0, n-1).Draw(t, "from"), To: rapid.IntRange(0, n-1).Draw(t, "to")})
		}
		l := arrange(&d)
		for i := range d.Nodes {
			for k := range i {
				a, b := l.places[i], l.places[k]
				if a.layer == b.layer && max(a.y-b.y, b.y-a.y) < 0.99 {
					t.Fatalf("%s and %s are %v rows apart", d.Nodes[i].Name, d.Nodes[k].Name, a.y-b.y)
				}
			}
		}
	})
}

// Labels cover neither boxes nor each other, whatever calls what.
func TestLabelsNeverOverprint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var d Diagram
		n := rapid.IntRange(1, 15).Draw(t, "nodes")
		for i := range n {
			d.Nodes = append(d.Nodes, Node{Name: fmt.Sprint("service-", i)})
		}
		for i := range rapid.IntRange(0, 40).Draw(t, "edges") {
			d.Edges = append(d.Edges, Edge{
				From: rapid.IntRange(0, n-1).Draw(t, "from"), To: rapid.IntRange(0, n-1).Draw(t, "to"), Label: fmt.Sprint("operation-", i), Over: i%5 == 0,
			})
		}
		a := svgWriter{diagram: &d, layout: arrange(&d)}
		a.measure()
		labels := a.labels()
		for i, x := range labels {
			if x == (area{}) {
				continue
			}
			for k := range i {
				if labels[k] != (area{}) && x.meets(labels[k]) {
					t.Fatalf("the labels of edges %d and %d overlap", k, i)
				}
			}
			for k := range d.Nodes {
				left, middle := a.at(k)
				if x.meets(area{left, middle - boxHeight/2, left + a.boxWidth(k), middle + boxHeight/2}) {
					t.Fatalf("the label of edge %d covers a box", i)
				}
			}
		}
	})
}
