package graph

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
)

// layers makes web -> api -> orders -> stock -> store -> db, each with three attempts
// and 99.99 %, and a journey that names the first call alone.
func layers() *builder {
	b := newBuilder()
	names := []string{"web", "api", "orders", "stock", "store", "db"}
	for i := range 5 {
		d := b.doc(names[i])
		b.op(d, "call-"+names[i+1], names[i+1], decide.Sync, attempts(3), up(.9999), p99(time.Duration(500-80*i)*ms), answers("yy?y"))
		if i == 0 {
			put(b, &d.Availability, .9999)
			b.journey(d, "page", "call-api")
		}
	}
	return b
}

// followed lists what a journey follows: operation, parent, and how it is joined.
func followed(g *Graph, j *Journey) []string {
	var list []string
	for _, s := range j.Followed {
		list = append(list, fmt.Sprintf("%s below %s by %s", g.Operation(s.Operation).Name, g.Operation(j.Step(s.Parent).Operation).Name, s.Joined))
	}
	return list
}

// A chain that is known counts in the journey: its depth, its attempts, what it needs.
func TestJourneyFollowsTheChain(t *testing.T) {
	t.Parallel()
	g := layers().build(t, 0)
	j := &g.Journeys()[0]
	want := []string{
		"call-orders below call-api by operation", "call-stock below call-orders by operation",
		"call-store below call-stock by operation", "call-db below call-store by operation",
	}
	if got := followed(g, j); !slices.Equal(got, want) {
		t.Errorf("followed %q", got)
	}
	for i, s := range j.Followed {
		if want := int32(i + 1); s.Slot != want { // the call that the journey names is in slot 0
			t.Errorf("%s is in slot %d, want %d", g.Operation(s.Operation).Name, s.Slot, want)
		}
	}
	n := g.Numbers(j)
	if n.Depth != 5 || n.Attempts != 243 || len(n.Retried) != 5 {
		t.Errorf("%d hops, %v attempts by %v", n.Depth, n.Attempts, n.Retried)
	}
	if want := math.Pow(.9999, 6); math.Abs(n.Share.Value-want) > 1e-12 || n.Share.Least != n.Share.Value || !n.Share.Known() {
		t.Errorf("available %+v, want %v", n.Share, want)
	}
	if n.Tail.Time != 500*ms || n.Tail.Summed != 1 || len(n.Tail.Path) != 5 {
		t.Errorf("waits %+v", n.Tail)
	}
}

// Several operations lead into a callee. Where after says which of them leads to a call,
// it is followed for that one; where nothing says so, it is joined by service, and only
// Least counts it; where the journey names a call, it has said which.
func TestFollowByOperationOrService(t *testing.T) {
	t.Parallel()
	make := func(steps string, options ...option) (*Graph, *Journey) {
		b := newBuilder()
		shop, delivery, payment := b.doc("shop"), b.doc("delivery"), b.doc("payment")
		put(b, &shop.Availability, .999)
		b.op(shop, "validate", "payment", decide.Sync, up(.99), p99(100*ms))
		b.op(delivery, "delivered", "payment", decide.Async)
		b.op(payment, "capture", "bank", decide.Sync, append(options, up(.9), p99(3*time.Second), attempts(5))...)
		b.op(payment, "log", "logs", decide.Sync, soft, up(.5))
		j := b.journey(shop, "check", steps)
		put(b, &j.SLO, .95)
		g := b.build(t, 0)
		return g, &g.Journeys()[0]
	}
	for _, tt := range []struct {
		name     string
		options  []option
		steps    string
		followed []string
		value    float64
		least    float64
		attempts float64
		is       Compliance
	}{
		{"nothing is said", nil, "validate", []string{"capture below validate by service", "log below validate by service"}, .999 * .99, .999 * .99 * .9, 1, Open},
		{"it is said", []option{afterThe("validate")}, "validate", []string{"capture below validate by operation", "log below validate by service"}, .999 * .99 * .9, .999 * .99 * .9, 5, Missed},
		{"it is said with the service", []option{afterThe("shop/validate")}, "validate", []string{"capture below validate by operation", "log below validate by service"}, .999 * .99 * .9, .999 * .99 * .9, 5, Missed},
		{"another leads to it", []option{afterThe("delivered")}, "validate", []string{"log below validate by service"}, .999 * .99, .999 * .99, 1, Met},
		{"no operation has the name", []option{afterThe("nobody")}, "validate", []string{"capture below validate by service", "log below validate by service"}, .999 * .99, .999 * .99 * .9, 1, Open},
		{"the journey names another", nil, "validate payment/log", nil, .999 * .99, .999 * .99, 1, Met},
		{"the journey names another, and it is said", []option{afterThe("validate")}, "validate payment/log", []string{"capture below validate by operation"}, .999 * .99 * .9, .999 * .99 * .9, 5, Missed},
	} {
		g, j := make(tt.steps, tt.options...)
		if got := followed(g, j); !slices.Equal(got, tt.followed) {
			t.Errorf("%s: followed %q", tt.name, got)
		}
		if unknown := g.UnknownAfter(2); (tt.name == "no operation has the name") != (len(unknown) == 1) {
			t.Errorf("%s: unknown %q", tt.name, unknown)
		}
		n := g.Numbers(j)
		if math.Abs(n.Share.Value-tt.value) > 1e-12 || math.Abs(n.Share.Least-tt.least) > 1e-12 || n.Attempts != tt.attempts || n.Objective(j) != tt.is {
			t.Errorf("%s: %v to %v, %v attempts, %s", tt.name, n.Share.Value, n.Share.Least, n.Attempts, n.Objective(j))
		}
	}
}

