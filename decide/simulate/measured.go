package simulate

import (
	"cmp"
	"slices"
	"time"

	"waitornot/decide/manifest"
)

// Measured is what was measured of an operation and stands in for facts that nobody wrote.
// Times and rates that were not measured are 0; shares are negative then.
type Measured struct {
	Source         string // what measured it
	From, To       time.Time
	Calls          int
	Mean, Peak     float64       // a second
	P50, P99       time.Duration // as the caller saw them
	Processing     time.Duration // the p99 of handling a message
	GaveUp         time.Duration // after which callers did
	Errors, Waited float64       // shares of the calls
	PerRequest     int
}

// measuredOf returns what was measured of an operation; nil when nothing was.
func measuredOf(e *manifest.Evidence) *Measured {
	if e == nil {
		return nil
	}
	share := func(f *manifest.Field[float64]) float64 {
		if !f.Set() {
			return -1
		}
		return f.Value
	}
	return &Measured{
		Source: e.Source.Value, From: e.From.Value, To: e.To.Value, Calls: e.Calls.Value,
		Mean: e.Mean.Value, Peak: e.Peak.Value, P50: e.P50.Value, P99: e.P99.Value,
		Processing: e.Processing.Value, GaveUp: e.GaveUp.Value,
		Errors: share(&e.Errors), Waited: share(&e.Waited), PerRequest: e.PerRequest.Value,
	}
}

// waits reports whether callers waited for most of the calls, as far as that was measured;
// otherwise as declared.
func (m *Measured) waits(detached bool) bool {
	if m.Waited < 0 {
		return !detached
	}
	return m.Waited >= .5
}

// work returns the median and the p99 of the work itself; 0 when that wasn't measured.
// Who hands work over sees how long that takes, and not the work.
func (m *Measured) work(detached bool) (median, p99 time.Duration) {
	switch {
	case m.waits(detached):
		return m.P50, m.P99
	case detached:
		return 0, m.Processing
	}
	return 0, 0
}

// A Quantity is a kind of fact that a measurement can stand in for.
type Quantity uint8

const (
	measuredRate Quantity = iota
	measuredCalls
	measuredTail
	measuredMedian
	measuredTimeout
	measuredFailures
	measuredHandOver
	measuredPeak
	quantityCount
)

// A Unit says what a number counts.
type Unit uint8

// The units.
const (
	PerSecond Unit = iota
	Count
	Nanoseconds
	Share // 0 to 1
)

// quantities says which key of a manifest would tell, what its number is, and what of the
// evidence stands in for it.
var quantities = [quantityCount]struct {
	fact     string
	unit     Unit
	evidence string
}{
	measuredRate:     {"traffic.mean", PerSecond, "mean"},
	measuredCalls:    {"calls", Count, "per_request"},
	measuredTail:     {"answers.latency", Nanoseconds, "p99; processing of work that is handed over"},
	measuredMedian:   {"typical", Nanoseconds, "p50, unless the work is handed over"},
	measuredTimeout:  {"timeout", Nanoseconds, "gave_up"},
	measuredFailures: {"availability", Share, "errors"},
	measuredHandOver: {"reply.accept_within", Nanoseconds, "p99 of work that is handed over"},
	measuredPeak:     {"traffic.peak", PerSecond, "peak, in a burst"},
}

// A Reading is a fact that no manifest gives, as it was measured.
type Reading struct {
	Quantity
	Step  int32
	Value float64
	*Measured
}

// Fact is the key of a manifest that would tell.
func (r *Reading) Fact() string { return quantities[r.Quantity].fact }

// Unit says what Value counts.
func (r *Reading) Unit() Unit { return quantities[r.Quantity].unit }

// read notes that a fact of a step was measured, not declared.
func (p *Prepared) read(q Quantity, value float64, step int32, m *Measured) {
	r := Reading{q, step, value, m}
	at, _ := slices.BinarySearchFunc(p.Readings, r, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Quantity, b.Quantity))
	})
	p.Readings = slices.Insert(p.Readings, at, r)
}

// RateWasRead reports whether the rate of a step was measured, not declared.
func (p *Prepared) RateWasRead(step int32) bool {
	return slices.ContainsFunc(p.Readings, func(r Reading) bool { return r.Quantity == measuredRate && r.Step == step })
}
