package simulate

import (
	"math"
	"time"
)

// durations splits what a step takes from what the steps nested in it take, as they are
// declared: its median less their medians, its p99 less their p99s.
func (b *builder) durations() {
	n := len(b.out.Steps)
	b.median, b.p99 = make([]time.Duration, n), make([]time.Duration, n)
	for i := range n {
		b.median[i], b.p99[i] = b.given(int32(i))
	}
	for i := range n {
		s := &b.out.Steps[i]
		s.Own = Time{
			Median: max(0, b.median[i]-b.nested(int32(i), b.median)),
			P99:    max(0, b.p99[i]-b.nested(int32(i), b.p99)),
		}
	}
}

// nested adds the times of the steps that a step waits for: the longest of each slot.
func (b *builder) nested(parent int32, times []time.Duration) time.Duration {
	var sum, most time.Duration
	slot := int32(-1)
	for i := range b.out.Steps {
		s := &b.out.Steps[i]
		if s.Parent != parent || s.Detached {
			continue
		}
		if s.Slot != slot {
			sum += most
			slot, most = s.Slot, 0
		}
		repeated := times[i]
		if calls, _ := b.calls(int32(i)); calls > 1 {
			repeated = time.Duration(math.Min(float64(repeated)*float64(calls), math.MaxInt64/4))
		}
		most = max(most, repeated)
	}
	return sum + most
}

// given returns the median and the p99 of a step's work as the manifest has them, or as
// they were measured.
func (b *builder) given(i int32) (median, p99 time.Duration) {
	o := b.op(i)
	p99, known := o.Latency()
	if d := o.Delivery; o.Detached() && d != nil && d.Processing > 0 {
		p99, known = d.Processing, true
	}
	median, typical := o.Typical()
	if m := b.facts(i).Measured; m != nil {
		middle, tail := workOf(m, o.Detached())
		if !known && tail > 0 {
			p99, known = tail, true
			b.out.read(measuredTail, float64(tail), i, m)
		}
		if !typical && middle > 0 {
			median, typical = middle, true
			b.out.read(measuredMedian, float64(middle), i, m)
		}
	}
	switch {
	case known && typical:
		return min(median, p99), p99
	case known:
		b.assume(assumedMedian, 0, i)
		return p99 / tailRatio, p99
	case typical:
		b.assume(assumedTail, 0, i)
		return median, median * tailRatio
	}
	b.assume(assumedTime, float64(assumedWork), i)
	return assumedWork / tailRatio, assumedWork
}
