package graph

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// effort limits the steps that a greedy search walks over in all.
const effort = 10_000_000

// greedy changes, one after the other, what brings the journey nearest to what is
// asked; what needs no consent comes before what does. In the end it takes back
// every change that turned out not to be needed, the heaviest first.
func (s *search) greedy() {
	s.weighed = s.promising()
	for ground := ByVerdict; ground <= ByConsent; ground++ {
		for !s.met() {
			k := s.nearest(ground)
			if k < 0 {
				break
			}
			s.pick(k, true)
		}
	}
	if !s.met() {
		return
	}
	for s.takeBack() {
	}
	s.found = true
	s.best = append(s.best[:0], s.picked...)
}

// takeBack takes back the changes without which what is asked is met all the same, and
// reports whether there were any: without a broker that they bring in, others may not be
// needed any more.
func (s *search) takeBack() bool {
	some := false
	for ground := int(ByConsent); ground >= int(ByVerdict); ground-- {
		for _, k := range s.weighed {
			if !s.picked[k] || int(s.changes[k].Ground) != ground {
				continue
			}
			if s.pick(k, false); s.met() {
				some = true
			} else {
				s.pick(k, true)
			}
		}
	}
	return some
}

// promising returns the changes that promise most, in the order of the steps: by
// the time and the failures that their steps bring to the journey as it is. Of
// a long journey only so many are weighed against each other.
func (s *search) promising() []int {
	list := make([]int, len(s.changes))
	promise := make([]float64, len(s.changes))
	for k := range s.changes {
		list[k] = k
		for _, i := range s.steps[k] {
			promise[k] += s.distance(add(s.budget(), s.clock.whole[i]), s.journey.SLO.Value-(1-s.product.callee[i].share))
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(promise[b], promise[a]) })
	list = list[:min(len(list), max(8, int(math.Sqrt(effort/float64(len(s.model.steps))))))]
	slices.Sort(list)
	return list
}

func (s *search) budget() time.Duration { return s.journey.Journey.Budget.Value }

func (s *search) met() bool { return s.meets(s.measure()) }

// nearest returns the change on a ground that leaves the least distance, the first
// of equals; -1 when none makes it less.
func (s *search) nearest(ground Ground) int {
	best, least := -1, s.distance(s.measure())
	for _, k := range s.weighed {
		if s.picked[k] || s.changes[k].Ground != ground {
			continue
		}
		s.pick(k, true)
		if d := s.distance(s.measure()); d < least-tolerance {
			best, least = k, d
		}
		s.pick(k, false)
	}
	return best
}

// distance says how far the journey is from what is asked: by which share of the
// budget it is over it, and by which share of the permitted failure below its
// objective.
func (s *search) distance(wait time.Duration, share float64) float64 {
	j, d := s.journey, 0.0
	if budget := j.Journey.Budget; budget.Set() {
		d += float64(max(wait-budget.Value, 0)) / math.Max(float64(budget.Value), 1)
	}
	if j.SLO.Set() {
		d += max(j.SLO.Value-share, 0) / math.Max(1-j.SLO.Value, 1e-9)
	}
	return d
}

// furthest picks everything that may be changed; of few, what makes the journey
// less available and is not needed for the budget stays as it is.
func (s *search) furthest() []bool {
	for k := range s.changes {
		s.pick(k, true)
	}
	if len(s.changes) > exactUpTo {
		return append([]bool(nil), s.picked...)
	}
	for k := range s.changes {
		_, with := s.measure()
		s.pick(k, false)
		wait, without := s.measure()
		if without <= with || s.journey.Journey.Budget.Set() && wait > s.journey.Journey.Budget.Value {
			s.pick(k, true)
		}
	}
	return append([]bool(nil), s.picked...)
}

// numbers works out the journey with what is picked.
func (s *search) numbers(picked []bool) Numbers {
	for k, p := range picked {
		s.pick(k, p)
	}
	return s.model.numbers(s.changed)
}
