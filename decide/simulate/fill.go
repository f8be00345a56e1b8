package simulate

import (
	"math"
	"time"

	"waitornot/decide/graph"
)

// fill takes over what the manifest says of a step.
func (b *builder) fill(i int32) {
	s, o, f := &b.out.Steps[i], b.op(i), b.facts(i)
	if o.Callee != graph.None && o.Callee != o.Caller {
		s.Service = b.Graph.ServiceName(o.Callee)
	}
	s.Soft, s.Read = !o.Critical(), o.Traits.Kind == "query"
	s.Repeats = o.Traits.Idempotent
	s.Attempts, s.Backoff, s.Jitter = o.Attempts(), o.Backoff(), f.Jitter
	s.Budget, s.Shedding = f.Budget, f.Shedding
	s.Breaker, s.Bulkhead = o.Traits.Breaker, o.Traits.Bulkhead
	s.Failure = b.failure(i)
	if f.Unsimulated {
		b.out.Unsimulated = append(b.out.Unsimulated, i)
	}
	if r := o.Rates; r != nil {
		s.Capacity, s.Pool, s.Within = r.Capacity, r.Pool, r.Within
	}
	b.traffic(i)
	if o.Data != nil && o.Data.Pool != "" {
		s.PoolName = b.Graph.ServiceName(o.Caller) + "/" + o.Data.Pool
	}
	if d := o.Delivery; d != nil {
		s.Queue.DeadLetter, s.Queue.Outbox = d.DeadLetter, d.Outbox || d.Type == "process"
		s.Repeats = s.Repeats || d.Idempotency != "" && d.Idempotency != "none"
	}
	if s.Detached {
		return
	}
	s.Timeout = b.timeout(i)
	if s.Attempts > 1 && s.Backoff == 0 {
		b.assume(assumedBackoff, 0, i)
	}
	b.guards(i)
	if s.Capacity == 0 && s.Service != "" {
		b.assume(assumedCapacity, 0, i)
	}
}

// timeout returns how long the caller of a step waits: as declared, as measured of those
// who gave up, or as assumed.
func (b *builder) timeout(i int32) time.Duration {
	if t, known := b.op(i).Timeout(); known {
		return t
	}
	if m := b.facts(i).Measured; m != nil && m.GaveUp.Value > 0 {
		b.out.read(measuredTimeout, float64(m.GaveUp.Value), i, m)
		return m.GaveUp.Value
	}
	t := max(assumedPatience, 2*b.p99[i]) // nobody declares a limit that the work itself would often miss
	b.assume(assumedTimeout, float64(t), i)
	return t
}

// guards tells what is assumed of the guards that a step has.
func (b *builder) guards(i int32) {
	s := &b.out.Steps[i]
	if s.Breaker {
		b.assume(assumedBreaker, 0, i)
	}
	if s.Bulkhead && s.Pool == 0 {
		s.Pool = int(math.Max(assumedPlaces, math.Ceil(2*b.rate[i]*b.p99[i].Seconds())))
		b.assume(assumedPool, 0, i)
	}
}

// failure returns the share of a step's attempts that fail by themselves: as declared for
// the operation or its callee, as measured, or none.
func (b *builder) failure(i int32) float64 {
	o := b.op(i)
	if a, ok := o.Availability(); ok {
		return 1 - a
	}
	remote := o.Callee != graph.None && o.Callee != o.Caller
	if remote {
		if a, _, _, ok := b.Graph.Services()[o.Callee].Availability(); ok {
			return 1 - a
		}
	}
	if m := b.facts(i).Measured; m != nil && m.Errors.Set() {
		b.out.read(measuredFailures, 1-m.Errors.Value, i, m)
		return m.Errors.Value
	}
	if remote {
		b.assume(assumedAvailability, 0, i)
	}
	return 0
}
