package graph

import (
	"cmp"
	"slices"
)

// What of a graph asks for a look first. All keep the order of equals.

// OverBudget returns the operations on the critical paths of those of some journeys that
// are over their budget.
func (g *Graph) OverBudget(journeys []int) map[OperationID]bool {
	over := map[OperationID]bool{}
	for _, i := range journeys {
		j := &g.journeys[i]
		if n := g.Numbers(j); n.Budget(j) == Missed {
			for _, step := range n.Tail.Path {
				over[j.Step(step).Operation] = true
			}
		}
	}
	return over
}

// WorstFirst returns journeys in another order: first those that miss what is asked of
// them, then those of which that isn't known.
func (g *Graph) WorstFirst(journeys []int) []int {
	all := g.AllNumbers()
	urgency := func(i int) int {
		switch j := &g.journeys[i]; max(all[i].Budget(j), all[i].Objective(j)) {
		case Missed:
			return 2
		case Open:
			return 1
		case NotAsked, Met:
		}
		return 0
	}
	sorted := slices.Clone(journeys)
	slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(urgency(b), urgency(a)) })
	return sorted
}

// DeepestFirst returns entries in another order: those with the longest chains first.
func (g *Graph) DeepestFirst(entries []int) []int {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(g.entries[b].Depth, g.entries[a].Depth) })
	return sorted
}

// A QueueLoad is the queue of an operation.
type QueueLoad struct {
	Operation OperationID
	Queue
}

// BusiestQueues returns the queues of some operations, as far as their utilization is
// known, the busiest first.
func (g *Graph) BusiestQueues(ops []OperationID) []QueueLoad {
	var list []QueueLoad
	for _, id := range ops {
		if q, ok := g.Queue(id); ok && q.Utilization > 0 {
			list = append(list, QueueLoad{id, q})
		}
	}
	slices.SortStableFunc(list, func(a, b QueueLoad) int { return cmp.Compare(b.Utilization, a.Utilization) })
	return list
}

// An OpenCalls is how many calls of an operation are in flight.
type OpenCalls struct {
	Operation OperationID
	CallsInFlight
}

// MostInFlight returns how many calls of some operations are in flight, as far as that is
// known, the most first.
func (g *Graph) MostInFlight(ops []OperationID) []OpenCalls {
	var list []OpenCalls
	for _, id := range ops {
		if calls, ok := g.CallsInFlight(id); ok {
			list = append(list, OpenCalls{id, calls})
		}
	}
	slices.SortStableFunc(list, func(a, b OpenCalls) int { return cmp.Compare(b.Slow, a.Slow) })
	return list
}
