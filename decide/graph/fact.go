package graph

import (
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A Fact is a field of an operation that a number depends on or a finding
// points at.
type Fact uint8

// The facts, in the order of the table below, which says more of each.
const (
	FactName Fact = iota
	FactCallee
	FactMode
	FactLatency // answers.latency, as a duration or as an answer
	FactTypical
	FactAccept
	FactTimeout
	FactAttempts
	FactAvailability
	FactCritical
	FactKind
	FactWrites
	FactCompensation
	FactTraffic
	FactBroker
	FactReads
	FactPool
	FactChannel
	FactAfter
	FactTrigger

	factCount = 20
)

type operation = manifest.Operation

// keptFacts says of each fact where manifests write it, and where it stands in an
// operation. Of those for which it does, the graph keeps whether and where they
// are given.
var keptFacts = [factCount]struct {
	path string // as a manifest writes it
	at   func(*operation) diag.Range
}{
	FactName:         {"name", (*operation).Place},
	FactCallee:       {"callee", func(o *operation) diag.Range { return o.Callee.Range }},
	FactMode:         {"mode", nil},
	FactLatency:      {"answers.latency", func(o *operation) diag.Range { return o.Answers.Place(decide.Latency) }},
	FactTypical:      {"typical", nil},
	FactAccept:       {"reply.accept_within", nil},
	FactTimeout:      {"timeout", func(o *operation) diag.Range { return o.Timeout.Range }},
	FactAttempts:     {"retry.attempts", func(o *operation) diag.Range { return o.Retry.Attempts.Range }},
	FactAvailability: {"availability", func(o *operation) diag.Range { return o.Availability.Range }},
	FactCritical:     {"critical", func(o *operation) diag.Range { return o.Critical.Range }},
	FactKind:         {"kind", func(o *operation) diag.Range { return o.Kind.Range }},
	FactWrites:       {"writes", func(o *operation) diag.Range { return o.Writes.Range }},
	FactCompensation: {"compensation", func(o *operation) diag.Range { return o.Compensation.Range }},
	FactTraffic:      {"traffic", nil},
	FactBroker:       {"delivery.broker", func(o *operation) diag.Range { return o.Delivery.Broker.Range }},
	FactReads:        {"reads", func(o *operation) diag.Range { return o.Reads.Range }},
	FactPool:         {"pool_name", func(o *operation) diag.Range { return o.PoolName.Range }},
	FactChannel:      {"delivery.channel", func(o *operation) diag.Range { return o.Delivery.Channel.Range }},
	FactAfter:        {"after", firstAfter},
	FactTrigger:      {"triggered_by", func(o *operation) diag.Range { return o.TriggeredBy.Range }},
}

func firstAfter(o *operation) diag.Range {
	if len(o.After) == 0 {
		return diag.Range{}
	}
	return o.After[0].Range
}

// String returns the path of the fact as a manifest writes it.
func (f Fact) String() string { return keptFacts[f].path }

// A factSet is the facts that an operation gives, of those that the graph keeps.
type factSet uint32

// gives reports whether the manifest gives a fact that the graph keeps.
func (o *Operation) gives(f Fact) bool { return o.given&(1<<f) != 0 }

// addFacts keeps which facts are given, and where they stand.
func (c *collector) addFacts(o *Operation, op *manifest.Operation) {
	p := c.part
	o.line, o.firstPlace = op.Range.Start.Line, uint32(len(p.places))
	for f := range keptFacts {
		if at := keptFacts[f].at; at != nil {
			if r := at(op); r.IsValid() {
				o.given |= 1 << f
				p.addPlace(o.line, Fact(f), r)
			}
		}
	}
	o.placeCount = uint8(uint32(len(p.places)) - o.firstPlace)
}

// ratesOf returns the rates and times of an operation; the zero Rates when it
// gives none.
func ratesOf(op *manifest.Operation) Rates {
	t := &op.Traffic
	return Rates{
		Mean: t.Mean.Value, Peak: t.Peak.Value, Capacity: t.Capacity.Value, Burst: t.Burst.Value,
		Typical: op.Typical.Value, Accept: op.Reply.AcceptWithin.Value, Backoff: op.Retry.Backoff.Value,
		Freshness: op.Freshness.Value, Within: op.Retry.Within.Value, Calls: op.Calls.Value, Pool: op.Pool.Value,
	}
}

// dataOf returns what an operation shares with others; the zero Data when that is
// nothing.
func dataOf(op *manifest.Operation) Data {
	return Data{
		Writes: op.Writes.Value, Reads: op.Reads.Value, Publishes: op.Publishes.Value,
		Compensation: op.Compensation.Value, Pool: op.PoolName.Value,
	}
}

// deliveryOf returns how the message of an operation travels, but for its broker.
func deliveryOf(op *manifest.Operation) Delivery {
	d := &op.Delivery
	return Delivery{
		Channel: d.Channel.Value, Type: d.Type.Value, Ordering: d.Ordering.Value, Idempotency: d.Idempotency.Value,
		DeadLetter: d.DeadLetter.Value != "", Outbox: d.Outbox.Value,
		Consumers: d.Consumers.Value, Workers: d.Workers.Value,
		Processing: d.Processing.Value, CompleteWithin: d.CompleteWithin.Value, TTL: d.TTL.Value,
	}
}

// traitsOf returns what kind of thing an operation is.
func traitsOf(op *manifest.Operation) Traits {
	t := Traits{
		Kind: op.Kind.Value, Audience: op.Audience.Value, Boundary: op.Boundary.Value,
		Consistency: op.Consistency.Value, Platform: op.Platform.Value,
		Cacheable: op.Cacheable.Value, LossOK: op.LossOK.Value, Idempotent: op.Idempotent.Value,
		Status: op.Reply.Status.Value != "", Durable: op.Reply.Durable.Value, Notify: op.Reply.Notify.Value,
	}
	for i := range op.Guards {
		switch op.Guards[i].Value {
		case decide.GuardBreaker:
			t.Breaker = true
		case decide.GuardBulkhead:
			t.Bulkhead = true
		case decide.GuardFallback:
			t.Fallback = true
		}
	}
	return t
}
