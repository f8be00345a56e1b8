package graph

import (
	"math"
	"slices"
	"time"

	"waitornot/decide"
)

// A stepRole says what a step is to the one who waits for the journey.
type stepRole uint8

const (
	waited  stepRole = iota // the journey waits for it
	handed                  // the journey hands it over: only its broker is needed
	behind                  // it happens behind a queue
	unclear                 // its mode, or that of a step it is nested in, is not known
)

// stepRoles returns the role of each step when the turned ones are
// detached. turned may be nil.
func (m *model) stepRoles(turned []bool) []stepRole {
	all := make([]stepRole, len(m.steps))
	m.stand(all, turned)
	return all
}

func (m *model) stand(all []stepRole, turned []bool) {
	for i := range m.steps {
		s := &m.steps[i]
		mode := s.mode
		if turned != nil && turned[i] {
			mode = decide.Async
		}
		all[i] = waited
		switch {
		case s.parent != None && (all[s.parent] == handed || all[s.parent] == behind):
			all[i] = behind
		case s.parent != None && all[s.parent] == unclear, mode == decide.Undecided:
			all[i] = unclear
		case detached(mode):
			all[i] = handed
		}
	}
}

// A clock adds up the time of a journey. What a step takes by itself is its time
// less that of the steps nested in it, and never less than nothing.
type clock struct {
	*model
	itself  []time.Duration // by step
	nested  []time.Duration // by step: the time of what is nested in it
	whole   []time.Duration // by step: both together
	total   time.Duration
	longest []bool  // by step: none in parallel with it, in the same parent, takes longer
	best    []int32 // by parent, from None: 1 + the longest of the slot at hand; 0 between slots
}

// timeOf returns how to read the time of a step: FactLatency or FactTypical.
func timeOf(fact Fact) func(*step) (time.Duration, bool) {
	if fact == FactTypical {
		return func(s *step) (time.Duration, bool) { return s.Typical() }
	}
	return func(s *step) (time.Duration, bool) { return s.Latency() }
}

// wait adds up the journey by one kind of time, FactLatency or FactTypical, when
// the turned steps are detached. turned may be nil.
func (m *model) wait(fact Fact, turned []bool) Wait {
	of := timeOf(fact)
	c := m.clock(of)
	all := m.stepRoles(turned)
	if turned != nil {
		c.run(all)
	}
	w := Wait{Time: c.total, Unresolved: len(m.journey.Unresolved)}
	covered := make([]bool, len(m.steps)) // by the known time of a step around it, or its own
	counts := make([]bool, len(m.steps))
	for i := range m.steps {
		s := &m.steps[i]
		_, known := of(s)
		around := s.parent != None && covered[s.parent]
		covered[i] = around || known && all[i] == waited
		if covered[i] && !around {
			w.Summed++
		}
		switch {
		case around:
		case all[i] == unclear && (s.parent == None || all[s.parent] != unclear):
			w.Lacks = append(w.Lacks, lackOf(s.id, FactMode))
		case all[i] == waited && !known:
			w.Lacks = append(w.Lacks, lackOf(s.id, fact))
		}
		counts[i] = all[i] == waited && c.longest[i] && (s.parent == None || counts[s.parent])
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
	c := &clock{
		model:  m,
		itself: make([]time.Duration, n), nested: make([]time.Duration, n), whole: make([]time.Duration, n),
		longest: make([]bool, n), best: make([]int32, n+1),
	}
	given := make([]time.Duration, n)
	for i := range m.steps {
		given[i], _ = of(&m.steps[i])
	}
	c.sum(m.stepRoles(nil), given)
	return c
}

// run works out the time of the journey with other standings.
func (c *clock) run(all []stepRole) { c.sum(all, nil) }

// sum goes over the slots from the last to the first, so that what is nested in
// a step is summed up before the step is reached. With the times that are given
// for whole steps it works out what each takes by itself, else it uses that.
func (c *clock) sum(all []stepRole, given []time.Duration) {
	clear(c.nested)
	clear(c.longest)
	c.total = 0
	for to := len(c.steps); to > 0; {
		from := to - 1
		for from > 0 && c.steps[from-1].slot == c.steps[from].slot {
			from--
		}
		for i := from; i < to; i++ {
			if all[i] != waited {
				continue
			}
			if given != nil {
				c.itself[i] = max(0, given[i]-c.nested[i])
			}
			c.whole[i] = add(c.itself[i], c.nested[i])
			if b := &c.best[c.steps[i].parent+1]; *b == 0 || c.whole[i] > c.whole[*b-1] {
				*b = int32(i + 1)
			}
		}
		for i := from; i < to; i++ {
			parent := c.steps[i].parent
			if c.best[parent+1] != int32(i+1) {
				continue
			}
			c.longest[i] = true
			if parent == None {
				c.total = add(c.total, c.whole[i])
			} else {
				c.nested[parent] = add(c.nested[parent], c.whole[i])
			}
		}
		for i := from; i < to; i++ {
			c.best[c.steps[i].parent+1] = 0
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
func unique(lacks []MissingFact) []MissingFact {
	if len(lacks) < 2 {
		return lacks
	}
	seen := make(map[MissingFact]bool, len(lacks))
	return slices.DeleteFunc(lacks, func(l MissingFact) bool {
		if seen[l] {
			return true
		}
		seen[l] = true
		return false
	})
}
