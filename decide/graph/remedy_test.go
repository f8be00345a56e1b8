package graph

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/manifest"
)

// Of what follows each other below one step or at the top, the steps that save most are
// run side by side, and no others.
func TestSideBySideNamesItsSteps(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	shop, bank := b.doc("shop"), b.doc("bank")
	b.op(shop, "place", "bank", decide.Sync, p99(500*ms), answers("ynnn"))
	b.op(bank, "check", "c", decide.Sync, p99(300*ms), answers("ynnn"))
	b.op(bank, "charge", "d", decide.Sync, p99(150*ms), answers("ynnn"))
	b.op(shop, "mail", "e", decide.Sync, p99(100*ms), answers("ynnn"))
	put(b, &b.journey(shop, "buy", "place bank/check bank/charge mail").Budget, 100*ms)
	g := b.build(t, 0)
	p, needed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if !needed || p.Found {
		t.Fatalf("needed %t, found %t", needed, p.Found)
	}
	sides, faster := 0, 0
	for _, r := range p.Remedies {
		switch r.Kind {
		case SideBySide:
			sides++
			var names []string
			for _, id := range r.Together {
				names = append(names, g.Operation(id).Name)
			}
			if got := strings.Join(names, " "); got != "check charge" || r.Time != 450*ms || r.Enough {
				t.Errorf("side by side: %s, %v after %v", got, r.Time, p.After.Tail.Time)
			}
		case Faster:
			faster++
			if name := g.Operation(r.Operation).Name; name != "check" || r.Time != 0 || r.Enough { // place takes 50 ms by itself
				t.Errorf("faster: %s", name)
			}
		}
	}
	if sides != 1 || faster != 1 {
		t.Errorf("%d times side by side, %d times faster: %+v", sides, faster, p.Remedies)
	}
}

// A single step has nothing to run beside.
func TestNothingSideBySide(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync, p99(time.Second), answers("ynyn"))
	put(b, &b.journey(d, "buy", "pay").Budget, 100*ms)
	g := b.build(t, 0)
	p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	for _, r := range p.Remedies {
		if r.Kind == SideBySide {
			t.Errorf("%+v", r)
		}
	}
}

// Remedies are named for the two weakest dependencies, not for all.
func TestRemediesOfTheWeakest(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	put(b, &d.Availability, 1)
	for i, share := range []float64{.99, .9, .95, .98} {
		b.op(d, fmt.Sprintf("o%d", i), fmt.Sprintf("c%d", i), decide.Sync, up(share), answers("ynnn"))
	}
	put(b, &b.journey(d, "buy", "o0 o1 o2 o3").SLO, .999)
	g := b.build(t, 0)
	p, missed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if !missed || p.Found {
		t.Fatalf("missed %t, found %t", missed, p.Found)
	}
	weak := map[Term]bool{}
	for _, r := range p.Remedies {
		if r.Kind == TwoCopies {
			weak[r.Term] = true
		}
	}
	if len(weak) != termsShown {
		t.Errorf("remedies for %d dependencies, want %d", len(weak), termsShown)
	}
}

// remediesOf writes what would help a journey: kind, of what, to what, and whether it is
// enough.
func remediesOf(t *testing.T, b *builder) []string {
	t.Helper()
	g := b.build(t, 0)
	p, missed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if !missed || p.Found {
		t.Fatalf("missed %t, found %t", missed, p.Found)
	}
	var list []string
	for _, r := range p.Remedies {
		var of []string
		for _, id := range append(r.Together, r.Operation) {
			if id != None {
				of = append(of, g.Operation(id).Name)
			}
		}
		if r.Operation == None && r.Kind >= MoreAvailable && r.Kind <= DoWithout {
			of = append(of, "of "+g.ServiceName(r.Term.Service))
		}
		to := r.Time.String()
		if r.Share > 0 {
			to = fmt.Sprintf("%.5f", r.Share)
		}
		enough := ""
		if r.Enough {
			enough = " enough"
		}
		list = append(list, strings.TrimSpace(fmt.Sprintf("%d %s", r.Kind, strings.Join(of, "+")))+" "+to+enough)
	}
	return list
}

