package graph

import (
	"fmt"
	"math"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Each dependency counts once; where the work is detached its broker counts in
// the place of the callee, unless an outbox takes the message; what is not
// critical, and what happens behind a queue, does not count.
func TestShareCounts(t *testing.T) {
	b := newBuilder()
	web, shop := b.doc("web"), b.doc("shop")
	put(b, &web.Availability, .9999)
	b.broker(web, "mq", .999)
	b.op(web, "order", "shop", decide.Sync, up(.998))
	b.op(web, "order-again", "shop", decide.Sync, up(.997)) // the same callee: the lower figure counts
	b.op(shop, "price", "pricing", decide.Sync, up(.996))
	b.op(shop, "hint", "recommender", decide.Sync, up(.5), soft)
	b.op(shop, "ship", "warehouse", decide.Async, up(.5), through("mq"))
	b.op(b.doc("warehouse"), "van", "courier", decide.Sync, up(.5))
	b.op(shop, "mail", "mailer", decide.Hybrid, up(.5), through("other"), outbox)
	b.journey(web, "buy", "order order-again shop/price shop/hint shop/ship warehouse/van shop/mail")
	g := b.build(t, 0)
	s := g.Numbers(&g.Journeys()[0]).Share
	near(t, "availability", s.Value, .9999*.997*.996*.999)
	if !s.Known() {
		t.Errorf("lacks %v", s.Missing)
	}
}

// What is missing is named, and what is known is a bound.
func TestNumbersNameWhatIsMissing(t *testing.T) {
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync, p99(300*ms))
	b.op(d, "price", "pricing", decide.Sync, up(.999))
	b.op(d, "what", "who", decide.Undecided, answers("????"))
	b.op(d, "ship", "warehouse", decide.Async)
	b.op(d, "mail", "mailer", decide.Async, through("mq"))
	j := b.journey(d, "buy", "pay price what ship mail nowhere")
	put(b, &j.Budget, 200*ms)
	put(b, &j.SLO, .9)
	g := b.build(t, 0)
	n := g.Numbers(&g.Journeys()[0])
	if n.Tail.Time != 300*ms || fmt.Sprint(n.Tail.Missing) != fmt.Sprint([]MissingFact{missingFact(1, FactLatency), missingFact(2, FactMode)}) {
		t.Errorf("wait %v lacks %v", n.Tail.Time, n.Tail.Missing)
	}
	near(t, "availability", n.Share.Value, .999)
	shop, _ := g.serviceID("shop")
	want := []MissingFact{
		{None, shop, None, FactAvailability}, missingFact(0, FactAvailability), missingFact(2, FactMode),
		missingFact(3, FactBroker), {None, None, 0, FactAvailability},
	}
	if fmt.Sprint(n.Share.Missing) != fmt.Sprint(want) {
		t.Errorf("availability lacks %v, want %v", n.Share.Missing, want)
	}
	if lost := g.Journeys()[0].Unresolved; len(lost) != 1 || lost[0].Value != "nowhere" {
		t.Errorf("lost %v", lost)
	}
	// The bound alone settles the budget, and not the objective.
	if n.Budget(&g.Journeys()[0]) != Missed || n.Objective(&g.Journeys()[0]) != Open {
		t.Errorf("budget %v, objective %v", n.Budget(&g.Journeys()[0]), n.Objective(&g.Journeys()[0]))
	}
}

func (g *Graph) serviceID(name string) (ServiceID, bool) {
	for i := range g.services {
		if g.services[i].Name == name {
			return ServiceID(i), true
		}
	}
	return None, false
}

