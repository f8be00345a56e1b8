package simulate

import (
	"math"
	"slices"
	"time"

	"waitornot/decide"
	"waitornot/decide/graph"
)

// change returns what the variant changes of a step.
func (b *builder) change(i int32) *Change {
	at := slices.IndexFunc(b.out.Changes, func(c Change) bool { return c.Step == i })
	if at < 0 {
		b.out.Changes = append(b.out.Changes, Change{Step: i})
		at = len(b.out.Changes) - 1
	}
	return &b.out.Changes[at]
}

// turn lets a step work in another mode.
func (b *builder) turn(i int32, to decide.Verdict) {
	s := &b.out.Steps[i]
	b.change(i).To = to
	was := s.Detached
	s.Detached = to != decide.Sync
	if s.Detached && !was {
		for _, g := range []Guess{assumedTimeout, assumedBackoff, assumedCapacity, assumedPool, assumedBreaker} {
			b.forgetAssumption(g, i)
		}
		b.out.Readings = slices.DeleteFunc(b.out.Readings, func(r Reading) bool { return r.Quantity == measuredTimeout && r.Step == i })
	}
	if !s.Detached && was {
		s.Timeout = max(s.Timeout, 2*b.p99[i])
		b.assume(assumedTimeout, float64(s.Timeout), i)
	}
}

// recommend lets each step work as its verdict says, with the safeguards that a
// simulation knows.
func (b *builder) recommend() {
	for i := range b.out.Steps {
		k, o := int32(i), b.op(int32(i))
		if o.Disagrees() {
			b.turn(k, o.Verdict)
		}
		r := b.Knowledge.Recommend(o.Answers, b.facts(k).Facts)
		for _, due := range r.Safeguards {
			b.safeguard(k, due.ID)
		}
	}
	b.retryOnce()
}

// safeguard adds a safeguard to a step that lacks it.
func (b *builder) safeguard(i int32, id string) {
	s := &b.out.Steps[i]
	added := false
	add := func(to *bool) {
		added = added || !*to
		*to = true
	}
	switch id {
	case "deadline":
		if !s.Detached && b.assumes(assumedTimeout, i) {
			s.Timeout = tail(b.median[i], b.p99[i])
			b.forgetAssumption(assumedTimeout, i)
			added = true
		}
	case "bounded-retry":
		if s.Attempts > 1 && !s.Detached {
			add(&s.Jitter)
			add(&s.Budget)
			if s.Attempts > boundedAttempts || s.Backoff == 0 {
				s.Attempts, s.Backoff = min(s.Attempts, boundedAttempts), max(s.Backoff, boundedBackoff)
				b.forgetAssumption(assumedBackoff, i)
				added = true
			}
		}
	case decide.GuardBreaker:
		if !s.Detached && s.Service != "" {
			add(&s.Breaker)
		}
	case decide.GuardBulkhead:
		if !s.Detached && s.Service != "" {
			add(&s.Bulkhead)
		}
	case "dead-letter-queue":
		if s.Detached {
			add(&s.Queue.DeadLetter)
		}
	case "idempotency-key", "idempotent-consumer", "inbox", "deduplication":
		add(&s.Repeats)
	case "outbox":
		if s.Detached {
			add(&s.Queue.Outbox)
		}
	}
	if added {
		c := b.change(i)
		c.With = append(c.With, id)
		slices.Sort(c.With)
		b.guards(i)
	}
}

// assumes reports whether a fact of a step is assumed.
func (b *builder) assumes(g Guess, step int32) bool {
	return slices.ContainsFunc(b.out.Assumed, func(a Assumption) bool { return a.Guess == g && slices.Contains(a.Steps, step) })
}

// tail returns the time that one in a thousand exceeds.
func tail(median, p99 time.Duration) time.Duration {
	const z999 = 3.090232306167813
	t := Time{Median: median, P99: p99}
	return time.Duration(float64(median) * math.Exp(z999*t.sigma())).Round(time.Millisecond)
}

// retryOnce lets only the innermost of the steps retry that are nested in each other and
// waited for: bounded retries are in one layer only.
func (b *builder) retryOnce() {
	m := &b.out.Model
	for i := range m.Steps {
		if m.Steps[i].Attempts < 2 || m.Steps[i].Detached {
			continue
		}
		for k := int32(i); m.Steps[k].Parent != None && !m.Steps[k].Detached; {
			k = m.Steps[k].Parent
			if m.Steps[k].Attempts > 1 && !m.Steps[k].Detached {
				m.Steps[k].Attempts = 1
				c := b.change(k)
				if !slices.Contains(c.With, "bounded-retry") {
					c.With = append(c.With, "bounded-retry")
					slices.Sort(c.With)
				}
			}
		}
	}
}

// plan makes the changes of a plan.
func (b *builder) plan(changes []graph.Change) {
	for _, c := range changes {
		to := decide.Hybrid
		if c.To.Has(decide.Async) {
			to = decide.Async
		}
		for i := range b.out.Steps {
			if b.out.Operations[i] == c.Operation {
				b.turn(int32(i), to)
			}
		}
	}
}
