package graph

import (
	"math"
	"runtime"
	"time"

	"waitornot/decide"
	"waitornot/decide/parallel"
)

// A MissingFact is a fact that a number depends on and that no manifest gives: of an
// operation, of a service or of a broker; the others are None.
type MissingFact struct {
	Operation OperationID
	Service   ServiceID
	Broker    BrokerID
	Fact      Fact // of an operation; else FactAvailability
}

func missingFact(id OperationID, f Fact) MissingFact { return MissingFact{id, None, None, f} }

// Numbers are what the arithmetic says of a journey.
type Numbers struct {
	Typical Wait // of the medians: an estimate of a usual run
	Tail    Wait // of the p99s: see Wait.Within for what their sum says
	Share   Share
	// Depth is the number of hops of the longest chain of synchronous steps
	// nested one in the other.
	Depth int
	// Attempts is the largest product of attempts along such a chain, and
	// Retried the steps of that chain that retry, outermost first, as positions
	// of Journey.Step.
	Attempts float64
	Retried  []int32
}

// A Compliance says how a number compares with what is asked of it.
type Compliance uint8

// The kinds of compliance. The zero value means that nothing is asked.
const (
	NotAsked Compliance = iota
	Open                // facts are missing, and what is known does not settle it
	Met
	Missed // whatever the missing facts are
)

// Budget returns whether the p99 of the journey keeps within its budget.
func (n *Numbers) Budget(j *Journey) Compliance {
	switch {
	case !j.Journey.Budget.Set():
		return NotAsked
	case n.Tail.Time > j.Journey.Budget.Value:
		return Missed
	case !n.Tail.Known() || n.Tail.Nothing() && len(j.Path) > 0:
		return Open
	}
	return Met
}

// Objective returns whether the availability of the journey reaches its
// objective.
func (n *Numbers) Objective(j *Journey) Compliance {
	switch {
	case !j.SLO.Set():
		return NotAsked
	case n.Share.Value < j.SLO.Value-tolerance:
		return Missed
	case !n.Share.Known() || n.Share.Least < j.SLO.Value-tolerance:
		return Open
	}
	return Met
}

// tolerance is what rounding may take from a product of shares.
const tolerance = 1e-12

// A Wait is the time that passes on the synchronous critical path: the sum over
// what follows each other, the longest of what runs in parallel. With facts missing it
// is the sum of what is known, so the true time is at least that.
type Wait struct {
	Time time.Duration
	// Path are the steps whose time counts, as positions of Journey.Step.
	Path    []int32
	Missing []MissingFact
	// Summed is how many durations Time rests on: those of all calls of the steps that are
	// waited for, but for the ones nested in another.
	Summed int
	// Unresolved is how many steps name no operation of the run: what they take is not
	// in Time.
	Unresolved int
}

// Known reports whether nothing is missing.
func (w *Wait) Known() bool { return len(w.Missing) == 0 && w.Unresolved == 0 }

// Nothing reports whether not even a part of the time is known: no step that is
// waited for gives one. A hand-over takes time, too, which no manifest gives.
func (w *Wait) Nothing() bool { return w.Summed == 0 }

// Within returns the least share of requests that stay within Time, when the times
// are p99s: each is exceeded by one request in a hundred, so by the union bound at
// most n in a hundred exceed any of n. The sum of p99s itself is no percentile.
func (w *Wait) Within() float64 { return math.Max(0, 1-float64(w.Summed)/100) }

// A Share is an availability: the product over the unique synchronous critical
// dependencies, with the broker in the place of the callee where the work is
// detached. With facts missing it is the product of what is known, so the true
// availability is at most that.
type Share struct {
	Value   float64
	Terms   []Term // each unique dependency, in the order in which the journey meets them
	Missing []MissingFact
	// Unresolved is how many steps name no operation of the run: what they need is not
	// in Value.
	Unresolved int
	// Doubtful are the steps, as positions of Journey.Step, that are joined by service
	// alone and would need something that is not in Value. With all of them the
	// availability is Least; without any Least is Value.
	Doubtful []int32
	Least    float64
}

// Known reports whether nothing is missing.
func (s *Share) Known() bool { return len(s.Missing) == 0 && s.Unresolved == 0 }

// settled reports whether nothing is missing, and no step is joined by service alone.
func (s *Share) settled() bool { return s.Known() && len(s.Doubtful) == 0 }

// Nothing reports whether not even a part of the availability is known: Value is
// then the product of nothing.
func (s *Share) Nothing() bool { return len(s.Terms) == 0 && !s.Known() }

// A Term is one factor of an availability. It stands for a service, a broker or
// an operation without a callee; the others are None.
type Term struct {
	Service      ServiceID
	Broker       BrokerID
	Operation    OperationID
	Availability float64
	Step         int32 // the first step that needs it, as a position of Journey.Step; None for the service where the journey starts
}

// AllNumbers returns the numbers of every journey, in the order of Journeys.
// They are worked out once, when they are first asked for.
func (g *Graph) AllNumbers() []Numbers { return g.numbers() }

func (g *Graph) workOutNumbers() []Numbers {
	all := make([]Numbers, len(g.journeys))
	var spare parallel.Spare[*scratch]
	parallel.Each(runtime.GOMAXPROCS(0), len(all), func(i int) bool {
		d, ok := spare.Take()
		if !ok {
			d = new(scratch)
		}
		all[i] = g.modelIn(d, &g.journeys[i]).numbers(nil)
		spare.Give(d)
		return true
	})
	return all
}

// Numbers works out the numbers of a journey.
func (g *Graph) Numbers(j *Journey) Numbers { return g.model(j).numbers(nil) }

// numbers works out a journey when the changed steps are detached. changed may be
// nil.
func (m *model) numbers(changed []bool) Numbers {
	n := Numbers{Typical: m.wait(FactTypical, changed), Tail: m.wait(FactLatency, changed), Share: m.share(changed)}
	m.chains(&n, changed)
	return n
}

// A step is what the arithmetic needs of a Step.
type step struct {
	*Operation
	id       OperationID
	slot     int32
	parent   int32
	mode     decide.Verdict
	to       decide.Verdict // the mode it gets when it is changed; Undecided when either will do
	soft     bool           // the journey succeeds without it
	repeated bool           // its operation is another step, too
	joined   Joined
}

// A model is a journey ready for arithmetic.
type model struct {
	graph   *Graph
	journey *Journey
	steps   []step
	scratch *scratch
}

func (g *Graph) model(j *Journey) *model { return g.modelIn(new(scratch), j) }

// modelIn makes a model of a journey in a scratch, until the next is made there.
func (g *Graph) modelIn(d *scratch, j *Journey) *model {
	m := &model{g, j, cleared(&d.steps, int(j.Len())), d}
	first := emptied(&d.first)
	for i := range m.steps {
		p := j.Step(int32(i))
		o := g.Operation(p.Operation)
		m.steps[i] = step{Operation: o, id: p.Operation, slot: p.Slot, parent: p.Parent, mode: o.Mode(), soft: !o.Critical(), joined: p.Joined}
		if at, ok := first[p.Operation]; ok {
			m.steps[at].repeated, m.steps[i].repeated = true, true
		} else {
			first[p.Operation] = i
		}
		if p.Parent != None && m.steps[p.Parent].soft {
			m.steps[i].soft = true
		}
	}
	return m
}

// String returns the stable name of the compliance.
func (s Compliance) String() string { return [...]string{"not asked", "open", "met", "missed"}[s] }
