package graph

import (
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
)

// An Operation is what the graph keeps of an operation. There may be very many,
// so it is small: facts that only rules over single operations need are not
// here, and rare ones are behind pointers.
type Operation struct {
	Name    string
	Service ServiceID // whose document declares it
	Caller  ServiceID // the one given, else Service
	Callee  ServiceID // None when not given

	Declared decide.Verdict    // the mode as declared; Undecided when not given
	Verdict  decide.Verdict    // what the table says; may be Undecided
	Possible decide.VerdictSet // the verdicts that unknown answers leave, and those that are as right
	Answers  decide.Answers    // the latency judged by the limits of the run
	Facts    decide.Facts      // those that the verdict depends on; Behind also when the graph shows it

	own        decide.Verdict // the verdict by its own answers and facts, whoever its caller is
	measured   bool           // a duration stands for the answer to the latency question
	critical   bool           // given as yes
	placeCount uint8
	attempts   uint32
	given      factSet
	firstPlace uint32
	line       uint32 // the operation's first: its places are relative to it

	Traits   *Traits   // never nil
	Delivery *Delivery // nil when no fact about the delivery is given
	Rates    *Rates    // nil when no fact about rates is given
	Data     *Data     // nil when no fact about data is given

	availability float64
	latency      time.Duration
	timeout      time.Duration
}

// Traits are what kind of thing an operation is, in the words of the manifest.
// A trait that is not given is "". Operations share them.
type Traits struct {
	Kind, Audience, Boundary, Consistency, Platform string

	Breaker, Bulkhead, Fallback bool // guards
	Cacheable, LossOK           bool
	Idempotent                  bool // given as yes
	Status, Durable             bool // reply: a status endpoint is given; the work is stored before it is acknowledged
	Notify                      string
}

// Delivery is how the message of an operation travels. Numbers that are not
// given are 0, words "". Operations of one file share what is the same.
type Delivery struct {
	Broker                      BrokerID // None when not given; a position in Part.brokers until Join
	Type, Ordering, Idempotency string
	Channel                     string
	DeadLetter                  bool // a dead-letter queue is named
	Outbox                      bool
	Consumers, Workers          int
	Processing                  time.Duration
	CompleteWithin              time.Duration
	TTL                         time.Duration
}

// Rates are how often an operation happens and the times beside its p99 and its
// timeout. Rates are per second; what is not given is 0.
type Rates struct {
	Mean, Peak, Capacity float64
	Burst                time.Duration // how long a peak lasts
	Typical              time.Duration // the median of what the caller waits for
	Accept               time.Duration // the p99 of handing it over
	Backoff              time.Duration // the pause before the first repeat
	Freshness            time.Duration // after this time its outcome is worthless
	Within               time.Duration // how long all attempts and pauses together may take
	Calls                int           // how often one request of the caller makes it
	Pool                 int           // how many the caller can hold open at a time
}

// Data is what an operation shares with others: stores, events, a pool. What is not given is "".
type Data struct {
	Writes, Reads, Publishes, Compensation string
	Pool                                   string // the name of the pool that it shares
}

// Mode returns how the operation works: as declared, else as the table says of its own
// answers and facts, so that no change elsewhere changes it. Undecided means that
// neither is known.
func (o *Operation) Mode() decide.Verdict {
	if o.Declared != decide.Undecided {
		return o.Declared
	}
	return o.own
}

// Detached reports whether the caller does not wait: async or hybrid.
func (o *Operation) Detached() bool { return detached(o.Mode()) }

func detached(v decide.Verdict) bool { return v == decide.Async || v == decide.Hybrid }

// Disagrees reports whether the declared mode is none of the verdicts that are right,
// one of which stands.
func (o *Operation) Disagrees() bool {
	return o.Declared != decide.Undecided && o.Verdict != decide.Undecided && !o.Possible.Has(o.Declared)
}

// Latency returns the p99 of what the caller would wait for, when a duration
// gives it.
func (o *Operation) Latency() (time.Duration, bool) { return o.latency, o.measured }

// Typical returns the median of what the caller would wait for.
func (o *Operation) Typical() (time.Duration, bool) {
	if o.Rates == nil || o.Rates.Typical == 0 {
		return 0, false
	}
	return o.Rates.Typical, true
}

// Accept returns the p99 of the acknowledgment that a hybrid operation's caller
// waits for.
func (o *Operation) Accept() (time.Duration, bool) {
	if o.Rates == nil || o.Rates.Accept == 0 {
		return 0, false
	}
	return o.Rates.Accept, true
}

// Backoff returns the pause before the first repeat; 0 when none is given.
func (o *Operation) Backoff() time.Duration {
	if o.Rates == nil {
		return 0
	}
	return o.Rates.Backoff
}

// Timeout returns how long the caller waits before it gives up.
func (o *Operation) Timeout() (time.Duration, bool) { return o.timeout, o.gives(FactTimeout) }

// Times returns how often one request of the caller makes the call, one after another; 1 when
// it isn't given.
func (o *Operation) Times() int {
	if o.Rates == nil {
		return 1
	}
	return max(1, o.Rates.Calls)
}

// Attempts returns how many attempts the caller makes in all; 1 when the
// manifest gives no retry.
func (o *Operation) Attempts() int {
	if !o.gives(FactAttempts) {
		return 1
	}
	return int(max(o.attempts, 1))
}

// Availability returns the share of the callee's time in which it answers this
// caller, when the operation itself gives it. See also Service.Availability.
func (o *Operation) Availability() (float64, bool) {
	return o.availability, o.gives(FactAvailability)
}

// Critical reports whether the caller fails when the callee does: yes, unless
// the manifest says no, or names a fallback and does not say yes. The fallback of
// a command is an error page: what was asked for isn't done.
func (o *Operation) Critical() bool {
	if o.gives(FactCritical) {
		return o.critical
	}
	return !o.Traits.Fallback || o.Traits.Kind == "command"
}

// A place is where a fact was written, packed: relative to the first line of
// its operation. One that does not fit is kept whole beside.
type place struct {
	fact   Fact
	beside bool
	width  uint16
	column uint16
	line   uint16 // or, when beside, the position in Part.wide
}

func (p *collected) addPlace(base uint32, f Fact, r diag.Range) {
	if !r.IsValid() {
		return
	}
	const most = 1<<16 - 1
	line, width := r.Start.Line-base, r.End.Column-r.Start.Column
	fits := r.End.Line == r.Start.Line && r.Start.Line >= base && line <= most &&
		r.End.Column >= r.Start.Column && width <= most && r.Start.Column <= most
	pl := place{fact: f, width: uint16(width), column: uint16(r.Start.Column), line: uint16(line)}
	if !fits {
		if len(p.wide) > most {
			return // the name's place stands in
		}
		pl = place{fact: f, beside: true, line: uint16(len(p.wide))}
		p.wide = append(p.wide, r)
	}
	p.places = append(p.places, pl)
}

func (p *collected) place(o *Operation, f Fact) (diag.Range, bool) {
	for _, pl := range p.places[o.firstPlace:][:o.placeCount] {
		switch {
		case pl.fact != f:
		case pl.beside:
			return p.wide[pl.line], true
		default:
			start := diag.Pos{Line: o.line + uint32(pl.line), Column: uint32(pl.column)}
			return diag.Range{Start: start, End: diag.Pos{Line: start.Line, Column: start.Column + uint32(pl.width)}}, true
		}
	}
	return diag.Range{}, false
}
