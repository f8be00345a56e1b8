package graph

import (
	"time"

	"waitornot/decide"
)

// A Ground says why an operation may be detached. The lighter ones come first.
type Ground uint8

// The grounds.
const (
	ByVerdict Ground = iota // its answers give async or hybrid
	ByAnswer                // its unknown answers leave async or hybrid possible
	ByConsent               // it gives async or hybrid once an acknowledgment is enough: immediacy later instead of yes
)

// A Change detaches one synchronous operation.
type Change struct {
	Operation OperationID
	To        decide.VerdictSet // async, hybrid, or both when an answer is still to be given
	Ground    Ground
	Question  decide.Question // to be answered first, when the ground is ByAnswer
}

// An Estimate is what is left of an operation's p99 when steps nested in it are
// detached: the p99 as given less their time.
type Estimate struct {
	Operation OperationID
	From, To  time.Duration
}

// A Plan is the smallest change that makes a journey meet what is asked of it.
//
// Smallest means: with the fewest changes that need consent, of those with the
// fewest that need an answer, of those with the fewest changes. Of equally small
// plans it is the one that leaves the shortest wait, then the first in the order
// of the steps.
type Plan struct {
	Before Numbers
	// After is with the changes; with everything changed that may be, when there is
	// no plan. It is what Numbers says of a manifest with Changes and Estimates.
	After   Numbers
	Changes []Change // none when there is no plan
	// Estimates are the p99s that After assumes: those of steps from which others
	// are taken out. They have to be measured again.
	Estimates []Estimate
	Found     bool
	Exact     bool // every combination was considered; else the plan is good, and perhaps not the smallest
	// Allowed are all operations of the journey that may be changed, in the order
	// of the steps.
	Allowed []Change
	// Remedies are what would help instead, when there is no plan.
	Remedies []Remedy
}

// Complete reports whether every fact is given on which what is asked of the
// journey rests, before and after. Else a smaller set may do, or a larger one be
// needed.
func (p *Plan) Complete(j *Journey) bool {
	time := p.Before.Tail.Known() && p.After.Tail.Known()
	share := p.Before.Share.settled() && p.After.Share.settled()
	return (time || !j.Journey.Budget.Set()) && (share || !j.SLO.Set())
}

// Enough reports whether the journey meets all its targets after the changes, whatever the
// missing facts turn out to be.
func (p *Plan) Enough(j *Journey) bool {
	budget, objective := p.After.Budget(j), p.After.Objective(j)
	return p.Found && budget != Open && budget != Missed && objective != Open && objective != Missed
}

// exactUpTo is for how many operations a plan considers every combination.
const exactUpTo = 20

// Plan looks for the smallest set of operations to detach so that the journey
// keeps its budget and reaches its objective, as far as the facts are known.
// ok is false when the journey misses neither.
func (g *Graph) Plan(j *Journey, table *decide.Table) (plan Plan, ok bool) {
	plan.Before = g.Numbers(j)
	if plan.Before.Budget(j) != Missed && plan.Before.Objective(j) != Missed {
		return plan, false
	}
	s := newSearch(g.model(j), j, table)
	plan.Allowed = s.changes
	plan.Exact = len(s.changes) <= exactUpTo
	if plan.Exact {
		s.branch(0)
	} else {
		s.greedy()
	}
	plan.Found = s.found
	pick := s.best
	if !s.found {
		pick = s.furthest()
	}
	for k, picked := range pick {
		if picked && s.found {
			plan.Changes = append(plan.Changes, s.changes[k])
		}
	}
	plan.After = s.numbers(pick)
	plan.Estimates = s.estimates()
	if !s.found {
		plan.Remedies = s.remedies(&plan.After)
	}
	return plan, true
}

// changeOf returns how an operation that is waited for may be detached.
func changeOf(id OperationID, o *Operation, table *decide.Table) (Change, bool) {
	t := Change{Operation: id}
	d := table.Judge(o.Answers, o.Facts)
	apart := decide.SetOf(decide.Async, decide.Hybrid)
	switch {
	case detached(d.Verdict):
		t.To = decide.SetOf(d.Verdict)
		return t, true
	case !d.Decided(): // of two possible verdicts one at least is not to wait
		t.To, t.Ground, t.Question = d.Possible&apart, ByAnswer, d.Next
		return t, true
	case o.Answers[decide.Immediacy] != decide.Yes:
		return t, false
	}
	later := table.Judge(o.Answers.With(decide.Immediacy, decide.Later), o.Facts)
	t.To, t.Ground = decide.SetOf(later.Verdict), ByConsent
	return t, detached(later.Verdict)
}

// A search looks for the best set of changes of one journey.
type search struct {
	*model
	journey *Journey
	changes []Change
	steps   [][]int // by change: its steps
	clock   *clock
	product product
	picked  []bool     // by change
	changed []bool     // by step
	all     []stepRole // by step
	weighed []int      // the changes that a greedy search weighs
	found   bool
	best    []bool // by change
	cost    cost
}

