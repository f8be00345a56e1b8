package graph

import (
	"slices"
	"time"
)

// A scratch is memory for the arithmetic of a journey, used again for the next one. What is
// returned to others is never part of it. The zero scratch is ready.
type scratch struct {
	steps           []step
	first           map[OperationID]int // the first step of each operation
	clock           clock
	asIs, all       []stepRole
	covered, counts []bool
	depth           []int
	attempts        []float64
	terms           map[dependency]int
	least           map[dependency]float64
}

// cleared returns a list of n zero values in the room of the one before.
func cleared[T any](list *[]T, n int) []T {
	*list = slices.Grow((*list)[:0], n)[:n]
	clear(*list)
	return *list
}

// emptied returns a map without entries, in the place of the one before.
func emptied[K comparable, V any](m *map[K]V) map[K]V {
	if *m == nil {
		*m = map[K]V{}
	}
	clear(*m)
	return *m
}

// roles returns the roles of the steps as they are, and when the changed ones are
// detached. changed may be nil.
func (m *model) roles(changed []bool) (asIs, all []stepRole) {
	asIs = cleared(&m.scratch.asIs, len(m.steps))
	m.assignRoles(asIs, nil)
	if changed == nil {
		return asIs, asIs
	}
	all = cleared(&m.scratch.all, len(m.steps))
	m.assignRoles(all, changed)
	return asIs, all
}

// start has a clock run the journey as it is, which shows what each step takes by itself.
func (c *clock) start(m *model, of func(*step) (time.Duration, bool), accepts bool, asIs []stepRole) {
	n := len(m.steps)
	c.model, c.accepts = m, accepts
	c.given, c.splits = cleared(&c.given, n), cleared(&c.splits, n)
	c.itself, c.nested, c.whole = cleared(&c.itself, n), cleared(&c.nested, n), cleared(&c.whole, n)
	c.longest, c.best = cleared(&c.longest, n), cleared(&c.best, n+1)
	for i := range m.steps {
		c.given[i], _ = of(&m.steps[i])
	}
	c.sum(asIs, nil, c.split)
}
