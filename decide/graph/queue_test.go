package graph

import (
	"math"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Places are held by calls that somebody waits for, whose latency and rate are given.
func TestHeldNeedsItsFacts(t *testing.T) {
	t.Parallel()
	rate := rates(10, 0, 0, 0)
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "known", "a", decide.Sync, p99(time.Second), rate)
	b.op(d, "detached", "a", decide.Async, p99(time.Second), rate)
	b.op(d, "no-rate", "a", decide.Sync, p99(time.Second))
	b.op(d, "no-latency", "a", decide.Sync, rate)
	g := b.build(t, 0)
	for i, want := range []bool{true, false, false, false} {
		held, ok := g.CallsInFlight(OperationID(i))
		if ok != want || ok && held != (CallsInFlight{Slow: 10}) {
			t.Errorf("%s: %+v, %t, want %t", g.Operation(OperationID(i)).Name, held, ok, want)
		}
	}
}

// Usually the mean rate and the mean time count, when it is slow the peak and the p99;
// where one of the rates is missing the other stands in. The mean of a log-normal with
// the median 100 ms and the p99 1 s is 100 ms * exp((ln 10 / 2.3263)^2 / 2) = 163.2 ms.
func TestHeldUsuallyAndSlowly(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "both", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(50, 200, 0, 0))
	b.op(d, "mean", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(50, 0, 0, 0))
	b.op(d, "peak", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(0, 200, 0, 0))
	b.op(d, "contradiction", "a", decide.Sync, p99(time.Second), p50(2*time.Second), rates(50, 200, 0, 0))
	g := b.build(t, 0)
	for i, want := range []CallsInFlight{{200, 8.160, true}, {50, 8.160, true}, {200, 32.64, true}, {200, 0, false}} {
		held, ok := g.CallsInFlight(OperationID(i))
		if !ok || held.Slow != want.Slow || held.UsualKnown != want.UsualKnown || want.UsualKnown && math.Abs(held.Usual-want.Usual) > .01 {
			t.Errorf("%s: %+v, want %+v", g.Operation(OperationID(i)).Name, held, want)
		}
	}
}

// Without a mean rate nothing is known of the wait in a queue; drowning it has no end.
func TestQueueWaitNeedsARate(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "calm", "a", decide.Async, workers(2, time.Second), rates(1, 0, 0, 0))
	b.op(d, "no-rate", "a", decide.Async, workers(2, time.Second), rates(0, 0, 0, 0))
	b.op(d, "drowning", "a", decide.Async, workers(2, time.Second), rates(2, 0, 0, 0))
	g := b.build(t, 0)
	for i, want := range []bool{true, false, false} {
		q, _ := g.Queue(OperationID(i))
		if q.Waits != want || q.Workers != 2 || !q.Cautious || want && math.Abs(q.Wait.Seconds()-1./3) > 1e-6 {
			t.Errorf("%s: %+v", g.Operation(OperationID(i)).Name, q)
		}
	}
}

// A capacity follows from as few as one worker and the processing time, and from neither
// alone.
func TestQueueCapacityOfWorkers(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "one", "a", decide.Async, workers(1, 200*ms), rates(2, 4, 0, 0))
	b.op(d, "no-workers", "a", decide.Async, workers(0, 200*ms), rates(2, 4, 0, 0))
	b.op(d, "no-time", "a", decide.Async, workers(3, 0), rates(2, 4, 0, 0))
	g := b.build(t, 0)
	for i, want := range []float64{5, 0, 0} {
		q, ok := g.Queue(OperationID(i))
		if !ok || q.Capacity != want || q.Cautious != (want > 0) || want == 0 && len(q.Missing) == 0 {
			t.Errorf("%s: %+v, want a capacity of %v", g.Operation(OperationID(i)).Name, q, want)
		}
	}
}

// A queue's numbers are known as far as their facts are, however small these are.
func TestQueueNeedsItsFacts(t *testing.T) {
	t.Parallel()
	type facts struct {
		mean, peak, capacity float64
		burst, each          time.Duration
		workers              int
	}
	for _, tt := range []struct {
		name string
		facts
		capacity           float64
		waits, drains, all bool
	}{
		{"all", facts{.5, 1, .8, time.Minute, 0, 1}, .8, true, true, true},
		{"no workers", facts{.5, 1, .8, time.Minute, 0, 0}, .8, false, true, true},
		{"no mean", facts{0, 1, .8, time.Minute, 0, 1}, .8, false, false, false},
		{"no peak", facts{.5, 0, .8, time.Minute, 0, 1}, .8, true, false, false},
		{"no burst", facts{.5, 1, .8, 0, 0, 1}, .8, true, false, false},
		{"a burst of a nanosecond", facts{.5, 1, .8, 1, 0, 1}, .8, true, true, true},
		{"workers of a nanosecond", facts{.5, 1, 0, time.Minute, 1, 1}, 1e9, true, true, true},
		{"as much as it can handle", facts{.8, 1, .8, time.Minute, 0, 1}, .8, false, false, true},
	} {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "o", "a", decide.Async, func(b *builder, o *manifest.Operation) {
			o.Traffic.Range, o.Delivery.Range = o.Name.Range, o.Name.Range
			o.Traffic.Mean.Value, o.Traffic.Peak.Value, o.Traffic.Capacity.Value, o.Traffic.Burst.Value = tt.mean, tt.peak, tt.facts.capacity, tt.burst
			o.Delivery.Workers.Value, o.Delivery.Processing.Value = tt.workers, tt.each
		})
		q, ok := b.build(t, 0).Queue(0)
		if !ok || math.Abs(q.Capacity/tt.capacity-1) > 1e-9 || q.Waits != tt.waits || q.Drains != tt.drains || (len(q.Missing) == 0) != tt.all {
			t.Errorf("%s: %+v", tt.name, q)
		}
	}
}

// Calls in flight need a rate, a mean or a peak, however low.
func TestHeldNeedsARate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mean, peak float64
		want       float64 // 0 for none
	}{{0, 0, 0}, {.5, 0, .5}, {0, .5, .5}, {.25, .5, .5}} {
		b := newBuilder()
		b.op(b.doc("shop"), "o", "a", decide.Sync, p99(time.Second), func(b *builder, o *manifest.Operation) {
			put(b, &o.Pool, 5) // a rate without traffic
			o.Traffic.Mean.Value, o.Traffic.Peak.Value = tt.mean, tt.peak
		})
		if h, ok := b.build(t, 0).CallsInFlight(0); ok != (tt.want > 0) || h.Slow != tt.want {
			t.Errorf("mean %v, peak %v: %+v, %t", tt.mean, tt.peak, h, ok)
		}
	}
}
