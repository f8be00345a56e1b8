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
	waited   stepRole = iota // the journey waits for it
	handed                   // the journey hands it over: only its broker is needed
	behind                   // it happens behind a queue
	unclear                  // its mode, or that of a step it is nested in, is not known
	doubtful                 // it is joined by service alone: it may belong to another operation
)

// stepRoles returns the role of each step when the changed ones are
// detached. changed may be nil.
func (m *model) stepRoles(changed []bool) []stepRole {
	all := make([]stepRole, len(m.steps))
	m.assignRoles(all, changed)
	return all
}

// assignRoles works out the role of each step into all.
func (m *model) assignRoles(all []stepRole, changed []bool) {
	for i := range m.steps {
		s := &m.steps[i]
		mode := s.mode
		if changed != nil && changed[i] {
			mode = decide.Async
		}
		all[i] = waited
		switch {
		case s.parent != None && (all[s.parent] == handed || all[s.parent] == behind):
			all[i] = behind
		case s.parent != None && all[s.parent] == unclear, mode == decide.Undecided:
			all[i] = unclear
		case detached(mode) && s.joined != ByJourney:
			all[i] = behind // what a callee hands over isn't followed
		case s.joined == ByService:
			all[i] = doubtful
		case detached(mode):
			all[i] = handed
		}
	}
}

// acknowledges reports whether a step is handed over to an operation whose
// acknowledgment is waited for: of an asynchronous one, if the time for it is given.
func (m *model) acknowledges(i int, all []stepRole, changed []bool) bool {
	mode := m.steps[i].mode
	if changed != nil && changed[i] {
		mode = m.steps[i].to
	}
	if all[i] != handed || mode == decide.Hybrid {
		return all[i] == handed
	}
	_, given := m.steps[i].Accept()
	return given
}

// A clock adds up the time of a journey. What a step takes by itself is its time
// less that of the steps nested in it. Where those take longer than the step is
// said to, that is not known: detaching one of them takes away only the time by
// which they are longer. Nor is it for an operation that is several steps, for
// which one time is given.
type clock struct {
	*model
	given   []time.Duration // by step, 0 when it isn't
	splits  []bool          // by step: what it takes by itself is known
	itself  []time.Duration // by step
	nested  []time.Duration // by step: the time of what is nested in it
	whole   []time.Duration // by step: both together
	total   time.Duration
	accepts bool    // acknowledgments count, too
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
// the changed steps are detached. changed may be nil.
func (m *model) wait(fact Fact, changed []bool) Wait {
	of := timeOf(fact)
	asIs, all := m.roles(changed)
	c := &m.scratch.clock
	c.start(m, of, fact == FactLatency, asIs)
	if changed != nil {
		c.run(all, changed)
	}
	w := Wait{Time: c.total, Unresolved: len(m.journey.Unresolved)}
	covered := cleared(&m.scratch.covered, len(m.steps)) // by the known time of a step around it, or its own
	counts := cleared(&m.scratch.counts, len(m.steps))
	for i := range m.steps {
		s := &m.steps[i]
		_, known := of(s)
		around := s.parent != None && covered[s.parent]
		covered[i] = around || known && all[i] == waited
		if covered[i] && !around {
			w.Summed += s.Times()
		}
		switch {
		case around:
		case m.acknowledges(i, all, changed):
			if _, known := s.Accept(); known && fact == FactLatency {
				w.Summed += s.Times()
			} else {
				w.Missing = append(w.Missing, missingFact(s.id, FactAccept))
			}
		case all[i] == unclear && (s.parent == None || all[s.parent] != unclear):
			w.Missing = append(w.Missing, missingFact(s.id, FactMode))
		case all[i] == waited && !known:
			w.Missing = append(w.Missing, missingFact(s.id, fact))
		}
		counts[i] = c.longest[i] && (s.parent == None || counts[s.parent])
		if counts[i] {
			w.Path = append(w.Path, int32(i))
		}
	}
	w.Missing = unique(w.Missing)
	return w
}

// Lacks returns the facts that the wait of a journey lacks: those that are missing, or, for a
// budget over nothing but hand-offs, how long these take.
func (g *Graph) Lacks(j *Journey, n *Numbers) []MissingFact {
	if n.Budget(j) != Open || !n.Tail.Known() {
		return n.Tail.Missing
	}
	var list []MissingFact
	for i := range j.Path {
		if id := j.Path[i].Operation; j.Path[i].Parent == None && g.Operation(id).Detached() {
			list = append(list, missingFact(id, FactAccept))
		}
	}
	return unique(list)
}

// clock runs the journey as it is, which shows what each step takes by itself.
func (m *model) clock(of func(*step) (time.Duration, bool), accepts bool) *clock {
	c := new(clock)
	c.start(m, of, accepts, m.stepRoles(nil))
	return c
}

// run works out the time of the journey with other roles.
func (c *clock) run(all []stepRole, changed []bool) {
	c.sum(all, changed, func(int) {})
}

// split works out what a step takes by itself.
func (c *clock) split(i int) {
	c.splits[i] = c.nested[i] <= c.given[i] && !c.steps[i].repeated
	c.itself[i] = max(0, c.given[i]-c.nested[i])
}

// wholeOf returns what a step takes with what is nested in it: all of its calls.
func (c *clock) wholeOf(i int) time.Duration {
	once := max(c.given[i], c.nested[i])
	if c.splits[i] {
		once = add(c.itself[i], c.nested[i])
	}
	return times(once, c.steps[i].Times())
}

// sum goes over the slots from the last to the first, so that what is nested in
// a step is summed up before the step is reached. Reached is called for each that
// is waited for, before its time is worked out.
func (c *clock) sum(all []stepRole, changed []bool, reached func(i int)) {
	clear(c.nested)
	clear(c.whole)
	clear(c.longest)
	c.total = 0
	for to := len(c.steps); to > 0; {
		from := to - 1
		for from > 0 && c.steps[from-1].slot == c.steps[from].slot {
			from--
		}
		for i := from; i < to; i++ {
			switch {
			case all[i] == waited:
				reached(i)
				c.whole[i] = c.wholeOf(i)
			case c.accepts && c.acknowledges(i, all, changed):
				accept, _ := c.steps[i].Accept()
				c.whole[i] = times(accept, c.steps[i].Times())
			}
			if c.whole[i] == 0 && all[i] != waited {
				continue
			}
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

// times returns n times a time that is not negative; the longest duration is the most.
func times(d time.Duration, n int) time.Duration {
	if n > 1 && d > math.MaxInt64/time.Duration(n) {
		return math.MaxInt64
	}
	return d * time.Duration(n)
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
