package graph

import (
	"fmt"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Only calls that are waited for are detached, and only to a verdict that waits for
// nothing: everything else leaves the numbers as they are.
func TestDetached(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync, p99(300*ms))
	b.op(d, "price", "pricing", decide.Sync, p99(200*ms))
	b.op(d, "mail", "mailer", decide.Hybrid, p99(900*ms))
	b.op(d, "log", "logger", decide.Async, p99(900*ms))
	b.journey(d, "buy", "pay price mail log")
	g := b.build(t, 0)
	j := &g.Journeys()[0]
	as := g.Numbers(j)
	for name, to := range map[string]map[OperationID]decide.Verdict{
		"nothing": nil, "to sync": {0: decide.Sync}, "undecided": {1: decide.Undecided}, "async to async": {3: decide.Async},
		"async to hybrid": {3: decide.Hybrid}, "hybrid to async": {2: decide.Async},
	} {
		if got := g.Detached(j, to); fmt.Sprint(got) != fmt.Sprint(as) {
			t.Errorf("%s changes the numbers: %+v, not %+v", name, got, as)
		}
	}
	if got := g.Detached(j, map[OperationID]decide.Verdict{0: decide.Async}); got.Tail.Time != as.Tail.Time-300*ms {
		t.Errorf("without pay: %v of %v", got.Tail.Time, as.Tail.Time)
	}
}

// A sketch says of each step how long it takes, and -1 where nobody knows.
func TestSketchOfTimes(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "known", "a", decide.Sync, p99(300*ms))
	b.op(d, "unknown", "b", decide.Sync)
	b.op(d, "accepted", "c", decide.Hybrid, p99(900*ms), func(b *builder, o *manifest.Operation) {
		put(b, &o.Reply.AcceptWithin, 80*ms)
		o.Reply.Range = o.Reply.AcceptWithin.Range
	})
	b.journey(d, "buy", "known unknown accepted")
	g := b.build(t, 0)
	s := g.Sketch(&g.Journeys()[0])
	for i, want := range [][2]time.Duration{{300 * ms, -1}, {-1, -1}, {900 * ms, 80 * ms}} {
		if got := [2]time.Duration{s.Steps[i].Latency, s.Steps[i].Accept}; got != want {
			t.Errorf("step %d takes %v, want %v", i, got, want)
		}
	}
}

// An operation disagrees when both its mode and its verdict are known and differ.
func TestDisagrees(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		declared, verdict decide.Verdict
		want              bool
	}{
		{decide.Sync, decide.Async, true}, {decide.Sync, decide.Sync, false},
		{decide.Undecided, decide.Async, false}, {decide.Sync, decide.Undecided, false},
	} {
		if o := (Operation{Declared: tt.declared, Verdict: tt.verdict, Possible: decide.SetOf(tt.verdict)}); o.Disagrees() != tt.want {
			t.Errorf("declared %v, verdict %v: %t", tt.declared, tt.verdict, o.Disagrees())
		}
	}
}

// Steps with the same dependency share its number, and what needs nothing has none.
func TestSketchOfThings(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	put(b, &d.Availability, .99)
	b.op(d, "a", "bank", decide.Sync, up(.9))
	b.op(d, "b", "bank", decide.Sync, up(.8))
	b.op(d, "c", "depot", decide.Sync, up(.7))
	b.op(d, "own", "", decide.Sync)
	b.op(d, "unknown", "nowhere", decide.Sync)
	b.journey(d, "buy", "a b c own unknown")
	g := b.build(t, 0)
	s := g.Sketch(&g.Journeys()[0])
	var got []Factor
	for _, x := range s.Steps {
		got = append(got, x.Waited)
	}
	want := []Factor{{1, .9, false}, {1, .8, false}, {2, .7, false}, {None, 0, false}, {None, 0, true}}
	if fmt.Sprint(got) != fmt.Sprint(want) || fmt.Sprint(s.Start) != fmt.Sprint([]Factor{{0, .99, false}}) {
		t.Errorf("start %v, steps %v, want %v", s.Start, got, want)
	}
}

// What isn't given is said so: a median, an acknowledgement, a pause.
func TestTimesOfAnOperation(t *testing.T) {
	t.Parallel()
	bare, given := &Operation{}, &Operation{Rates: &Rates{Typical: 1, Accept: 1, Backoff: 1}}
	for name, of := range map[string]func(*Operation) (time.Duration, bool){
		"median": (*Operation).Typical, "acknowledgement": (*Operation).Accept,
		"pause": func(o *Operation) (time.Duration, bool) { return o.Backoff(), o.Backoff() > 0 },
	} {
		if d, ok := of(bare); ok || d != 0 {
			t.Errorf("%s of nothing: %v, %t", name, d, ok)
		}
		if d, ok := of(given); !ok || d != 1 {
			t.Errorf("%s of a nanosecond: %v, %t", name, d, ok)
		}
	}
}

// Of what nobody waits for no time counts but that of an acknowledgement, and only what
// counts is on the critical path.
func TestPathOfWhatIsWaitedFor(t *testing.T) {
	t.Parallel()
	accept := func(b *builder, o *manifest.Operation) {
		put(b, &o.Reply.AcceptWithin, 80*ms)
		o.Reply.Range = o.Reply.AcceptWithin.Range
	}
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "unknown", "a", decide.Sync)
	b.op(d, "sent", "b", decide.Async, accept)
	b.op(d, "accepted", "c", decide.Hybrid, accept)
	b.journey(d, "buy", "unknown sent accepted")
	g := b.build(t, 0)
	if n := g.Numbers(&g.Journeys()[0]); n.Tail.Time != 160*ms || fmt.Sprint(n.Tail.Path) != "[0 1 2]" {
		t.Errorf("%v over %v", n.Tail.Time, n.Tail.Path)
	}
}

// Fewer runs are drawn of longer journeys.
func TestDrawn(t *testing.T) {
	t.Parallel()
	for steps, want := range map[int]int{1: 16384, 256: 16384, 1000: 4194, 100_000: 1024} {
		if got := drawn(steps); got != want {
			t.Errorf("%d steps: %d runs, want %d", steps, got, want)
		}
	}
}
