package graph

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/manifest"
)

// apply changes the manifests of b as a plan proposes: modes, what is left of the
// p99 of steps from which others were taken out, and how a message travels that is
// now sent: with the caller's other messages, else through an outbox.
func (b *builder) apply(g *Graph, p *Plan) {
	find := func(id OperationID) *manifest.Operation {
		for _, ops := range b.ops {
			for i := range ops {
				if ops[i].ID() == g.ID(id) {
					return &ops[i]
				}
			}
		}
		return nil
	}
	for _, c := range p.Changes {
		op := find(c.Operation)
		put(b, &op.Mode, c.To.List()[0])
		if op.Delivery.Broker.Set() || op.Delivery.Outbox.Value {
			continue
		}
		if usual := g.usual[g.Operation(c.Operation).Caller]; usual != nil && !usual.Outbox {
			through(g.Brokers()[usual.Broker].Name)(b, op)
		} else {
			outbox(b, op)
		}
	}
	for _, e := range p.Estimates {
		put(b, &find(e.Operation).Answers.Latency, e.To)
	}
}

// named names the operations of steps of a journey: positions shift when a call is no
// longer followed.
func named(g *Graph, journey int, path []int32) []string {
	var names []string
	for _, at := range path {
		names = append(names, g.ID(g.Journeys()[journey].Step(at).Operation))
	}
	return names
}

// drawNested makes a journey into one callee whose own calls take part of the time and
// may be detached: some of them the journey names, the others are followed.
func drawNested(t *rapid.T) *builder {
	b := newBuilder()
	shop, bank, deep := b.doc("shop"), b.doc("bank"), b.doc("deep")
	b.broker(shop, "mq", rapid.SampledFrom([]float64{.9, .999}).Draw(t, "broker"))
	put(b, &shop.Availability, .9999)
	if rapid.Bool().Draw(t, "bank sends") { // what the bank detaches then goes through its own broker
		b.broker(bank, "bank-mq", rapid.SampledFrom([]float64{.9, .999}).Draw(t, "bank's broker"))
		b.op(bank, "note", "audit", decide.Async, through("bank-mq"))
	}
	b.op(shop, "place", "bank", decide.Sync, p99(time.Duration(rapid.IntRange(3, 20).Draw(t, "place"))*100*ms), up(.999), answers("ynnn"))
	steps := "place"
	inner := func(d *manifest.Document, name, callee string) {
		b.op(d, name, callee, decide.Sync, p99(time.Duration(rapid.IntRange(1, 9).Draw(t, name))*100*ms),
			up(rapid.SampledFrom([]float64{.95, .999}).Draw(t, "up")), answers(rapid.SampledFrom([]string{"nyyy", "nyyy", "ynnn", "lyyy", "ynyn"}).Draw(t, "answers")),
			calls(rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "calls")))
	}
	named := rapid.Bool().Draw(t, "named")
	for i := range rapid.IntRange(1, 4).Draw(t, "inner") {
		name := fmt.Sprintf("i%d", i)
		inner(bank, name, rapid.SampledFrom([]string{"deep", "a", "b"}).Draw(t, "callee"))
		if !named {
			continue
		}
		joint := " "
		if i > 0 {
			joint = rapid.SampledFrom([]string{" ", "|"}).Draw(t, "joint")
		}
		steps += joint + "bank/" + name
	}
	inner(deep, "deepest", "c")
	if named && rapid.Bool().Draw(t, "twice") { // one p99 is given for two steps
		steps += " place bank/i0"
	}
	if rapid.Bool().Draw(t, "mail") {
		inner(shop, "mail", "mailer")
		steps += " mail"
	}
	j := b.journey(shop, "buy", steps)
	put(b, &j.Budget, time.Duration(rapid.IntRange(1, 20).Draw(t, "budget"))*100*ms)
	if rapid.Bool().Draw(t, "asked") {
		put(b, &j.SLO, rapid.SampledFrom([]float64{.9, .99}).Draw(t, "objective"))
	}
	return b
}

