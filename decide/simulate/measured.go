package simulate

import (
	"cmp"
	"slices"
	"time"

	"waitornot/decide/manifest"
)

// waited reports whether callers waited for most of the calls, as far as that was
// measured; otherwise as declared.
func waited(e *manifest.Evidence, detached bool) bool {
	if !e.Waited.Set() {
		return !detached
	}
	return e.Waited.Value >= .5
}

// workOf returns the median and the p99 of the work itself; 0 when that wasn't measured.
// Who hands work over sees how long that takes, and not the work.
func workOf(e *manifest.Evidence, detached bool) (median, p99 time.Duration) {
	switch {
	case waited(e, detached):
		return e.P50.Value, e.P99.Value
	case detached:
		return 0, e.Processing.Value
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
	measuredTail:     {"answers.latency", Nanoseconds, "p99; of processing if the work is handed off"},
	measuredMedian:   {"typical", Nanoseconds, "p50, unless the work is handed off"},
	measuredTimeout:  {"timeout", Nanoseconds, "gave_up"},
	measuredFailures: {"availability", Share, "errors"},
	measuredHandOver: {"reply.accept_within", Nanoseconds, "p99 of work that's handed off"},
	measuredPeak:     {"traffic.peak", PerSecond, "peak, in a burst"},
}

// A Reading is a fact that no manifest gives, as it was measured.
type Reading struct {
	Quantity
	Step  int32
	Value float64
	From  *manifest.Evidence
}

// Fact is the key of a manifest that would tell.
func (r *Reading) Fact() string { return quantities[r.Quantity].fact }

// Unit says what Value counts.
func (r *Reading) Unit() Unit { return quantities[r.Quantity].unit }

// read notes that a fact of a step was measured, not declared.
func (p *Prepared) read(q Quantity, value float64, step int32, from *manifest.Evidence) {
	r := Reading{q, step, value, from}
	at, _ := slices.BinarySearchFunc(p.Readings, r, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Quantity, b.Quantity))
	})
	p.Readings = slices.Insert(p.Readings, at, r)
}

// RateWasRead reports whether the rate of a step was measured, not declared.
func (p *Prepared) RateWasRead(step int32) bool {
	return slices.ContainsFunc(p.Readings, func(r Reading) bool { return r.Quantity == measuredRate && r.Step == step })
}
