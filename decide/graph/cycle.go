package graph

import (
	"slices"

	"waitornot/decide"
)

// A Cycle is a set of services each of which reaches all the others. A service
// that calls itself is none.
type Cycle struct {
	Services []ServiceID // by name
	// Ring is a shortest way round that starts and ends at the first service:
	// the callee of each operation is the caller of the next.
	Ring []OperationID
}

// components are the strongly connected components of the services over some of
// the operations.
type components struct {
	of     []int32 // by service; what a component reaches has a lower number
	count  int
	cycles []Cycle // by their first service
}

// waits reports whether the caller waits for the operation.
func (o *Operation) waits() bool { return o.Mode() == decide.Sync }

// componentsOver finds the components over the operations that keep picks. The
// walk keeps its own stack: a chain of calls may be as long as the manifest.
func (g *Graph) componentsOver(keep func(*Operation) bool) components {
	n := len(g.services)
	t := tarjan{graph: g, keep: keep, number: make([]int32, n), low: make([]int32, n)}
	t.found.of = make([]int32, n)
	for s := range n {
		if t.number[s] == 0 {
			t.walk(ServiceID(s))
		}
	}
	slices.SortFunc(t.found.cycles, func(a, b Cycle) int { return int(a.Services[0]) - int(b.Services[0]) })
	for i := range t.found.cycles {
		c := &t.found.cycles[i]
		c.Ring = g.ring(c.Services[0], t.found.of, keep)
	}
	return t.found
}

// tarjan is the state of Tarjan's algorithm.
type tarjan struct {
	graph  *Graph
	keep   func(*Operation) bool
	number []int32 // by service, in the order of discovery, from 1; 0 is not seen, -1 done
	low    []int32
	last   int32
	open   []ServiceID // discovered, their component not yet known
	path   []frame
	found  components
}

// A frame is a service on the way and how many of its calls were looked at.
type frame struct {
	service ServiceID
	next    int
}

func (t *tarjan) walk(from ServiceID) {
	t.enter(from)
	for len(t.path) > 0 {
		f := &t.path[len(t.path)-1]
		calls := t.graph.calls.of(f.service)
		if f.next == len(calls) {
			t.leave()
			continue
		}
		o := t.graph.Operation(calls[f.next])
		f.next++
		switch to := o.Callee; {
		case to == None || !t.keep(o):
		case t.number[to] == 0:
			t.enter(to)
		case t.number[to] > 0:
			t.low[f.service] = min(t.low[f.service], t.number[to])
		}
	}
}

func (t *tarjan) enter(s ServiceID) {
	t.last++
	t.number[s], t.low[s] = t.last, t.last
	t.open = append(t.open, s)
	t.path = append(t.path, frame{service: s})
}

func (t *tarjan) leave() {
	s := t.path[len(t.path)-1].service
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		up := t.path[len(t.path)-1].service
		t.low[up] = min(t.low[up], t.low[s])
	}
	if t.low[s] != t.number[s] {
		return
	}
	from := len(t.open) - 1
	for t.open[from] != s {
		from--
	}
	members := t.open[from:]
	for _, m := range members {
		t.found.of[m], t.number[m] = int32(t.found.count), -1
	}
	if len(members) > 1 {
		sorted := slices.Sorted(slices.Values(members))
		t.found.cycles = append(t.found.cycles, Cycle{Services: sorted})
	}
	t.found.count++
	t.open = t.open[:from]
}

// ring returns a shortest way from start back to it inside its component, the
// first in run order.
func (g *Graph) ring(start ServiceID, component []int32, keep func(*Operation) bool) []OperationID {
	cameBy := map[ServiceID]OperationID{}
	queue := []ServiceID{start}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, id := range g.calls.of(s) {
			o := g.Operation(id)
			if o.Callee == None || o.Callee == s || !keep(o) || component[o.Callee] != component[start] {
				continue
			}
			if _, seen := cameBy[o.Callee]; seen {
				continue
			}
			cameBy[o.Callee] = id
			if o.Callee == start {
				return g.wayBack(start, cameBy)
			}
			queue = append(queue, o.Callee)
		}
	}
	return nil
}

func (g *Graph) wayBack(start ServiceID, cameBy map[ServiceID]OperationID) []OperationID {
	var way []OperationID
	for at := start; ; {
		id := cameBy[at]
		way = append(way, id)
		if at = g.Operation(id).Caller; at == start {
			slices.Reverse(way)
			return way
		}
	}
}
