package graph

import (
	"cmp"
	"slices"
	"time"
)

// RemedyKind says what a Remedy is.
type RemedyKind uint8

// The kinds of remedies, in the order in which they are listed.
const (
	Faster        RemedyKind = iota // Operation takes at most Time by itself; 0 is not enough either
	SideBySide                      // Together run in parallel, as far as none needs another's outcome
	Cached                          // the caller keeps a copy of Operation's answer
	AskTime                         // the budget is Time: what remains when everything is changed
	MoreAvailable                   // Term has the availability Share
	TwoCopies                       // Term is defined twice, independently
	SecondAttempt                   // Operation, which is idempotent, is tried twice; of use when failures are short
	DoWithout                       // the journey succeeds without Operation
	AskShare                        // the objective is Share: what remains when everything is changed
)

// A Remedy is something other than detaching work that would help a journey,
// after everything was changed that may be.
type Remedy struct {
	Kind      RemedyKind
	Operation OperationID   // None for some kinds
	Together  []OperationID // of SideBySide
	Term      Term          // of MoreAvailable, TwoCopies, SecondAttempt and DoWithout
	Time      time.Duration // of Faster and AskTime; else the wait that it leads to
	Share     float64       // of MoreAvailable and AskShare; else the availability that it leads to
	Enough    bool          // alone, for the budget or for the objective
}

// termsShown is how many of the weakest dependencies get remedies.
const termsShown = 2

// remedies works out what would help after the changes that s holds.
func (s *search) remedies(after *Numbers) []Remedy {
	var list []Remedy
	if after.Budget(s.journey) == Missed {
		list = append(list, s.timeRemedies(after)...)
	}
	if after.Objective(s.journey) == Missed {
		list = append(list, s.shareRemedies(after)...)
	}
	return list
}

func (s *search) timeRemedies(after *Numbers) []Remedy {
	s.measure()
	over := after.Tail.Time - s.budget()
	var list []Remedy
	slowest := -1
	for _, i := range after.Tail.Path {
		if slowest < 0 || s.itself(int(i)) > s.itself(slowest) {
			slowest = int(i)
		}
	}
	if slowest >= 0 {
		left := s.itself(slowest) - over
		left /= time.Duration(s.model.steps[slowest].Times()) // of one call
		list = append(list, Remedy{Kind: Faster, Operation: s.operation(slowest), Time: max(0, left), Enough: left > 0})
	}
	if r, ok := s.sideBySide(after); ok {
		list = append(list, r)
	}
	for _, i := range after.Tail.Path {
		if t := s.model.steps[i].Traits; t.Cacheable {
			wait := s.without(int(i))
			list = append(list, Remedy{Kind: Cached, Operation: s.operation(int(i)), Time: wait, Enough: wait <= s.budget()})
		}
	}
	return append(list, Remedy{Kind: AskTime, Operation: None, Time: after.Tail.Time, Enough: true})
}

// itself returns what all calls of a step take without what is nested in them.
func (s *search) itself(i int) time.Duration {
	return times(s.clock.itself[i], s.model.steps[i].Times())
}

func (s *search) operation(i int) OperationID { return s.model.steps[i].id }

// without returns the wait when one more step is not waited for.
func (s *search) without(i int) time.Duration {
	was := s.changed[i]
	s.changed[i] = true
	wait, _ := s.measure()
	s.changed[i] = was
	s.measure()
	return wait
}

// sideBySide finds the steps, nested in the same step or in none, that save most
// when they run in parallel instead of one after the other.
func (s *search) sideBySide(after *Numbers) (Remedy, bool) {
	sum := make([]time.Duration, len(s.model.steps)+1)
	most := make([]time.Duration, len(s.model.steps)+1)
	best, saved := -1, time.Duration(0)
	for _, i := range after.Tail.Path {
		parent := s.model.steps[i].parent + 1
		sum[parent] = add(sum[parent], s.clock.whole[i])
		most[parent] = max(most[parent], s.clock.whole[i])
		if sum[parent]-most[parent] > saved {
			best, saved = int(parent), sum[parent]-most[parent]
		}
	}
	if best < 0 {
		return Remedy{}, false
	}
	r := Remedy{Kind: SideBySide, Operation: None, Time: after.Tail.Time - saved}
	r.Enough = r.Time <= s.budget()
	for _, i := range after.Tail.Path {
		if int(s.model.steps[i].parent)+1 == best {
			r.Together = append(r.Together, s.model.steps[i].id)
		}
	}
	return r, true
}

func (s *search) shareRemedies(after *Numbers) []Remedy {
	objective := s.journey.SLO.Value
	terms := slices.Clone(after.Share.Terms)
	slices.SortStableFunc(terms, func(a, b Term) int { return cmp.Compare(a.Availability, b.Availability) })
	var list []Remedy
	for _, t := range terms[:min(len(terms), termsShown)] {
		if t.Availability <= 0 {
			continue
		}
		others := after.Share.Value / t.Availability
		remedy := func(kind RemedyKind, id OperationID, share float64) {
			list = append(list, Remedy{Kind: kind, Operation: id, Term: t, Share: share, Enough: share >= objective-tolerance})
		}
		if needed := objective / others; needed <= 1 {
			list = append(list, Remedy{Kind: MoreAvailable, Operation: None, Term: t, Share: needed, Enough: true})
		}
		remedy(TwoCopies, None, others*Redundant(t.Availability, 2))
		if t.Step == None {
			continue
		}
		o := &s.model.steps[t.Step]
		if o.Traits.Idempotent && o.Operation.Attempts() == 1 && t.Broker == None {
			remedy(SecondAttempt, o.id, others*Redundant(t.Availability, 2))
		}
		if t.Broker == None {
			remedy(DoWithout, o.id, others)
		}
	}
	return append(list, Remedy{Kind: AskShare, Operation: None, Share: after.Share.Value, Enough: true})
}
