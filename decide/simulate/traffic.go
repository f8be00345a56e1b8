package simulate

import (
	"math"

	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// calls is how often one request of the caller makes a step: as declared, as measured, or
// once.
func (b *builder) calls(i int32) (n int, from *manifest.Evidence) {
	if r := b.op(i).Rates; r != nil && r.Calls > 0 {
		return r.Calls, nil
	}
	if m := b.facts(i).Measured; m != nil && m.PerRequest.Value > 1 {
		return m.PerRequest.Value, m
	}
	return 1, nil
}

// rates takes the lowest mean rate of the steps for that of the journey: each step happens
// in every request, and the rest of its traffic comes from elsewhere.
func (b *builder) rates() {
	m := &b.out.Model
	b.out.RateOf = None
	for i := range m.Steps {
		if mean := b.mean(int32(i)) / b.times(int32(i)); mean > 0 && (m.Rate == 0 || mean < m.Rate) {
			m.Rate, b.out.RateOf = mean, int32(i)
		}
	}
	if m.Rate == 0 {
		m.Rate = assumedRequests
		b.assume(assumedRate, assumedRequests, None)
	}
	b.rate = make([]float64, len(m.Steps))
	through := map[graph.OperationID]float64{}
	for i := range m.Steps {
		b.rate[i] = b.asked(int32(i))
		through[b.out.Operations[i]] += b.rate[i]
	}
	told := map[graph.OperationID]bool{}
	for i := range m.Steps {
		id := b.out.Operations[i]
		b.rate[i] = b.asked(int32(i))
		if extra := b.mean(int32(i)) - math.Max(through[id], b.rate[i]); extra > 0 && !told[id] {
			m.Steps[i].Extra = extra
			b.rate[i] += extra
		}
		told[id] = true
	}
}

// times is how often one request of the journey makes a step.
func (b *builder) times(i int32) float64 {
	n := 1.0
	for ; i != None; i = b.out.Steps[i].Parent {
		calls, _ := b.calls(i)
		n *= float64(calls)
	}
	return n
}

// asked is how often a step happens because of the one around it.
func (b *builder) asked(i int32) float64 {
	rate := b.out.Rate
	if p := b.out.Steps[i].Parent; p != None {
		rate = b.rate[p]
	}
	times, _ := b.calls(i)
	return rate * float64(times)
}

// mean is how often an operation happens in all: as declared, as measured, or 0.
func (b *builder) mean(i int32) float64 {
	if r := b.op(i).Rates; r != nil && r.Mean > 0 {
		return r.Mean
	}
	if m := b.facts(i).Measured; m != nil {
		return m.Mean.Value
	}
	return 0
}

// traffic takes over how often a step is made, and notes what was measured of that.
func (b *builder) traffic(i int32) {
	calls, m := b.calls(i)
	b.out.Steps[i].Times = calls
	if m != nil {
		b.out.read(measuredCalls, float64(calls), i, m)
	}
	if r := b.op(i).Rates; r != nil && r.Mean > 0 {
		return
	}
	if m := b.facts(i).Measured; m != nil && m.Mean.Value > 0 {
		b.out.read(measuredRate, m.Mean.Value, i, m)
	}
}
