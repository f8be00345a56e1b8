package graph

import "time"

// A Queue is the arithmetic of the messages of an operation. A number for which
// a fact is missing is not known; Lacks names those facts.
type Queue struct {
	Capacity    float64 // messages a second; 0 when not known
	Utilisation float64 // at the mean rate; 0 when not known
	Never       bool    // it never drains: what arrives on average is more than it can handle
	Backlog     float64 // messages that a burst leaves; 0 when none or not known
	Drain       time.Duration
	Drains      bool          // Backlog and Drain are known
	Age         time.Duration // of the last message of the backlog; 0 when not known
	Lacks       []MissingFact
}

// Queue returns the numbers of the queue of a detached operation; ok is false
// for one that is not. The capacity is the one given, else that of the workers
// at the p99 of the processing time, which is on the safe side.
func (g *Graph) Queue(id OperationID) (q Queue, ok bool) {
	o := &g.ops[id]
	if !o.Detached() {
		return Queue{}, false
	}
	r, d := o.Rates, o.Delivery
	if r == nil {
		r = &Rates{}
	}
	switch {
	case r.Capacity > 0:
		q.Capacity = r.Capacity
	case d != nil && d.Workers > 0 && d.Processing > 0:
		q.Capacity = Capacity(d.Workers, d.Processing)
	default:
		q.Lacks = append(q.Lacks, lackOf(id, FactTraffic))
		return q, true
	}
	if r.Mean > 0 {
		q.Utilisation = Utilisation(r.Mean, q.Capacity)
		q.Never = q.Utilisation >= 1
	}
	if r.Mean <= 0 || r.Peak <= 0 || r.Burst <= 0 {
		q.Lacks = append(q.Lacks, lackOf(id, FactTraffic))
		return q, true
	}
	q.Backlog = Backlog(r.Peak, q.Capacity, r.Burst)
	q.Age, _ = MessageAge(q.Backlog, q.Capacity)
	q.Drain, q.Drains = DrainTime(q.Backlog, r.Mean, q.Capacity)
	return q, true
}

// Held returns how many calls of a synchronous operation are in flight at its
// peak rate (else its mean rate) when each takes its p99: more than there are on average, of
// the threads or connections that the caller holds open. ok is false when a
// fact is missing or the caller does not wait.
func (g *Graph) Held(id OperationID) (calls float64, ok bool) {
	o := &g.ops[id]
	latency, known := o.Latency()
	if !o.waits() || !known || o.Rates == nil {
		return 0, false
	}
	rate := o.Rates.Peak
	if rate == 0 {
		rate = o.Rates.Mean
	}
	return InFlight(rate, latency), rate > 0
}
