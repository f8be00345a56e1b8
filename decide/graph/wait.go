package graph

import (
	"math"
	"slices"
	"time"

	"waitornot/decide"
)

// A standing says what a step is to the one who waits for the journey.
type standing uint8

const (
	waited  standing = iota // the journey waits for it
	handed                  // the journey hands it over: only its broker is needed
	behind                  // it happens behind a queue
	unclear                 // its mode, or that of a step it is nested in, is not known
)

// standings returns the standing of each step when the turned ones are
// detached. turned may be nil.
func (m *model) standings(turned []bool) []standing {
	all := make([]standing, len(m.steps))
	for i := range m.steps {
		s := &m.steps[i]
		mode := s.mode
		if turned != nil && turned[i] {
			mode = decide.Async
		}
		switch {
		case s.parent != None && (all[s.parent] == handed || all[s.parent] == behind):
			all[i] = behind
		case s.parent != None && all[s.parent] == unclear, mode == decide.Undecided:
			all[i] = unclear
		case detached(mode):
			all[i] = handed
		}
	}
	return all
}

// A clock adds up the time of a journey. What a step takes by itself is its time
// less that of the steps nested in it, and never less than nothing.
type clock struct {
	*model
	itself  []time.Duration // by step
	nested  []time.Duration // by step: the time of what is nested in it
	total   time.Duration
	longest []bool // by step: none in parallel with it, in the same parent, takes longer
}

// wait adds up the journey by the times that of gives.
func (m *model) wait(of func(*step) (time.Duration, bool), turned []bool) Wait {
	c := m.clock(of)
	all := m.standings(turned)
	if turned != nil {
		c.run(all, func(i int) time.Duration { return add(c.itself[i], c.nested[i]) })
	}
	w := Wait{Time: c.total}
	covered := make([]bool, len(m.steps)) // by the known time of a step around it
	counts := make([]bool, len(m.steps))
	for i := range m.steps {
		s := &m.steps[i]
		_, known := of(s)
		covered[i] = s.parent != None && covered[s.parent] || known && all[i] == waited
		counts[i] = all[i] == waited && c.longest[i] && (s.parent == None || counts[s.parent])
		around := s.parent != None && covered[s.parent]
		switch {
		case around:
		case all[i] == unclear && (s.parent == None || all[s.parent] != unclear):
			w.Lacks = append(w.Lacks, lackOf(s.id, FactMode))
		case all[i] == waited && !known:
			w.Lacks = append(w.Lacks, lackOf(s.id, FactLatency))
		}
		if counts[i] {
			w.Path = append(w.Path, int32(i))
		}
	}
	w.Lacks = unique(w.Lacks)
	return w
}

// clock runs the journey as it is, which shows what each step takes by itself.
func (m *model) clock(of func(*step) (time.Duration, bool)) *clock {
	n := len(m.steps)
	c := &clock{model: m, itself: make([]time.Duration, n), nested: make([]time.Duration, n), longest: make([]bool, n)}
	c.run(m.standings(nil), func(i int) time.Duration {
		own, _ := of(&m.steps[i])
		c.itself[i] = max(0, own-c.nested[i])
		return add(c.itself[i], c.nested[i])
	})
	return c
}

// run goes over the slots from the last to the first, so that what is nested in
// a step is summed up before the step is reached.
func (c *clock) run(all []standing, take func(i int) time.Duration) {
	clear(c.nested)
	clear(c.longest)
	c.total = 0
	best := make([]int32, len(c.steps)+1) // by parent, from None: 1 + the longest of the slot
	for to := len(c.steps); to > 0; {
		from := to - 1
		for from > 0 && c.steps[from-1].slot == c.steps[from].slot {
			from--
		}
		times := make([]time.Duration, to-from)
		for i := from; i < to; i++ {
			if all[i] != waited {
				continue
			}
			times[i-from] = take(i)
			if b := &best[c.steps[i].parent+1]; *b == 0 || times[i-from] > times[int(*b)-1-from] {
				*b = int32(i + 1)
			}
		}
		for i := from; i < to; i++ {
			parent := c.steps[i].parent
			if all[i] != waited || best[parent+1] != int32(i+1) {
				continue
			}
			c.longest[i] = true
			if parent == None {
				c.total = add(c.total, times[i-from])
			} else {
				c.nested[parent] = add(c.nested[parent], times[i-from])
			}
		}
		for i := from; i < to; i++ {
			best[c.steps[i].parent+1] = 0
		}
		to = from
	}
}

// add adds two times that are not negative; the longest duration is the most.
func add(a, b time.Duration) time.Duration {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// unique drops repeats and keeps the order.
func unique(lacks []Lack) []Lack {
	seen := make(map[Lack]bool, len(lacks))
	return slices.DeleteFunc(lacks, func(l Lack) bool {
		if seen[l] {
			return true
		}
		seen[l] = true
		return false
	})
}
