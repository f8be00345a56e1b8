package graph

import (
	"cmp"
	"time"
)

// A Queue is the arithmetic of the messages of an operation. A number for which
// a fact is missing is not known; Lacks names those facts.
type Queue struct {
	Capacity    float64 // messages a second; 0 when not known
	Utilization float64 // at the mean rate; 0 when not known
	Never       bool    // it never drains: what arrives on average is more than it can handle
	Backlog     float64 // messages that a burst leaves; 0 when none or not known
	Drain       time.Duration
	Drains      bool          // Backlog and Drain are known
	Age         time.Duration // of the last message of the backlog; 0 when not known
	Workers     int           // how many messages are handled at a time; 0 when not known
	Wait        time.Duration // mean time until a worker takes a message, at the mean rate
	Waits       bool          // Wait is known
	// Cautious says that Capacity counts each message with the p99 of its processing
	// time, since no mean is given: Utilization and Wait are at most what they say.
	Cautious bool
	Missing  []MissingFact
}

// Queue returns the numbers of the queue of a detached operation; ok is false
// for one that is not. The capacity is the one given, else that of the workers
// at the p99 of the processing time, which is on the safe side.
func (g *Graph) Queue(id OperationID) (q Queue, ok bool) {
	o := g.Operation(id)
	if !o.Detached() {
		return Queue{}, false
	}
	r, d := o.Rates, o.Delivery
	if r == nil {
		r = &Rates{}
	}
	if d != nil {
		q.Workers = d.Workers
	}
	switch {
	case r.Capacity > 0:
		q.Capacity = r.Capacity
	case q.Workers > 0 && d.Processing > 0:
		q.Capacity, q.Cautious = Capacity(q.Workers, d.Processing), true
	default:
		q.Missing = append(q.Missing, missingFact(id, FactTraffic))
		return q, true
	}
	if r.Mean > 0 {
		q.Utilization = Utilization(r.Mean, q.Capacity)
		q.Never = q.Utilization >= 1
	}
	if q.Workers > 0 && q.Utilization > 0 && !q.Never {
		each := duration(float64(q.Workers) / q.Capacity * float64(time.Second))
		q.Wait, q.Waits = QueueWait(q.Workers, q.Utilization, each), true
	}
	if r.Mean <= 0 || r.Peak <= 0 || r.Burst <= 0 {
		q.Missing = append(q.Missing, missingFact(id, FactTraffic))
		return q, true
	}
	q.Backlog = Backlog(r.Peak, q.Capacity, r.Burst)
	q.Age, _ = MessageAge(q.Backlog, q.Capacity)
	q.Drain, q.Drains = DrainTime(q.Backlog, r.Mean, q.Capacity)
	return q, true
}

// CallsInFlight is how many calls of an operation are in flight at a time: of the threads or
// connections that its caller holds open.
type CallsInFlight struct {
	Slow       float64 // at the peak rate, else the mean, when each takes its p99: when it is slow
	Usual      float64 // at the mean rate, else the peak, when each takes its mean time
	UsualKnown bool    // Usual is known: a median is given, too
}

// CallsInFlight returns the calls of a synchronous operation that are in flight, by Little's
// law. The mean time is that of a log-normal distribution with the median and the p99.
// ok is false when a fact is missing or the caller does not wait.
func (g *Graph) CallsInFlight(id OperationID) (h CallsInFlight, ok bool) {
	o := g.Operation(id)
	p99, known := o.Latency()
	if !o.waits() || !known || o.Rates == nil || o.Rates.Peak <= 0 && o.Rates.Mean <= 0 {
		return CallsInFlight{}, false
	}
	peak, mean := cmp.Or(o.Rates.Peak, o.Rates.Mean), cmp.Or(o.Rates.Mean, o.Rates.Peak)
	h.Slow = InFlight(peak, p99)
	if median, given := o.Typical(); given {
		each, sound := MeanTime(median, p99)
		h.Usual, h.UsualKnown = InFlight(mean, each), sound
	}
	return h, true
}