// Requests come in where nobody else calls, where journeys start, and in a ring
// that nobody else calls. What only queues lead to is not waited for.
func TestEntries(t *testing.T) {
	b := newBuilder()
	web, shop, worker := b.doc("web"), b.doc("shop"), b.doc("worker")
	b.op(web, "order", "shop", decide.Sync, attempts(2))
	b.op(shop, "pay", "bank", decide.Sync, attempts(3))
	b.op(shop, "ship", "worker", decide.Async)
	b.op(worker, "van", "courier", decide.Sync)
	b.op(b.doc("ping"), "a", "pong", decide.Sync)
	b.op(b.doc("pong"), "b", "ping", decide.Sync)
	b.journey(shop, "pay", "pay")
	g := b.build(t, 0)
	got := ""
	for _, e := range g.Entries() {
		got += fmt.Sprintf("%s %v %d %v; ", g.ServiceName(e.Service), e.Journey, e.Depth, e.Attempts)
	}
	if want := "ping false 0 1; shop true 1 3; web false 2 6; "; got != want {
		t.Errorf("entries %q, want %q", got, want)
	}
	for i, want := range []bool{true, true, true, false, true, true} {
		if got := g.Waited(OperationID(i)); got != want {
			t.Errorf("%s waited %v, want %v", g.ID(OperationID(i)), got, want)
		}
	}
	if ring := g.Ring(g.Operation(4).Caller); ring == nil || len(ring.Services) != 2 {
		t.Errorf("ring of ping: %v", ring)
	}
	if ring := g.Ring(g.Operation(0).Caller); ring != nil {
		t.Errorf("ring of web: %v", ring)
	}
}

// The queue of an operation, from what it says or from its workers.
func TestQueueAndHeldCalls(t *testing.T) {
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "busy", "a", decide.Async, rates(100, 500, 300, 10*time.Minute))
	b.op(d, "drowning", "a", decide.Async, rates(400, 500, 300, time.Minute))
	b.op(d, "unknown", "a", decide.Async)
	b.op(d, "call", "a", decide.Sync, p99(800*ms), rates(100, 200, 0, 0))
	g := b.build(t, 0)
	if q, ok := g.Queue(0); !ok || q.Backlog != 120000 || q.Drain != 10*time.Minute || q.Age != 400*time.Second || q.Never || !q.Drains {
		t.Errorf("busy: %+v", q)
	}
	if q, _ := g.Queue(1); !q.Never || q.Drains {
		t.Errorf("drowning: %+v", q)
	}
	if q, ok := g.Queue(2); !ok || len(q.Missing) != 1 || q.Utilization != 0 {
		t.Errorf("unknown: %+v", q)
	}
	if held, ok := g.CallsInFlight(3); !ok || held.Slow != 160 {
		t.Errorf("held %+v %v, want 160", held, ok)
	}
	if _, ok := g.CallsInFlight(0); ok {
		t.Error("nobody holds the call of a message")
	}
}

// rates gives the rates and the length of a burst that are not 0.
func rates(mean, peak, capacity float64, burst time.Duration) option {
	return func(b *builder, o *manifest.Operation) {
		o.Traffic.Range = o.Name.Range
		given(b, &o.Traffic.Mean, mean)
		given(b, &o.Traffic.Peak, peak)
		given(b, &o.Traffic.Capacity, capacity)
		given(b, &o.Traffic.Burst, burst)
	}
}

// workers gives how many work at a time and how long each takes, unless it is 0.
func workers(n int, each time.Duration) option {
	return func(b *builder, o *manifest.Operation) {
		o.Delivery.Range = o.Name.Range
		given(b, &o.Delivery.Workers, n)
		given(b, &o.Delivery.Processing, each)
	}
}

// A chain as long as a manifest neither overflows a stack nor takes more than a
// pass over it.
func TestLongChain(t *testing.T) {
	const n = 100_000
	b := newBuilder()
	d := b.doc("s000000")
	for i := range n {
		b.op(d, "call", fmt.Sprintf("s%06d", i+1), decide.Sync, caller(fmt.Sprintf("s%06d", i)))
	}
	g := b.build(t, 1000)
	if e := g.Entries(); len(e) != 1 || e[0].Depth != n || len(g.Chain(e[0].Service)) != n {
		t.Fatalf("entries %v", e)
	}
	b.op(d, "back", "s000000", decide.Sync, caller(fmt.Sprintf("s%06d", n)))
	g = b.build(t, 1000)
	if c := g.WaitingCycles(); len(c) != 1 || len(c[0].Services) != n+1 || len(c[0].Ring) != n+1 {
		t.Fatalf("%d cycles", len(c))
	}
}