// What a plan promises is what the graph shows once the plan is carried out, to
// the digit. It fails when the plan says other p99s than it assumes, takes a detached step out of
// a step that is shorter than it, counts what hangs below a detached step, splits a time that is
// given for two steps, or counts the broker of what a callee hands over.
func TestPlanKeepsItsPromise(t *testing.T) {
	t.Parallel()
	table := decidetest.Table(t)
	drawn, estimated, followed := 0, 0, 0
	draws := []func(*rapid.T) *builder{drawJourney, drawNested}
	// Short runs draw a fifth: some need a few rounds more until they have seen every kind.
	for round := 0; round < 2 || (estimated == 0 || followed == 0) && round < 20; round++ {
		draw := draws[round%2]
		rapid.Check(t, func(rt *rapid.T) {
			b := draw(rt)
			g := b.build(t, 0)
			for i := range g.Journeys() {
				p, needed := g.Plan(&g.Journeys()[i], table)
				drawn++
				if !needed || !p.Found {
					continue
				}
				estimated += one(len(p.Estimates) > 0)
				followed += one(len(g.Journeys()[i].Followed) > 0)
				b.apply(g, &p)
				after := b.build(t, 0)
				n := after.Numbers(&after.Journeys()[i])
				if n.Tail.Time != p.After.Tail.Time || !slices.Equal(named(after, i, n.Tail.Path), named(g, i, p.After.Tail.Path)) || len(n.Tail.Missing) != len(p.After.Tail.Missing) {
					rt.Errorf("promised %+v, then %+v", p.After.Tail, n.Tail)
				}
				if math.Abs(n.Share.Value-p.After.Share.Value) > tolerance || math.Abs(n.Share.Least-p.After.Share.Least) > tolerance {
					rt.Errorf("promised %v available, then %v", p.After.Share.Value, n.Share.Value)
				}
			}
		})
	}
	if estimated == 0 || followed == 0 {
		t.Errorf("of %d journeys %d were planned with new p99s and %d with calls that are followed: nothing is held", drawn, estimated, followed)
	}
}

// A p99 below the sum of what is nested in it leaves nothing known of the step's
// own time, so detaching 2 s of 3 s saves only the time above the 1.5 s of the step.
func TestNestedLongerThanTheStep(t *testing.T) {
	b := newBuilder()
	front, checkout := b.doc("front"), b.doc("checkout")
	b.op(front, "place", "checkout", decide.Sync, p99(1500*ms), answers("ynyn"))
	b.op(checkout, "charge", "bank", decide.Sync, p99(time.Second), answers("ynyn"))
	b.op(checkout, "mail", "mailer", decide.Sync, p99(2*time.Second), answers("nyyy"))
	j := b.journey(front, "buy", "front/place checkout/charge checkout/mail")
	put(b, &j.Budget, 1500*ms)
	g := b.build(t, 0)
	p, needed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if !needed || !p.Found || p.Before.Tail.Time != 3*time.Second || p.After.Tail.Time != 1500*ms || len(p.Estimates) != 0 {
		t.Errorf("needed %v: %+v", needed, p)
	}
}

// What is nested in a step and fits into it is taken out of its p99: that estimate
// is said.
func TestPlanSaysWhatItEstimates(t *testing.T) {
	b := newBuilder()
	front, checkout := b.doc("front"), b.doc("checkout")
	b.op(front, "place", "checkout", decide.Sync, p99(3*time.Second), answers("ynyn"))
	b.op(checkout, "mail", "mailer", decide.Sync, p99(2*time.Second), answers("nyyy"))
	j := b.journey(front, "buy", "front/place checkout/mail")
	put(b, &j.Budget, 1500*ms)
	g := b.build(t, 0)
	p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if want := []Estimate{{0, 3 * time.Second, time.Second}}; !p.Found || !slices.Equal(p.Estimates, want) {
		t.Errorf("%+v", p)
	}
}

// The step that the user started is detached only when its own answers ask for it:
// everything hangs below it, so it would always be the smallest change.
func TestPlanLeavesWhatTheUserStarted(t *testing.T) {
	for _, test := range []struct {
		first string
		turns int
	}{{"ynyn", 0}, {"lnyn", 1}, {"?nyn", 0}} {
		b := newBuilder()
		d := b.doc("ui")
		b.op(d, "book", "booking", decide.Sync, p99(900*ms), answers(test.first))
		j := b.journey(d, "book", "book")
		put(b, &j.Budget, 100*ms)
		g := b.build(t, 0)
		p, needed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
		if !needed || len(p.Allowed) != test.turns {
			t.Errorf("%s: needed %v, %+v", test.first, needed, p.Allowed)
		}
	}
}

// Nor is it detached where the journey has it a second time: it is one operation, with one mode.
func TestPlanLeavesWhatTheUserStartedTwice(t *testing.T) {
	b := newBuilder()
	d := b.doc("ui")
	b.op(d, "book", "booking", decide.Sync, p99(600*ms), answers("ynyn"))
	j := b.journey(d, "book", "book book")
	put(b, &j.Budget, 900*ms)
	g := b.build(t, 0)
	if p, needed := g.Plan(&g.Journeys()[0], decidetest.Table(t)); !needed || p.Found || len(p.Allowed) != 0 {
		t.Errorf("needed %v, %+v", needed, p)
	}
}

