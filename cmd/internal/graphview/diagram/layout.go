package diagram

import (
	"cmp"
	"slices"
)

// A layout places the nodes of a diagram in layers, from left to right, so that
// what calls stands left of what is called. An edge over several layers gets a
// bend in each, so that it goes between the nodes there.
type layout struct {
	places []spot  // first the nodes, then the bends
	layers [][]int // positions in places, from top to bottom
	routes [][]int // by edge: the places that it goes through, both ends included
	back   []bool  // by edge: it goes from right to left
	up     [][]int // by place: its neighbors in the layer before
	down   [][]int // by place: its neighbors in the layer after
}

// A spot is where a node or a bend stands: a layer and a height in rows.
type spot struct {
	layer int
	y     float64
	bend  bool
}

// arrange lays out a diagram. It is the same on every run.
func arrange(d *Diagram) *layout {
	l := &layout{places: make([]spot, len(d.Nodes)), back: make([]bool, len(d.Edges))}
	l.breakRings(d)
	l.assignLayers(d)
	l.addBends(d)
	for range 8 {
		l.order(l.up, 1)
		l.order(l.down, -1)
	}
	l.settle()
	return l
}

// breakRings turns round the edges that close a ring, as a walk in depth finds
// them.
func (l *layout) breakRings(d *Diagram) {
	out := make([][]int, len(d.Nodes))
	for i, e := range d.Edges {
		out[e.From] = append(out[e.From], i)
	}
	const open, done = 1, 2
	state := make([]int, len(d.Nodes))
	type frame struct{ node, next int }
	for start := range d.Nodes {
		if state[start] != 0 {
			continue
		}
		state[start] = open
		path := []frame{{node: start}}
		for len(path) > 0 {
			f := &path[len(path)-1]
			if f.next == len(out[f.node]) {
				state[f.node] = done
				path = path[:len(path)-1]
				continue
			}
			i := out[f.node][f.next]
			f.next++
			switch to := d.Edges[i].To; state[to] {
			case 0:
				state[to] = open
				path = append(path, frame{node: to})
			case open:
				l.back[i] = true
			}
		}
	}
}

// ends returns the nodes of an edge, the left one first.
func (l *layout) ends(d *Diagram, i int) (left, right int) {
	e := &d.Edges[i]
	if l.back[i] {
		return e.To, e.From
	}
	return e.From, e.To
}

// assignLayers gives each node the layer after the last of its callers.
func (l *layout) assignLayers(d *Diagram) {
	waits := make([]int, len(d.Nodes))
	out := make([][]int, len(d.Nodes))
	for i := range d.Edges {
		if left, right := l.ends(d, i); left != right {
			out[left] = append(out[left], right)
			waits[right]++
		}
	}
	var ready []int
	for n := range d.Nodes {
		if waits[n] == 0 {
			ready = append(ready, n)
		}
	}
	for len(ready) > 0 {
		n := ready[0]
		ready = ready[1:]
		for _, to := range out[n] {
			l.places[to].layer = max(l.places[to].layer, l.places[n].layer+1)
			if waits[to]--; waits[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
}

// addBends routes every edge through the layers between its ends.
func (l *layout) addBends(d *Diagram) {
	l.routes = make([][]int, len(d.Edges))
	for i := range d.Edges {
		left, right := l.ends(d, i)
		route := []int{left}
		for layer := l.places[left].layer + 1; layer < l.places[right].layer; layer++ {
			l.places = append(l.places, spot{layer: layer, bend: true})
			route = append(route, len(l.places)-1)
		}
		l.routes[i] = append(route, right)
	}
	l.up, l.down = make([][]int, len(l.places)), make([][]int, len(l.places))
	for _, route := range l.routes {
		for k := 1; k < len(route); k++ {
			if a, b := route[k-1], route[k]; a != b {
				l.down[a], l.up[b] = append(l.down[a], b), append(l.up[b], a)
			}
		}
	}
	for i := range l.places {
		for len(l.layers) <= l.places[i].layer {
			l.layers = append(l.layers, nil)
		}
		layer := &l.layers[l.places[i].layer]
		l.places[i].y = float64(len(*layer))
		*layer = append(*layer, i)
	}
}

// order sorts each layer by the mean height of the neighbors on one side, so
// that fewer edges cross.
func (l *layout) order(neighbors [][]int, step int) {
	for k := range l.layers {
		if step < 0 {
			k = len(l.layers) - 1 - k
		}
		layer := l.layers[k]
		slices.SortStableFunc(layer, func(a, b int) int { return cmp.Compare(l.mean(a, neighbors[a]), l.mean(b, neighbors[b])) })
		for y, i := range layer {
			l.places[i].y = float64(y)
		}
	}
}

// mean returns the mean height of some neighbors, or the own one without any.
func (l *layout) mean(i int, neighbors []int) float64 {
	if len(neighbors) == 0 {
		return l.places[i].y
	}
	sum := 0.0
	for _, n := range neighbors {
		sum += l.places[n].y
	}
	return sum / float64(len(neighbors))
}

// settle moves places towards their neighbors while it keeps the order and the
// distance of a row; a bend takes half a row.
func (l *layout) settle() {
	for round := range 10 {
		neighbors := l.up
		if round%2 == 1 {
			neighbors = l.down
		}
		for _, layer := range l.layers {
			want := make([]float64, len(layer))
			for k, i := range layer {
				want[k] = l.mean(i, neighbors[i])
			}
			l.spread(layer, want)
		}
	}
	least := 0.0
	for i := range l.places {
		least = min(least, l.places[i].y)
	}
	for i := range l.places {
		l.places[i].y -= least
	}
}

// spread puts a layer as near to the wanted heights as its rows allow: pushed
// down from the top, and as a whole back up by half of what that pushed.
func (l *layout) spread(layer []int, want []float64) {
	at, pushed := 0.0, 0.0
	for k, i := range layer {
		at = max(want[k], at)
		if k == 0 {
			at = want[0]
		}
		l.places[i].y = at
		pushed += at - want[k]
		at += l.height(i, layer, k)
	}
	if len(layer) > 0 {
		pushed /= float64(len(layer))
	}
	for _, i := range layer {
		l.places[i].y -= pushed
	}
}

// height is the distance from a place to the next one below it.
func (l *layout) height(i int, layer []int, k int) float64 {
	if l.places[i].bend && k+1 < len(layer) && l.places[layer[k+1]].bend {
		return 0.5
	}
	return 1
}
