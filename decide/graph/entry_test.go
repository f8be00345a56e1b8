package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waitornot/decide"
)

// Of calls that retry as often, the first is the one that is reported.
func TestFirstOfEqualRetries(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "one", "a", decide.Sync, attempts(3))
	b.op(d, "two", "b", decide.Sync, attempts(3))
	b.op(d, "three", "c", decide.Sync, attempts(2))
	g := b.build(t, 0)
	shop := g.waiting.of[g.Operation(0).Caller]
	h := g.reach.all[shop]
	if h.mostRetried != 0 || h.attempts != 3 {
		t.Errorf("operation %d with %v attempts, want the first with 3", h.mostRetried, h.attempts)
	}
	if deepest := h.deepest; deepest != 0 {
		t.Errorf("the deepest is %d, want the first", deepest)
	}
}

// Of two steps that are tried equally often, the first is named, and of a chain every
// step that is tried more than once.
func TestFirstOfEquallyRetriedSteps(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "first", "a", decide.Sync, attempts(3))
	b.op(d, "second", "b", decide.Sync, attempts(3))
	b.op(d, "once", "c", decide.Sync)
	b.journey(d, "buy", "once first second")
	b.journey(d, "look", "once")
	g := b.build(t, 0)
	if n := g.Numbers(&g.Journeys()[0]); n.Attempts != 3 || fmt.Sprint(named(g, 0, n.Retried)) != "[shop/first]" {
		t.Errorf("%v attempts at %v", n.Attempts, named(g, 0, n.Retried))
	}
	if n := g.Numbers(&g.Journeys()[1]); n.Attempts != 1 || len(n.Retried) != 0 {
		t.Errorf("%v attempts at %v", n.Attempts, named(g, 1, n.Retried))
	}
}

// No attempt counts as one, and very many are counted.
func TestAttemptsAreHeld(t *testing.T) {
	t.Parallel()
	for given, want := range map[int]int{0: 1, 1: 1, 2: 2, 1 << 20: 1 << 20} {
		b := newBuilder()
		b.op(b.doc("s"), "o", "t", decide.Sync, attempts(given))
		if got := b.build(t, 0).Operation(0).Attempts(); got != want {
			t.Errorf("%d attempts count as %d, want %d", given, got, want)
		}
	}
}

// Of chains the longest counts, and of those that multiply attempts most; of equals the
// first, in whatever order they come.
func TestHopAdd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		id       OperationID
		depth    int32
		attempts float64
		want     hop
	}{
		{"longer", 9, 4, 2, hop{4, 9, 6, 5}},
		{"as long, later", 9, 3, 2, hop{3, 5, 6, 5}},
		{"as long, earlier", 1, 3, 2, hop{3, 1, 6, 5}},
		{"shorter, earlier", 1, 2, 2, hop{3, 5, 6, 5}},
		{"more attempts", 9, 1, 7, hop{3, 5, 7, 9}},
		{"as many attempts, later", 9, 1, 6, hop{3, 5, 6, 5}},
		{"as many attempts, earlier", 1, 1, 6, hop{3, 5, 6, 1}},
		{"fewer attempts, earlier", 1, 1, 5, hop{3, 5, 6, 5}},
	} {
		h := hop{depth: 3, deepest: 5, attempts: 6, mostRetried: 5}
		if h.add(tt.id, tt.depth, tt.attempts); h != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, h, tt.want)
		}
	}
	h := lastHop
	if h.add(2, 1, 1); h != (hop{1, 2, 1, None}) {
		t.Errorf("a chain without a retry: %+v", h)
	}
}

// Everything that an operation is said to lead to counts, not only the last.
func TestReachOfAll(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	web, shop, bank := b.doc("web"), b.doc("shop"), b.doc("bank")
	b.op(web, "buy", "shop", decide.Sync)
	b.op(shop, "charge", "bank", decide.Sync, afterThe("buy"))
	b.op(shop, "log", "logs", decide.Sync, afterThe("buy"), attempts(3))
	b.op(bank, "book", "ledger", decide.Sync)
	g := b.build(t, 0)
	if e := g.Entries()[0]; e.Depth != 3 || e.Attempts != 3 {
		t.Errorf("from web %d hops and %v attempts, want 3 and 3", e.Depth, e.Attempts)
	}
}

// A service is an entry when it calls and no other calls it; a ring of services when
// nobody outside calls one of them, and none of them is one already.
func TestEntriesAreCalledByNobody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		calls []string // caller>callee
		want  string
	}{
		{"a chain", []string{"a>b", "b>c"}, "a"},
		{"a ring", []string{"b>a", "a>b"}, "a"},
		{"a ring that is called", []string{"web>b", "b>a", "a>b"}, "web"},
		{"a ring that calls", []string{"b>a", "a>b", "a>c"}, "a"},
		{"a service that calls itself", []string{"a>a", "a>b"}, "a"},
		{"two rings", []string{"d>c", "c>d", "b>a", "a>b"}, "a c"},
	} {
		b := newBuilder()
		b.calls(b.doc("declares"), tt.calls...) // which neither calls nor is called
		g := b.build(t, 0)
		var got []string
		for _, e := range g.Entries() {
			got = append(got, g.ServiceName(e.Service))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: entries %v, want %s", tt.name, got, tt.want)
		}
	}
}

// Rings of services are told by their first service by name, each from there.
func TestCyclesInOrder(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	b.calls(b.doc("x"), "a>f", "f>a", "b>c", "c>b", "d>e", "e>d", "b>a", "a>d", "z>b")
	g := b.build(t, 0)
	var got []string
	for _, c := range g.WaitingCycles() {
		var names []string
		for _, s := range c.Services {
			names = append(names, g.ServiceName(s))
		}
		got = append(got, strings.Join(names, "")+fmt.Sprint(len(c.Ring)))
		for _, s := range c.Services {
			if r := g.Ring(s); r == nil || r.Services[0] != c.Services[0] {
				t.Errorf("%s is not in its ring", g.ServiceName(s))
			}
		}
	}
	if strings.Join(got, " ") != "af2 bc2 de2" {
		t.Errorf("rings %v", got)
	}
	if z, _ := slices.BinarySearchFunc(g.services, "z", func(s Service, name string) int { return strings.Compare(s.Name, name) }); g.Ring(ServiceID(z)) != nil {
		t.Error("z is in a ring")
	}
}

// Of a chain that multiplies, only the steps that are tried more than once are named.
func TestRetriedStepsOfAChain(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	shop, bank := b.doc("shop"), b.doc("bank")
	b.op(shop, "place", "bank", decide.Sync)
	b.op(bank, "charge", "vault", decide.Sync, attempts(3))
	b.journey(shop, "buy", "place bank/charge")
	g := b.build(t, 0)
	if n := g.Numbers(&g.Journeys()[0]); n.Attempts != 3 || fmt.Sprint(named(g, 0, n.Retried)) != "[bank/charge]" {
		t.Errorf("%v attempts at %v", n.Attempts, named(g, 0, n.Retried))
	}
}
