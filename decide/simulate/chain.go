package simulate

import (
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// mostChained is how many steps Chain returns at most.
const mostChained = 1000

// Chain returns a journey that nobody wrote: an operation, and in it every operation of
// its callee, and so on, each after the other. That all of them happen is the worst case.
// A service that calls back into the chain is not followed again; nor is anything beyond
// a thousand steps.
func Chain(g *graph.Graph, id graph.OperationID) *graph.Journey {
	o := g.Operation(id)
	c := chain{graph: g, on: map[graph.ServiceID]bool{o.Caller: true}}
	c.follow(id, None)
	return &graph.Journey{
		Journey: &manifest.Journey{Name: manifest.Field[string]{Value: o.Name}},
		File:    g.File(id), Service: o.Service, Path: c.path,
	}
}

// A chain is followed from caller to callee.
type chain struct {
	graph *graph.Graph
	path  []graph.Step
	on    map[graph.ServiceID]bool // the services on the way to the step at hand
}

func (c *chain) follow(id graph.OperationID, parent int32) {
	if len(c.path) == mostChained {
		return
	}
	at := int32(len(c.path))
	c.path = append(c.path, graph.Step{Operation: id, Slot: at, Parent: parent})
	callee := c.graph.Operation(id).Callee
	if callee == graph.None || c.on[callee] {
		return
	}
	c.on[callee] = true
	for _, next := range c.graph.Calls(callee) {
		c.follow(next, at)
	}
	delete(c.on, callee)
}
