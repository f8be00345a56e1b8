package graph

import (
	"slices"

	"waitornot/decide"
)

// mostFollowed is how many calls are followed of one journey.
const mostFollowed = 100

// followJourneys finds the calls that the callees of journeys' steps wait for.
func (g *Graph) followJourneys() {
	for i := range g.journeys {
		f := follower{graph: g, journey: &g.journeys[i], named: map[OperationID]bool{}, slot: 0}
		f.run()
	}
}

// A follower follows the calls of one journey.
type follower struct {
	graph   *Graph
	journey *Journey
	named   map[OperationID]bool // by the journey
	parent  []bool               // by step of the path: the journey names calls that are nested in it
	slot    int32                // the last
}

func (f *follower) run() {
	j := f.journey
	f.parent = make([]bool, len(j.Path))
	for _, s := range j.Path {
		f.named[s.Operation] = true
		f.slot = max(f.slot, s.Slot)
		if s.Parent != None {
			f.parent[s.Parent] = true
		}
	}
	for at := int32(0); int(at) < j.Len() && !j.Cut; at++ {
		f.step(at)
	}
}

// step follows the calls of one step's callee. Where the journey names some of them it
// has said which, and only what says by itself that this operation leads to it is added.
func (f *follower) step(at int32) {
	g, j := f.graph, f.journey
	s := *j.Step(at)
	in := &g.ops[s.Operation]
	if !in.waits() || in.Callee == None || in.Callee == in.Caller || f.rings(at) {
		return
	}
	said := int(at) < len(j.Path) && f.parent[at]
	alone := f.alone(in.Callee)
	f.slot++
	for _, id := range g.calls.of(in.Callee) {
		joined, follows := f.joins(s.Operation, id, alone)
		if !follows || f.named[id] || said && !slices.Contains(g.after[id], s.Operation) {
			continue
		}
		if len(j.Followed) == mostFollowed {
			j.Cut = true
			return
		}
		j.Followed = append(j.Followed, Step{Operation: id, Slot: f.slot, Parent: at, Joined: max(joined, s.Joined)})
	}
}

// alone reports whether one operation of another service leads into a service.
func (f *follower) alone(s ServiceID) bool {
	into := 0
	for _, id := range f.graph.calledBy.of(s) {
		into += one(f.graph.ops[id].Caller != s)
	}
	return into == 1
}

// joins says how a call of a callee belongs to an operation into it, if it may.
func (f *follower) joins(in, out OperationID, alone bool) (Joined, bool) {
	o := &f.graph.ops[out]
	after := f.graph.after[out]
	switch {
	case !o.waits() || o.Callee == o.Caller:
		return 0, false
	case len(after) > 0:
		return ByOperation, slices.Contains(after, in)
	case o.gives(FactTrigger) && o.Facts&decide.Behind != 0:
		return 0, false
	case alone:
		return ByOperation, true
	}
	return ByService, true
}

// rings reports whether a step's callee stands above it already.
func (f *follower) rings(at int32) bool {
	callee := f.graph.ops[f.journey.Step(at).Operation].Callee
	for ; at != None; at = f.journey.Step(at).Parent {
		if f.graph.ops[f.journey.Step(at).Operation].Caller == callee {
			return true
		}
	}
	return false
}
