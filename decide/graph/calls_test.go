package graph

import (
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/decidetest"
)

// A call that one request makes several times counts as often as a step would that is named
// several times, one after another: in its time, in how many p99s that rests on, and in the
// time that is left for one call.
func TestTimesOfCalls(t *testing.T) {
	t.Parallel()
	numbers := func(steps string, n int, more ...option) (*Graph, Numbers) {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "items", "stock", decide.Sync, append(more, p99(300*ms), p50(50*ms), calls(n), answers("ynnn"))...)
		b.op(d, "pay", "bank", decide.Sync, p99(100*ms), p50(20*ms), answers("ynnn"))
		j := b.journey(d, "buy", steps)
		put(b, &j.Budget, 1000*ms)
		g := b.build(t, 0)
		return g, g.Numbers(&g.Journeys()[0])
	}
	g, n := numbers("items pay", 20)
	if n.Tail.Time != 6100*ms || n.Tail.Summed != 21 || n.Typical.Time != 1020*ms || n.Budget(&g.Journeys()[0]) != Missed {
		t.Errorf("20 calls: %+v, typically %v", n.Tail, n.Typical.Time)
	}
	if _, ok := g.TailEstimate(&g.Journeys()[0]); ok {
		t.Error("a p99 is estimated of calls that weren't drawn one by one")
	}
	if p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t)); len(p.Remedies) == 0 || p.Remedies[0].Kind != Faster || p.Remedies[0].Time != 45*ms || !p.Remedies[0].Enough {
		t.Errorf("remedies: %+v", p.Remedies)
	}
	_, once := numbers("items pay", 1)
	if once.Tail.Time != 400*ms || once.Tail.Summed != 2 {
		t.Errorf("one call: %+v", once.Tail)
	}
	_, none := numbers("items pay", 0)
	if none.Tail.Time != 400*ms {
		t.Errorf("no calls given: %+v", none.Tail)
	}
	g, beside := numbers("items|pay", 20)
	if beside.Tail.Time != 6000*ms || beside.Tail.Summed != 21 {
		t.Errorf("side by side: %+v", beside.Tail)
	}
	if s := g.Sketch(&g.Journeys()[0]); s.Steps[0].Times != 20 || s.Steps[1].Times != 1 {
		t.Errorf("the page gets %+v", s.Steps)
	}
	if d := times(time.Duration(1)<<62, 3); d != 1<<63-1 {
		t.Errorf("3 times the longest are %v", d)
	}
}
