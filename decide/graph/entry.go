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

// A hop is how far synchronous chains go from somewhere.
type hop struct {
	depth       int32
	deepest     OperationID // the first hop of the longest chain; None at its end
	attempts    float64
	mostRetried OperationID // the first hop of the chain with the most attempts; None at its end
}

var lastHop = hop{deepest: None, attempts: 1, mostRetried: None}

// add takes a chain into account that begins with an operation. Of chains that are
// as long, or make as many attempts, the first in run order counts.
func (h *hop) add(id OperationID, depth int32, attempts float64) {
	h.lengthen(id, depth)
	h.retry(id, attempts)
}

func (h *hop) lengthen(id OperationID, depth int32) {
	if depth > h.depth || depth == h.depth && id < h.deepest {
		h.depth, h.deepest = depth, id
	}
}

func (h *hop) retry(id OperationID, attempts float64) {
	if attempts > h.attempts || attempts == h.attempts && h.mostRetried != None && id < h.mostRetried {
		h.attempts, h.mostRetried = attempts, id
	}
}

// reach is how far synchronous chains go. By component of g.waiting: all of them, and
// free, those that begin with an operation of which nothing says what leads to it. By
// operation: those that begin with what it is said to lead to.
type reach struct {
	all, free []hop
	after     map[OperationID]hop
}

// onward returns how far chains go from the callee of an operation.
func (g *Graph) onward(id OperationID) hop {
	callee := g.Operation(id).Callee
	if callee == None {
		return lastHop
	}
	h := g.reach.free[g.waiting.of[callee]]
	if after, ok := g.reach.after[id]; ok {
		if after.deepest != None {
			h.lengthen(after.deepest, after.depth)
		}
		if after.mostRetried != None {
			h.retry(after.mostRetried, after.attempts)
		}
	}
	return h
}

// Depth returns the number of hops of the longest synchronous chain from s, as
// Entry.Depth counts them.
func (g *Graph) Depth(s ServiceID) int { return int(g.reach.all[g.waiting.of[s]].depth) }

// Chain returns the longest synchronous chain from s, the first in run order.
func (g *Graph) Chain(s ServiceID) []OperationID {
	return g.chain(s, func(h hop) OperationID { return h.deepest })
}

// RetryChain returns the synchronous chain from s with the largest product of
// attempts, the first in run order. It ends where nothing more is retried or
// called.
func (g *Graph) RetryChain(s ServiceID) []OperationID {
	return g.chain(s, func(h hop) OperationID { return h.mostRetried })
}

func (g *Graph) chain(s ServiceID, next func(hop) OperationID) []OperationID {
	var chain []OperationID
	for id := next(g.reach.all[g.waiting.of[s]]); id != None; id = next(g.onward(id)) {
		chain = append(chain, id)
	}
	return chain
}

// ByServiceAlone reports whether a chain from s is joined somewhere by nothing but a
// service: into it lead several operations, and nothing says which of them leads on.
func (g *Graph) ByServiceAlone(chain []OperationID) bool {
	for _, id := range chain[min(1, len(chain)):] {
		if len(g.after[id]) == 0 && len(g.calledBy.of(g.Operation(id).Caller)) > 1 {
			return true
		}
	}
	return false
}

// measureReach works out how far chains go. Components come with those that
// they reach first, so one pass over them is enough.
func (g *Graph) measureReach() {
	n := g.waiting.count
	g.reach = reach{slices.Repeat([]hop{lastHop}, n), slices.Repeat([]hop{lastHop}, n), map[OperationID]hop{}}
	r := &g.reach
	for _, s := range g.byComponent() {
		c := g.waiting.of[s]
		for _, id := range g.calls.of(s) {
			o := g.Operation(id)
			if !o.waits() || o.Callee != None && g.waiting.of[o.Callee] == c {
				continue
			}
			on := g.onward(id)
			depth, attempts := 1+on.depth, math.Min(float64(o.Attempts())*on.attempts, math.MaxFloat64)
			r.all[c].add(id, depth, attempts)
			before := g.after[id]
			if len(before) == 0 {
				r.free[c].add(id, depth, attempts)
			}
			for _, in := range before {
				h, ok := r.after[in]
				if !ok {
					h = lastHop
				}
				h.add(id, depth, attempts)
				r.after[in] = h
			}
		}
	}
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
	for id, o := range g.Operations() {
		caller := o.Caller
		for _, s := range g.receivers(id) {
			if s != caller {
				called[s] = true
				outside[whole.of[s]] = outside[whole.of[s]] || whole.of[caller] != whole.of[s]
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

// receivers returns the callee of an operation and the others that handle its messages.
func (g *Graph) receivers(id OperationID) []ServiceID {
	handlers := g.handlers[id]
	if callee := g.Operation(id).Callee; callee != None {
		return append([]ServiceID{callee}, handlers...)
	}
	return handlers
}

// listEntries says of the services where requests come in how far they go.
func (g *Graph) listEntries(found []ServiceID, starts []bool) {
	g.entries = slices.Grow(g.entries, len(found))
	for _, s := range found {
		h := g.reach.all[g.waiting.of[s]]
		g.entries = append(g.entries, Entry{s, starts[s], int(h.depth), h.attempts})
	}
}

// journeyStarts returns, by service, whether it makes the first step of a
// journey.
func (g *Graph) journeyStarts() []bool {
	starts := make([]bool, len(g.services))
	for i := range g.journeys {
		path := g.journeys[i].Path
		for k := 0; k < len(path) && path[k].Slot == path[0].Slot; k++ {
			starts[g.Operation(path[k].Operation).Caller] = true
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
			if o := g.Operation(id); o.Callee != None && o.waits() && !g.asked[o.Callee] {
				g.asked[o.Callee] = true
				queue = append(queue, o.Callee)
			}
		}
	}
}