// What is joined by service and needs what isn't known leaves the availability open; what
// it needs besides counts once, and at its lowest.
func TestPerhapsNeeds(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	shop, other, stock := b.doc("shop"), b.doc("other"), b.doc("stock")
	put(b, &shop.Availability, 1)
	b.op(shop, "reserve", "stock", decide.Sync, up(.9))
	b.op(other, "read", "stock", decide.Sync, up(.9))
	b.op(stock, "a", "db", decide.Sync, up(.8))
	b.op(stock, "b", "db", decide.Sync, up(.5))
	b.op(stock, "c", "db", decide.Sync, up(.7))
	b.op(stock, "d", "stock2", decide.Async)
	b.journey(shop, "buy", "reserve")
	g := b.build(t, 0)
	n := g.Numbers(&g.Journeys()[0])
	if n.Share.Value != .9 || math.Abs(n.Share.Least-.45) > 1e-12 || !n.Share.Known() || len(n.Share.Doubtful) != 2 {
		t.Errorf("%+v", n.Share)
	}
	b.op(stock, "e", "unknown", decide.Sync)
	g = b.build(t, 0)
	n = g.Numbers(&g.Journeys()[0])
	if n.Share.Known() || len(n.Share.Missing) != 1 || n.Share.Missing[0].Fact != FactAfter || len(n.Share.Doubtful) != 3 {
		t.Errorf("%+v", n.Share)
	}
}

// What a timer starts belongs to no request; a ring is followed once round; what is
// handed over is followed no further; and a very wide callee is cut.
func TestFollowEnds(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	web, api, ring := b.doc("web"), b.doc("api"), b.doc("ring")
	b.op(web, "ask", "api", decide.Sync)
	b.op(api, "round", "ring", decide.Sync)
	b.op(api, "clean", "db", decide.Sync, triggered("timer"))
	b.op(api, "tell", "mail", decide.Async)
	b.op(api, "itself", "api", decide.Sync)
	b.op(ring, "back", "web", decide.Sync)
	b.journey(web, "page", "ask")
	b.journey(web, "told", "api/tell")
	g := b.build(t, 0)
	if got, want := followed(g, &g.Journeys()[0]), []string{"round below ask by operation", "back below round by operation"}; !slices.Equal(got, want) {
		t.Errorf("followed %q, want %q", got, want)
	}
	if got := followed(g, &g.Journeys()[1]); got != nil {
		t.Errorf("followed %q behind a queue", got)
	}

	b = newBuilder()
	web, api = b.doc("web"), b.doc("api")
	b.op(web, "ask", "api", decide.Sync)
	for i := range mostFollowed + 1 {
		b.op(api, fmt.Sprintf("o%d", i), "db", decide.Sync)
	}
	b.journey(web, "page", "ask")
	g = b.build(t, 0)
	if j := &g.Journeys()[0]; !j.Cut || len(j.Followed) != mostFollowed || j.Len() != mostFollowed+1 {
		t.Errorf("%d are followed, cut: %t", len(j.Followed), j.Cut)
	}
}