// A cost orders plans; the smaller is the better.
type cost struct {
	consents, answers, changes int
	wait                       time.Duration
}

func (a cost) less(b cost) bool {
	switch {
	case a.consents != b.consents:
		return a.consents < b.consents
	case a.answers != b.answers:
		return a.answers < b.answers
	case a.changes != b.changes:
		return a.changes < b.changes
	}
	return a.wait < b.wait
}

// started returns the operations that the user asked for: those of the first steps,
// wherever else the journey has them.
func (m *model) started() map[OperationID]bool {
	ids := map[OperationID]bool{}
	for i := range m.steps {
		if s := &m.steps[i]; s.slot == m.steps[0].slot && s.parent == None {
			ids[s.id] = true
		}
	}
	return ids
}

func newSearch(m *model, j *Journey, table *decide.Table) *search {
	s := &search{model: m, journey: j, clock: m.clock(timeOf(FactLatency), true), product: m.product()}
	s.all = m.stepRoles(nil)
	s.changed = make([]bool, len(m.steps))
	at, started := map[OperationID]int{}, m.started()
	for i := range m.steps {
		id := m.steps[i].id
		if k, ok := at[id]; ok {
			s.steps[k] = append(s.steps[k], i)
			continue
		}
		if s.all[i] != waited {
			continue
		}
		t, ok := changeOf(id, m.steps[i].Operation, table)
		// Without its answers' asking for it, neither what the user asked for is acknowledged nor
		// a read, which has no outcome to deliver later.
		mayAcknowledge := !started[id] && m.steps[i].Traits.Kind != "query"
		if ok && (t.Ground == ByVerdict || mayAcknowledge) {
			at[id] = len(s.changes)
			s.changes = append(s.changes, t)
			s.steps = append(s.steps, []int{i})
		}
	}
	s.picked = make([]bool, len(s.changes))
	for k, t := range s.changes {
		for _, i := range s.steps[k] {
			m.steps[i].to = decide.Undecided
			if only := t.To.List(); len(only) == 1 {
				m.steps[i].to = only[0]
			}
		}
	}
	return s
}

// estimates returns the p99s that change with what is picked.
func (s *search) estimates() []Estimate {
	s.measure()
	var list []Estimate
	for i := range s.model.steps {
		if from, to := s.clock.given[i], s.clock.whole[i]/time.Duration(s.model.steps[i].Times()); s.all[i] == waited && s.clock.splits[i] && to < from {
			list = append(list, Estimate{s.model.steps[i].id, from, to})
		}
	}
	return list
}

// pick changes an operation, or takes that back.
func (s *search) pick(k int, picked bool) {
	s.picked[k] = picked
	for _, i := range s.steps[k] {
		s.changed[i] = picked
	}
}

// measure returns wait and availability with what is picked.
func (s *search) measure() (time.Duration, float64) {
	s.assignRoles(s.all, s.changed)
	s.clock.run(s.all, s.changed)
	return s.clock.total, s.product.of(s.model, s.all, s.changed, false)
}

func (s *search) meets(wait time.Duration, share float64) bool {
	j := s.journey
	return (!j.Journey.Budget.Set() || wait <= j.Journey.Budget.Value) && (!j.SLO.Set() || share >= j.SLO.Value-tolerance)
}

// price counts what is picked.
func (s *search) price(wait time.Duration) cost {
	c := cost{wait: wait}
	for k, picked := range s.picked {
		if picked {
			c.changes++
			c.consents += one(s.changes[k].Ground == ByConsent)
			c.answers += one(s.changes[k].Ground == ByAnswer)
		}
	}
	return c
}

// branch tries the k-th change both ways, and goes on. A branch is cut when even
// the best that it may still lead to is no better than what was found, or does
// not meet what is asked: with everything else changed and no broker counted for
// it.
func (s *search) branch(k int) {
	if s.found && !s.price(0).less(s.cost) {
		return
	}
	if !s.hopeful(k) {
		return
	}
	if k == len(s.changes) {
		wait, share := s.measure()
		if price := s.price(wait); s.meets(wait, share) && (!s.found || price.less(s.cost)) {
			s.found, s.cost = true, price
			s.best = append(s.best[:0], s.picked...)
		}
		return
	}
	s.pick(k, true)
	s.branch(k + 1)
	s.pick(k, false)
	s.branch(k + 1)
}

// hopeful reports whether changing all from k on, with brokers that never fail,
// would meet what is asked.
func (s *search) hopeful(k int) bool {
	for i := k; i < len(s.changes); i++ {
		s.pick(i, true)
	}
	s.assignRoles(s.all, s.changed)
	s.clock.accepts = false
	s.clock.run(s.all, s.changed)
	s.clock.accepts = true
	ok := s.meets(s.clock.total, s.product.of(s.model, s.all, s.changed, true))
	for i := k; i < len(s.changes); i++ {
		s.pick(i, false)
	}
	return ok
}

// String returns the stable name of the ground.
func (g Ground) String() string { return [...]string{"verdict", "answer", "consent"}[g] }