// A plan lets no read acknowledge, because it has no outcome to deliver later.
func TestPlanLeavesReads(t *testing.T) {
	for kind, turns := range map[string]int{"command": 1, "query": 0} {
		b := newBuilder()
		d := b.doc("ui")
		b.op(d, "open", "shop", decide.Sync, p99(10*ms), answers("ynny"))
		b.op(d, "book", "booking", decide.Sync, p99(900*ms), answers("ynyn"), func(b *builder, o *manifest.Operation) { put(b, &o.Kind, kind) })
		j := b.journey(d, "trip", "open book")
		put(b, &j.Budget, 100*ms)
		g := b.build(t, 0)
		p, needed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
		if !needed || len(p.Allowed) != turns {
			t.Errorf("%s: needed %v, %+v", kind, needed, p.Allowed)
		}
	}
}

// A hybrid operation's acknowledgment takes time: what reply.accept_within says,
// and without it the journey's time isn't known.
func TestAcknowledgmentTakesTime(t *testing.T) {
	b := newBuilder()
	d := b.doc("web")
	accepts := func(d time.Duration) option {
		return func(b *builder, o *manifest.Operation) { put(b, &o.Reply.AcceptWithin, d) }
	}
	b.op(d, "known", "orders", decide.Hybrid, p99(time.Minute), accepts(250*ms))
	b.op(d, "unknown", "orders", decide.Hybrid, p99(time.Minute))
	b.op(d, "read", "orders", decide.Sync, p99(40*ms))
	for _, steps := range []string{"known", "unknown", "known read"} {
		put(b, &b.journey(d, steps, steps).Budget, 100*ms)
	}
	g := b.build(t, 0)
	all := g.AllNumbers()
	if all[0].Tail.Time != 250*ms || all[0].Budget(&g.Journeys()[0]) != Missed || all[0].Tail.Within() != .99 {
		t.Errorf("an acknowledgment of 250 ms: %+v", all[0].Tail)
	}
	if all[1].Budget(&g.Journeys()[1]) != Open || len(all[1].Tail.Missing) != 1 || all[1].Tail.Missing[0].Fact.String() != "reply.accept_within" {
		t.Errorf("an unknown acknowledgment: %+v", all[1].Tail)
	}
	if all[2].Tail.Time != 290*ms || !slices.Equal(all[2].Tail.Path, []int32{0, 1}) {
		t.Errorf("an acknowledgment and a read: %+v", all[2].Tail)
	}
}

// The fallback of a command is an error page: the journey fails without it.
func TestFallbackOfACommand(t *testing.T) {
	for kind, critical := range map[string]bool{"command": true, "query": false} {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "register", "api", decide.Sync, func(b *builder, o *manifest.Operation) {
			put(b, &o.Kind, kind)
			var guard manifest.Field[string]
			put(b, &guard, "fallback")
			o.Guards = append(o.Guards, guard)
		})
		if got := b.build(t, 0).Operation(0).Critical(); got != critical {
			t.Errorf("a %s with a fallback is critical: %v", kind, got)
		}
	}
}

// Detaching a call that is followed takes it out of the journey: its broker is the
// callee's, and no longer anybody's who waits. What the plan promises is what the graph
// shows then.
func TestPlanDetachesAFollowedCall(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	shop, bank := b.doc("shop"), b.doc("bank")
	b.broker(shop, "mq", .5)
	put(b, &shop.Availability, 1)
	b.op(shop, "pay", "bank", decide.Sync, p99(400*ms), up(1), answers("ynnn"))
	b.op(bank, "tell", "ledger", decide.Sync, p99(300*ms), up(.9), answers("nyyy"))
	b.op(bank, "other", "x", decide.Async, through("mq"))
	j := b.journey(shop, "buy", "pay")
	put(b, &j.SLO, .99)
	put(b, &j.Budget, 200*ms)
	g := b.build(t, 0)
	p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if !p.Found || len(p.Changes) != 1 || g.Operation(p.Changes[0].Operation).Name != "tell" || p.After.Share.Value != 1 || p.After.Tail.Time != 100*ms {
		t.Fatalf("found %t: %+v, then %+v", p.Found, p.Changes, p.After)
	}
	b.apply(g, &p)
	after := b.build(t, 0)
	if n := after.Numbers(&after.Journeys()[0]); n.Share.Value != 1 || n.Tail.Time != 100*ms {
		t.Errorf("promised %+v, then %+v", p.After, n)
	}
}
