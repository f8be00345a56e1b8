package simulate

import (
	"cmp"
	"math"

	"waitornot/decide/graph"
)

// queue takes over how a detached step travels.
func (b *builder) queue(i int32, held []float64) {
	s, o, f := &b.out.Steps[i], b.op(i), b.facts(i)
	q := &s.Queue
	d := o.Delivery
	if d == nil {
		d = &graph.Delivery{Broker: graph.None}
	}
	if d.Broker != graph.None {
		q.Broker = b.Graph.Brokers()[d.Broker].Name
	}
	q.Workers, q.TTL, q.Limit, q.Visibility = d.Workers, d.TTL, f.QueueLimit, f.Visibility
	q.Ordered, q.AckFirst = f.Blocks || d.Ordering == "key" || d.Ordering == "global", f.AckFirst
	q.Outbox = q.Outbox || q.Broker == ""
	s.Accept = b.accept(i)
	b.workers(i, held)
	switch {
	case f.Deliveries:
		q.MaxDeliveries = f.MaxDeliveries
	case q.DeadLetter:
		q.MaxDeliveries = assumedDeliveries
		b.assume(assumedMax, assumedDeliveries, i)
	default:
		b.assume(assumedEndless, 0, i)
	}
	switch q.Redelivery = f.Redelivery; {
	case f.Redelivers:
	case s.Backoff > 0:
		q.Redelivery = s.Backoff
	default:
		q.Redelivery = assumedRedeliver
		b.assume(assumedRedelivery, float64(q.Redelivery), i)
	}
	if q.Visibility == 0 {
		q.Visibility = assumedVisible
		b.assume(assumedVisibility, float64(q.Visibility), i)
	}
}

// accept returns how long handing a step over takes.
func (b *builder) accept(i int32) Time {
	o := b.op(i)
	if t, ok := o.Accept(); ok {
		return Time{Median: t / tailRatio, P99: t}
	}
	if m := b.facts(i).Measured; m != nil && m.P99.Value > 0 && !waited(m, o.Detached()) {
		p99 := m.P99.Value
		b.out.read(measuredHandOver, float64(p99), i, m)
		return Time{Median: min(cmp.Or(m.P50.Value, p99/tailRatio), p99), P99: p99}
	}
	b.assume(assumedHandOver, float64(assumedHand), i)
	return Time{Median: assumedHand / tailRatio, P99: assumedHand}
}

// workers says how many messages of a step are worked on at a time: as given, or as many
// as its capacity keeps busy, or enough for twice what arrives.
func (b *builder) workers(i int32, held []float64) {
	s := &b.out.Steps[i]
	if s.Queue.Workers > 0 {
		return
	}
	rate := s.Capacity
	if rate == 0 {
		rate = 2 * b.rate[i]
		b.assume(assumedWorkers, 0, i)
	}
	s.Queue.Workers = int(math.Min(math.Max(1, math.Ceil(rate*held[i]-1e-9)), math.MaxInt32))
}