// What shortens a journey: its slowest step, of equals the first, as fast as it must be;
// its steps side by side; a copy of what may be kept. Each is enough when the journey then
// takes no longer than its budget.
func TestRemediesOfTime(t *testing.T) {
	t.Parallel()
	cacheable := func(b *builder, o *manifest.Operation) { put(b, &o.Cacheable, true) }
	for _, tt := range []struct {
		budget, first, second time.Duration
		want                  string
	}{
		{100 * ms, 300 * ms, 200 * ms, "0 a 0s, 1 a+b 300ms, 2 a 200ms, 3 500ms enough"},
		{200 * ms, 300 * ms, 200 * ms, "0 a 0s, 1 a+b 300ms, 2 a 200ms enough, 3 500ms enough"},
		{250 * ms, 300 * ms, 200 * ms, "0 a 50ms enough, 1 a+b 300ms, 2 a 200ms enough, 3 500ms enough"},
		{300 * ms, 300 * ms, 200 * ms, "0 a 100ms enough, 1 a+b 300ms enough, 2 a 200ms enough, 3 500ms enough"},
		{300 * ms, 200 * ms, 200 * ms, "0 a 100ms enough, 1 a+b 200ms enough, 2 a 200ms enough, 3 400ms enough"},
		{300 * ms, 200 * ms, 300 * ms, "0 b 100ms enough, 1 a+b 300ms enough, 2 a 300ms enough, 3 500ms enough"},
	} {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "a", "x", decide.Sync, p99(tt.first), answers("ynnn"), cacheable)
		b.op(d, "b", "y", decide.Sync, p99(tt.second), answers("ynnn"))
		put(b, &b.journey(d, "buy", "a b").Budget, tt.budget)
		if got := strings.Join(remediesOf(t, b), ", "); got != tt.want {
			t.Errorf("%v and %v within %v: %s, want %s", tt.first, tt.second, tt.budget, got, tt.want)
		}
	}
}

// What makes a journey more available: its two weakest dependencies made better or twice,
// another attempt where that is safe and none is made, the journey without them. A service
// in which it starts can't be left out.
func TestRemediesOfShare(t *testing.T) {
	t.Parallel()
	idempotent := func(b *builder, o *manifest.Operation) { put(b, &o.Idempotent, true) }
	for _, tt := range []struct {
		name string
		slo  float64
		own  float64
		a, b []option
		want string
	}{
		{"one is weak", .95, 1, []option{up(.9)}, []option{up(.999)},
			"4 of x 0.95095 enough, 5 of x 0.98901 enough, 7 a 0.99900 enough, 5 of y 0.90000, 7 b 0.90000, 8 0.89910 enough"},
		{"both are weak", .99, 1, []option{up(.95)}, []option{up(.9)},
			"5 of y 0.94050, 7 b 0.95000, 5 of x 0.89775, 7 a 0.90000, 8 0.85500 enough"},
		{"just enough", .95, 1, []option{up(.9)}, []option{up(.95)},
			"4 of x 1.00000 enough, 5 of x 0.94050, 7 a 0.95000 enough, 5 of y 0.89775, 7 b 0.90000, 8 0.85500 enough"},
		{"a repeat is safe", .95, 1, []option{up(.9), idempotent}, []option{up(.999), idempotent, attempts(2)},
			"4 of x 0.95095 enough, 5 of x 0.98901 enough, 6 a 0.98901 enough, 7 a 0.99900 enough, 5 of y 0.90000, 7 b 0.90000, 8 0.89910 enough"},
		{"it starts there", .95, .9, []option{up(1)}, []option{up(.999)},
			"4 of shop 0.95095 enough, 5 of shop 0.98901 enough, 5 of y 0.90000, 7 b 0.90000, 8 0.89910 enough"},
		{"never there", .95, 1, []option{up(0)}, []option{up(1)}, "5 of shop 0s, 8 0s enough"},
	} {
		b := newBuilder()
		d := b.doc("shop")
		put(b, &d.Availability, tt.own)
		b.op(d, "a", "x", decide.Sync, append(tt.a, answers("ynnn"))...)
		b.op(d, "b", "y", decide.Sync, append(tt.b, answers("ynnn"))...)
		put(b, &b.journey(d, "buy", "a b").SLO, tt.slo)
		if got := strings.Join(remediesOf(t, b), ", "); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, got, tt.want)
		}
	}
}

// A broker can be there twice, and can't be repeated or left out.
func TestRemediesOfBrokers(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	put(b, &d.Availability, 1)
	b.broker(d, "mq", .9)
	b.op(d, "a", "x", decide.Async, through("mq"), func(b *builder, o *manifest.Operation) { put(b, &o.Idempotent, true) })
	put(b, &b.journey(d, "buy", "a").SLO, .95)
	if got := strings.Join(remediesOf(t, b), ", "); got != "4 of 0.95000 enough, 5 of 0.99000 enough, 5 of shop 0.90000, 8 0.90000 enough" {
		t.Errorf("%s", got)
	}
}
