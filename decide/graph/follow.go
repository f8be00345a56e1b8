package graph

import (
	"slices"

	"waitornot/decide"
)

// mostFollowed is how many calls are followed of one journey.
const mostFollowed = 100

// followJourneys finds the calls that the callees of journeys' steps wait for.
func (g *Graph) followJourneys() {
	f := follower{graph: g, named: map[OperationID]bool{}, into: make([]uint8, len(g.services))}
	for i := range g.journeys {
		f.run(&g.journeys[i])
	}
}

// A follower follows the calls of journeys, one after another.
type follower struct {
	graph   *Graph
	journey *Journey
	named   map[OperationID]bool // by the journey
	parent  []bool               // by step of the path: the journey names calls that are nested in it
	slot    int32                // the last
	room    []Step               // for the calls of the next journey
	into    []uint8              // by service: 1 + how many operations of others lead into it, two at most; 0 when nobody has looked
}

func (f *follower) run(j *Journey) {
	f.journey, f.slot = j, 0
	clear(f.named)
	f.parent = slices.Grow(f.parent[:0], len(j.Path))[:len(j.Path)]
	clear(f.parent)
	for _, s := range j.Path {
		f.named[s.Operation] = true
		f.slot = max(f.slot, s.Slot)
		if s.Parent != None {
			f.parent[s.Parent] = true
		}
	}
	j.Followed = f.room[:0]
	for at := int32(0); int(at) < j.Len() && !j.Cut; at++ {
		f.step(at)
	}
	f.room, j.Followed = j.Followed, slices.Clone(j.Followed)
}

// step follows the calls of one step's callee. Where the journey names some of them it
// has said which, and only what says by itself that this operation leads to it is added.
func (f *follower) step(at int32) {
	g, j := f.graph, f.journey
	s := *j.Step(at)
	in := g.Operation(s.Operation)
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

// alone reports whether one operation of another service leads into a service. Many
// journeys may go through a service that very many call, so it is counted once.
func (f *follower) alone(s ServiceID) bool {
	if f.into[s] == 0 {
		f.into[s] = 1
		for _, id := range f.graph.calledBy.of(s) {
			if f.graph.Operation(id).Caller != s {
				if f.into[s]++; f.into[s] == 3 {
					break
				}
			}
		}
	}
	return f.into[s] == 2
}

// joins says how a call of a callee belongs to an operation into it, if it may.
func (f *follower) joins(in, out OperationID, alone bool) (Joined, bool) {
	o := f.graph.Operation(out)
	after := f.graph.after[out]
	switch {
	case !o.waits() || o.Callee == o.Caller:
		return ByJourney, false
	case len(after) > 0:
		return ByOperation, slices.Contains(after, in)
	case o.gives(FactTrigger) && o.Facts&decide.Behind != 0:
		return ByJourney, false
	case alone:
		return ByOperation, true
	}
	return ByService, true
}

// rings reports whether a step's callee stands above it already.
func (f *follower) rings(at int32) bool {
	callee := f.graph.Operation(f.journey.Step(at).Operation).Callee
	for ; at != None; at = f.journey.Step(at).Parent {
		if f.graph.Operation(f.journey.Step(at).Operation).Caller == callee {
			return true
		}
	}
	return false
}
