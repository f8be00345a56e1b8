package graph

import (
	"fmt"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

const ms = time.Millisecond

// A journey adds what follows, takes the longest of what runs in parallel, and
// leaves out what is handed over.
func TestJourneyTime(t *testing.T) {
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "price", "pricing", decide.Sync, p99(200*ms), p50(20*ms))
	b.op(d, "stock", "inventory", decide.Sync, p99(300*ms), p50(30*ms))
	b.op(d, "pay", "bank", decide.Sync, p99(900*ms), p50(90*ms))
	b.op(d, "mail", "mailer", decide.Async, p99(2000*ms), p50(400*ms))
	b.journey(d, "buy", "price|stock pay mail")
	g := b.build(t, 0)
	n := g.Numbers(&g.Journeys()[0])
	if n.Tail.Time != 1200*ms || !n.Tail.Known() {
		t.Errorf("tail %v with %d lacks, want 1.2s without", n.Tail.Time, len(n.Tail.Missing))
	}
	if n.Typical.Time != 120*ms {
		t.Errorf("typical %v, want 120ms", n.Typical.Time)
	}
	if got := n.Tail.Path; len(got) != 2 || got[0] != 1 || got[1] != 2 {
		t.Errorf("critical path %v, want steps 1 and 2", got)
	}
}

// Of parallel steps that take equally long, the first is on the critical path.
func TestFirstOfEquallyLongSteps(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	for _, name := range []string{"tax", "price", "stock"} {
		b.op(d, name, "of-"+name, decide.Sync, p99(map[string]time.Duration{"tax": 100 * ms, "price": 300 * ms, "stock": 300 * ms}[name]))
	}
	b.journey(d, "buy", "tax|price|stock")
	g := b.build(t, 0)
	if n := g.Numbers(&g.Journeys()[0]); fmt.Sprint(n.Tail.Path) != "[1]" || n.Tail.Time != 300*ms {
		t.Errorf("%v over %v", n.Tail.Time, n.Tail.Path)
	}
}

// The time of a step contains that of the steps nested in it.
func TestJourneyNested(t *testing.T) {
	b := newBuilder()
	web, shop := b.doc("web"), b.doc("shop")
	b.op(web, "submit", "shop", decide.Sync, p99(1000*ms), attempts(2))
	b.op(shop, "stock", "inventory", decide.Sync, p99(300*ms))
	b.op(shop, "pay", "bank", decide.Sync, p99(500*ms), attempts(3))
	b.op(web, "show", "cdn", decide.Sync, p99(50*ms))
	b.journey(web, "buy", "submit shop/stock shop/pay show")
	g := b.build(t, 1)
	j := &g.Journeys()[0]
	n := g.Numbers(j)
	if n.Tail.Time != 1050*ms {
		t.Errorf("tail %v, want 1.05s", n.Tail.Time)
	}
	if n.Depth != 2 || n.Attempts != 6 {
		t.Errorf("depth %d, attempts %v, want 2 and 6", n.Depth, n.Attempts)
	}
	m := g.model(j)
	if w := m.wait(FactLatency, []bool{false, false, true, false}); w.Time != 550*ms {
		t.Errorf("with pay detached %v, want 550ms", w.Time)
	}
	if w := m.wait(FactLatency, []bool{true, false, false, false}); w.Time != 50*ms {
		t.Errorf("with submit detached %v, want 50ms", w.Time)
	}
}

// A place is the journey's own from its first byte up to its end, in its file.
func TestJourneyHolds(t *testing.T) {
	t.Parallel()
	at := func(column uint32) diag.Range {
		return diag.Range{Start: diag.Pos{Line: 3, Column: column}, End: diag.Pos{Line: 3, Column: column + 1}}
	}
	j := &Journey{File: "a.yaml", Journey: &manifest.Journey{Range: diag.Range{Start: diag.Pos{Line: 3, Column: 5}, End: diag.Pos{Line: 3, Column: 9}}}}
	for _, tt := range []struct {
		file string
		at   diag.Range
		want bool
	}{
		{"a.yaml", at(4), false}, {"a.yaml", at(5), true}, {"a.yaml", at(8), true}, {"a.yaml", at(9), false},
		{"b.yaml", at(5), false}, {"a.yaml", diag.Range{}, false},
	} {
		if j.Holds(tt.file, tt.at) != tt.want {
			t.Errorf("%s:%v: %t", tt.file, tt.at.Start, !tt.want)
		}
	}
	if none := (&Journey{File: "a.yaml", Journey: &manifest.Journey{}}); none.Holds("a.yaml", at(5)) || none.Holds("a.yaml", diag.Range{}) {
		t.Error("a journey without a place holds one")
	}
}
