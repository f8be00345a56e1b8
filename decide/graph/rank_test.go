package graph

import (
	"slices"
	"testing"
	"time"

	"waitornot/decide"
)

// What misses its target comes first, then what isn't known; equals keep their order. The
// same holds for chains, queues and calls in flight, and only those journeys count that
// were asked about.
func TestRank(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "quick", "a", decide.Sync, p99(100*time.Millisecond), rates(1, 0, 0, 0))
	b.op(d, "slow", "b", decide.Sync, p99(900*time.Millisecond), rates(10, 0, 0, 0))
	b.op(d, "open", "c", decide.Sync)
	b.op(d, "idle", "m", decide.Async, rates(1, 0, 0, 0), workers(1, 100*time.Millisecond))
	b.op(d, "busy", "n", decide.Async, rates(8, 0, 0, 0), workers(1, 100*time.Millisecond))
	for _, name := range []string{"quick", "open", "slow"} {
		put(b, &b.journey(d, "j-"+name, name).Budget, 500*time.Millisecond)
	}
	g := b.build(t, 0)
	if got := g.WorstFirst([]int{0, 1, 2}); !slices.Equal(got, []int{2, 1, 0}) {
		t.Errorf("the worst first: %v", got)
	}
	if over := g.OverBudget([]int{0, 1, 2}); len(over) != 1 || !over[1] {
		t.Errorf("over its budget: %v", over)
	}
	if over := g.OverBudget([]int{0, 1}); len(over) != 0 {
		t.Errorf("over its budget, without the journey that is: %v", over)
	}
	if q := g.BusiestQueues([]OperationID{0, 3, 4}); len(q) != 2 || q[0].Operation != 4 || q[1].Operation != 3 {
		t.Errorf("the busiest queues: %+v", q)
	}
	if c := g.MostInFlight([]OperationID{0, 1, 2}); len(c) != 2 || c[0].Operation != 1 || c[1].Operation != 0 {
		t.Errorf("the most in flight: %+v", c)
	}
	if len(g.Entries()) > 0 {
		all := make([]int, len(g.Entries()))
		for i := range all {
			all[i] = i
		}
		sorted := g.DeepestFirst(all)
		for i := 1; i < len(sorted); i++ {
			if g.Entries()[sorted[i-1]].Depth < g.Entries()[sorted[i]].Depth {
				t.Errorf("entry %d stands above a deeper one", sorted[i-1])
			}
		}
	}
}
