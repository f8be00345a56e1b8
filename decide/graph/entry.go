package graph

import (
	"math"
	"slices"
)

// An Entry is a service where requests come in.
type Entry struct {
	Service ServiceID
	Journey bool // the first step of a journey is one of its operations
	// Depth is the number of hops of the longest synchronous chain from here,
	// and Attempts the largest product of attempts along one: what a single
	// request can become when everything fails. Hops inside a ring of services
	// that wait for each other are not counted: the ring is a fault of its own.
	Depth    int
	Attempts float64
}

// Entries returns the services where requests come in, by name: those that call
// but are not called by another service, those that make the first step of a
// journey, and, of services that only call each other in a ring, the first by
// name.
func (g *Graph) Entries() []Entry { return g.entries }

// reach is how far synchronous chains go, by component of g.waiting.
type reach struct {
	depth    []int32
	deepest  []OperationID // the first hop of the longest chain; None at its end
	attempts []float64
	fiercest []OperationID // the first hop of the chain with the most attempts
}

// Depth returns the number of hops of the longest synchronous chain from s, as
// Entry.Depth counts them.
func (g *Graph) Depth(s ServiceID) int { return int(g.reach.depth[g.waiting.of[s]]) }

// Chain returns the longest synchronous chain from s, the first in run order.
func (g *Graph) Chain(s ServiceID) []OperationID { return g.follow(g.reach.deepest, s) }

// RetryChain returns the synchronous chain from s with the largest product of
// attempts, the first in run order. It ends where nothing more is retried or
// called.
func (g *Graph) RetryChain(s ServiceID) []OperationID { return g.follow(g.reach.fiercest, s) }

func (g *Graph) follow(next []OperationID, s ServiceID) []OperationID {
	var chain []OperationID
	for s != None {
		id := next[g.waiting.of[s]]
		if id == None {
			break
		}
		chain = append(chain, id)
		s = g.ops[id].Callee
	}
	return chain
}

// measureReach works out how far chains go. Components come with those that
// they reach first, so one pass over them is enough.
func (g *Graph) measureReach() {
	n := g.waiting.count
	r := reach{make([]int32, n), make([]OperationID, n), make([]float64, n), make([]OperationID, n)}
	for _, s := range g.byComponent() {
		c := g.waiting.of[s]
		if r.attempts[c] == 0 {
			r.attempts[c], r.deepest[c], r.fiercest[c] = 1, None, None
		}
		for _, id := range g.calls.of(s) {
			o := &g.ops[id]
			if !o.waits() || o.Callee != None && g.waiting.of[o.Callee] == c {
				continue
			}
			depth, attempts := int32(1), float64(o.Attempts())
			if o.Callee != None {
				depth += r.depth[g.waiting.of[o.Callee]]
				attempts = math.Min(attempts*r.attempts[g.waiting.of[o.Callee]], math.MaxFloat64)
			}
			if depth > r.depth[c] || depth == r.depth[c] && id < r.deepest[c] {
				r.depth[c], r.deepest[c] = depth, id
			}
			if attempts > r.attempts[c] || attempts == r.attempts[c] && r.fiercest[c] != None && id < r.fiercest[c] {
				r.attempts[c], r.fiercest[c] = attempts, id
			}
		}
	}
	g.reach = r
}

// byComponent lists the services by component, and by name inside one.
func (g *Graph) byComponent() []ServiceID {
	start := make([]int32, g.waiting.count+1)
	for _, c := range g.waiting.of {
		start[c+1]++
	}
	for c := range g.waiting.count {
		start[c+1] += start[c]
	}
	list := make([]ServiceID, len(g.services))
	for s, c := range g.waiting.of {
		list[start[c]] = ServiceID(s)
		start[c]++
	}
	return list
}

// findEntries returns the services where requests come in, by name. Starts are those
// that make the first step of a journey.
func (g *Graph) findEntries(starts []bool) []ServiceID {
	whole := g.componentsOver(func(*Operation) bool { return true })
	called := make([]bool, len(g.services)) // by another service
	outside := make([]bool, whole.count)    // called from another component
	hasEntry := make([]bool, whole.count)
	for i := range g.ops {
		if o := &g.ops[i]; o.Callee != None && o.Caller != o.Callee {
			called[o.Callee] = true
			if whole.of[o.Caller] != whole.of[o.Callee] {
				outside[whole.of[o.Callee]] = true
			}
		}
	}
	var found []ServiceID
	for s := range g.services {
		if starts[s] || !called[s] && len(g.Calls(ServiceID(s))) > 0 {
			found = append(found, ServiceID(s))
			hasEntry[whole.of[s]] = true
		}
	}
	for _, c := range whole.cycles {
		if first := c.Services[0]; !outside[whole.of[first]] && !hasEntry[whole.of[first]] {
			found = append(found, first)
		}
	}
	slices.Sort(found)
	return found
}

// listEntries says of the services where requests come in how far they go.
func (g *Graph) listEntries(found []ServiceID, starts []bool) {
	for _, s := range found {
		c := g.waiting.of[s]
		g.entries = append(g.entries, Entry{s, starts[s], int(g.reach.depth[c]), g.reach.attempts[c]})
	}
}

// journeyStarts returns, by service, whether it makes the first step of a
// journey.
func (g *Graph) journeyStarts() []bool {
	starts := make([]bool, len(g.services))
	for i := range g.journeys {
		path := g.journeys[i].Path
		for k := 0; k < len(path) && path[k].Slot == path[0].Slot; k++ {
			starts[g.ops[path[k].Operation].Caller] = true
		}
	}
	return starts
}

// markAsked marks the entries and all that synchronous operations reach from
// them.
func (g *Graph) markAsked(entries []ServiceID) {
	g.asked = make([]bool, len(g.services))
	queue := slices.Clone(entries)
	for _, s := range queue {
		g.asked[s] = true
	}
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, id := range g.calls.of(s) {
			if o := &g.ops[id]; o.Callee != None && o.waits() && !g.asked[o.Callee] {
				g.asked[o.Callee] = true
				queue = append(queue, o.Callee)
			}
		}
	}
}