// Chains from an entry lead on only where an operation may: after keeps them apart.
func TestChainsByOperation(t *testing.T) {
	t.Parallel()
	build := func(options ...option) *Graph {
		b := newBuilder()
		api, orders, delivery, payment := b.doc("api"), b.doc("orders"), b.doc("delivery"), b.doc("payment")
		b.op(api, "create", "orders", decide.Sync)
		b.op(orders, "validate", "payment", decide.Sync, attempts(3))
		b.op(delivery, "delivered", "payment", decide.Async)
		b.op(payment, "capture", "bank", decide.Sync, append(options, attempts(5))...)
		return b.build(t, 0)
	}
	for _, tt := range []struct {
		options  []option
		depth    int
		attempts float64
		alone    bool
	}{
		{nil, 3, 15, true},
		{[]option{afterThe("delivered")}, 2, 3, false},
		{[]option{afterThe("validate")}, 3, 15, false},
		{[]option{afterThe("delivered", "orders/validate")}, 3, 15, false},
	} {
		g := build(tt.options...)
		e := g.Entries()[0]
		chain := g.Chain(e.Service)
		if e.Depth != tt.depth || len(chain) != tt.depth || e.Attempts != tt.attempts || g.ByServiceAlone(chain) != tt.alone {
			t.Errorf("after %d: %d hops of %v, %v attempts, by service: %t", len(tt.options), e.Depth, chain, e.Attempts, g.ByServiceAlone(chain))
		}
		product := 1.0
		for _, id := range g.RetryChain(e.Service) {
			product *= float64(g.Operation(id).Attempts())
		}
		if product != e.Attempts {
			t.Errorf("the chain of retries makes %v attempts, the entry %v", product, e.Attempts)
		}
	}
}

// A consumer that only delivery names is called like any other: it is no entry, nobody
// waits for what it does, and what it calls in a journey happens behind the queue.
func TestNamedConsumersAreNodes(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	timer, notification := b.doc("time"), b.doc("notification")
	b.op(timer, "day-has-passed", "invoice", decide.Async, handledBy("invoice", "notification"), p99(time.Second), through("bus"))
	b.op(notification, "mail", "smtp", decide.Sync, answers("nyyy"), p99(2*time.Second))
	b.journey(timer, "day", "day-has-passed notification/mail")
	g := b.build(t, 0)
	if len(g.Entries()) != 1 || g.ServiceName(g.Entries()[0].Service) != "time" {
		t.Errorf("entries %v", g.Entries())
	}
	mail, _ := g.FindID("notification/mail")
	if g.Waited(mail) || !g.Behind(mail) || g.Operation(mail).Verdict != decide.Sync {
		t.Errorf("mail: waited for %t, behind %t, %s", g.Waited(mail), g.Behind(mail), g.Operation(mail).Verdict)
	}
	if by := g.CalledBy(g.Operation(mail).Caller); len(by) != 1 || by[0] != 0 {
		t.Errorf("notification is called by %v", by)
	}
	if got := g.Handlers(0); len(got) != 1 || g.ServiceName(got[0]) != "notification" {
		t.Errorf("handled by %v", got)
	}
	if path := g.Journeys()[0].Path; path[1].Parent != 0 {
		t.Errorf("mail is nested in %d", path[1].Parent)
	}
}

// Only calls that somebody waits for, of another service, are followed; a callee that
// stands above already is not followed again, and what a timer triggers is not either.
func TestFollowWhat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		mode decide.Verdict
		to   string // the callee of the step
		more func(b *builder)
		want string
	}{
		{"a call", decide.Sync, "bank", nil, "book below pay by operation"},
		{"a message", decide.Async, "bank", nil, ""},
		{"work of its own", decide.Sync, "", nil, ""},
		{"a call of itself", decide.Sync, "shop", nil, ""},
		{"a ring", decide.Sync, "bank", func(b *builder) {
			b.op(b.doc("ledger"), "check", "shop", decide.Sync)
		}, "book below pay by operation, check below book by operation"},
		{"what a timer triggers", decide.Sync, "vault", func(b *builder) {
			b.op(b.doc("vault"), "sweep", "store", decide.Sync, triggered("timer"))
		}, ""},
		{"what a request triggers", decide.Sync, "vault", func(b *builder) {
			b.op(b.doc("vault"), "fetch", "store", decide.Sync, triggered("request"))
		}, "fetch below pay by operation"},
		{"what the callee does itself", decide.Sync, "vault", func(b *builder) {
			b.op(b.doc("vault"), "own", "vault", decide.Sync)
			b.op(b.doc("vault"), "hands", "store", decide.Async)
		}, ""},
	} {
		b := newBuilder()
		shop, bank := b.doc("shop"), b.doc("bank")
		b.op(shop, "pay", tt.to, tt.mode)
		b.op(shop, "look", "stock", decide.Sync) // another call of the same service
		b.op(bank, "book", "ledger", decide.Sync)
		b.journey(shop, "buy", "pay")
		if tt.more != nil {
			tt.more(b)
		}
		g := b.build(t, 0)
		j := &g.Journeys()[0]
		if got := strings.Join(followed(g, j), ", "); got != tt.want || j.Cut {
			t.Errorf("%s: %q, cut %t, want %q", tt.name, got, j.Cut, tt.want)
		}
	}
}
