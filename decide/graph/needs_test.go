package graph

import (
	"fmt"
	"math"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/manifest"
)

// Inside one process nothing else can be down: no availability is missing.
func TestProcessNeedsNoAvailability(t *testing.T) {
	t.Parallel()
	for boundary, lacks := range map[string]int{"in-process": 0, "own-team": 1} {
		b := newBuilder()
		d := b.doc("shop")
		put(b, &d.Availability, .999)
		b.op(d, "pay", "ledger", decide.Sync, func(b *builder, o *manifest.Operation) { put(b, &o.Boundary, boundary) })
		b.journey(d, "buy", "pay")
		g := b.build(t, 0)
		if n := g.Numbers(&g.Journeys()[0]); len(n.Share.Missing) != lacks {
			t.Errorf("boundary %s: %d facts are missing, want %d", boundary, len(n.Share.Missing), lacks)
		}
	}
}

// A broker carries the detached operations that name it: not a synchronous call that
// names it, and not an operation without a delivery or without a broker.
func TestBrokerCarriesMessages(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "sent", "a", decide.Async, through("bus"))
	b.op(d, "called", "a", decide.Sync, through("bus"))
	b.op(d, "bare", "a", decide.Async)
	b.op(d, "boxed", "a", decide.Async, outbox)
	b.op(d, "accepted", "a", decide.Hybrid, through("bus"))
	g := b.build(t, 0)
	if len(g.Brokers()) != 1 || fmt.Sprint(g.Brokers()[0].Operations) != "[0 4]" {
		t.Errorf("brokers %+v", g.Brokers())
	}
}

// A broker counts where a message goes through it: not for a call, and not where nobody
// knows whether it is one.
func TestBrokerOfUnknownMode(t *testing.T) {
	t.Parallel()
	for mode, want := range map[decide.Verdict]float64{decide.Sync: .9, decide.Async: .5, decide.Undecided: 1} {
		b := newBuilder()
		d := b.doc("shop")
		put(b, &d.Availability, 1)
		b.broker(d, "mq", .5)
		b.op(d, "send", "bank", mode, up(.9), through("mq"))
		b.journey(d, "buy", "send")
		g := b.build(t, 0)
		if n := g.Numbers(&g.Journeys()[0]); math.Abs(n.Share.Value-want) > tolerance {
			t.Errorf("%s: available %v, want %v", mode, n.Share.Value, want)
		}
	}
}

// Nothing is known of an availability when something is missing and nothing given.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	term, lack := []Term{{}}, []MissingFact{{}}
	for _, tt := range []struct {
		share Share
		want  bool
	}{{Share{}, false}, {Share{Terms: term}, false}, {Share{Missing: lack}, true}, {Share{Terms: term, Missing: lack}, false}, {Share{Unresolved: 1}, true}} {
		if tt.share.Nothing() != tt.want {
			t.Errorf("%+v is nothing: %t", tt.share, !tt.want)
		}
	}
}

// A budget is open while a time is missing, and while nothing is waited for that is known;
// a journey without a step that was found has none to wait for.
func TestBudgetCompliance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		wait Wait
		path int
		want Compliance
	}{
		{"known", Wait{Time: 100 * ms, Summed: 1}, 1, Met}, {"at its limit", Wait{Time: time.Second, Summed: 1}, 1, Met},
		{"over", Wait{Time: time.Second + 1, Summed: 1}, 1, Missed}, {"a part is missing", Wait{Time: 100 * ms, Summed: 1, Missing: []MissingFact{{}}}, 2, Open},
		{"a step was not found", Wait{Unresolved: 1}, 1, Open}, {"nothing is known", Wait{Missing: []MissingFact{{}}}, 1, Open}, {"no step", Wait{}, 0, Met},
		{"over, and a part is missing", Wait{Time: 2 * time.Second, Summed: 1, Missing: []MissingFact{{}}}, 2, Missed},
	} {
		j := &Journey{Journey: &manifest.Journey{}, Path: make([]Step, tt.path)}
		put(newBuilder(), &j.Journey.Budget, time.Second)
		if n := (Numbers{Tail: tt.wait}); n.Budget(j) != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, n.Budget(j), tt.want)
		}
	}
}

// Only services that documents declare by a name are needed where a journey starts.
func TestStartOfAJourney(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		service string
		from    string
		lacks   int
	}{{"declared", "shop", "", 1}, {"a browser", "shop", "browser", 0}, {"without a name", "", "", 0}} {
		b := newBuilder()
		d := b.doc(tt.service)
		options := []option{up(.9)}
		if tt.from != "" {
			options = append(options, caller(tt.from))
		}
		b.op(d, "pay", "bank", decide.Sync, options...)
		b.journey(d, "buy", "pay")
		g := b.build(t, 0)
		if n := g.Numbers(&g.Journeys()[0]); len(n.Share.Missing) != tt.lacks {
			t.Errorf("%s: lacks %v", tt.name, n.Share.Missing)
		}
	}
}

// A message needs its broker: one that isn't named is missing, inside a process there is
// none. What is thought of as handed over goes the way of its caller's first message.
func TestBrokerNeeds(t *testing.T) {
	t.Parallel()
	kind := func(kind string) option {
		return func(b *builder, o *manifest.Operation) {
			put(b, &o.Delivery.Type, kind)
			o.Delivery.Range = o.Delivery.Type.Range
		}
	}
	b := newBuilder()
	d := b.doc("shop")
	put(b, &d.Availability, 1)
	b.broker(d, "first", .8)
	b.broker(d, "second", .7)
	b.broker(d, "third", .6)
	b.op(d, "queue", "a", decide.Async, kind("queue"))
	b.op(d, "process", "b", decide.Async, kind("process"))
	b.op(d, "call", "c", decide.Sync, up(.9), through("third"))
	b.op(d, "sent", "d", decide.Async, through("first"))
	b.op(d, "sent-too", "e", decide.Async, through("second"))
	b.op(d, "plain", "f", decide.Sync, up(.9))
	b.journey(d, "queued", "queue")
	b.journey(d, "inside", "process")
	b.journey(d, "called", "plain")
	g := b.build(t, 0)
	if n := g.Numbers(&g.Journeys()[0]); fmt.Sprint(n.Share.Missing) != fmt.Sprint([]MissingFact{missingFact(0, FactBroker)}) {
		t.Errorf("a queue without a broker lacks %v", n.Share.Missing)
	}
	if n := g.Numbers(&g.Journeys()[1]); !n.Share.Known() || n.Share.Value != 1 {
		t.Errorf("inside a process: %+v", n.Share)
	}
	if n := g.Detached(&g.Journeys()[2], map[OperationID]decide.Verdict{5: decide.Async}); math.Abs(n.Share.Value-.8) > tolerance {
		t.Errorf("handed over it is available %v, want that of the first broker", n.Share.Value)
	}
}

// What is nested in a step whose mode isn't known is not missing besides, and what a step
// perhaps needs counts when it is less available than what is counted already.
func TestNestedInUnclear(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	shop, bank := b.doc("shop"), b.doc("bank")
	put(b, &shop.Availability, 1)
	b.op(shop, "pay", "bank", decide.Undecided, answers("????"))
	b.op(bank, "book", "ledger", decide.Undecided, answers("????"))
	b.journey(shop, "buy", "pay bank/book")
	g := b.build(t, 0)
	n := g.Numbers(&g.Journeys()[0])
	want := fmt.Sprint([]MissingFact{missingFact(0, FactMode)})
	if fmt.Sprint(n.Share.Missing) != want || fmt.Sprint(n.Tail.Missing) != want {
		t.Errorf("lacks %v and %v, want %s", n.Share.Missing, n.Tail.Missing, want)
	}
}

// Each fact that is missing is named once.
func TestUnique(t *testing.T) {
	t.Parallel()
	x, y := missingFact(1, FactMode), missingFact(2, FactMode)
	for want, lacks := range map[int][]MissingFact{0: nil, 1: {x, x}, 2: {x, y, x, y}} {
		if got := unique(lacks); len(got) != want || want > 0 && got[0] != x {
			t.Errorf("%v is %v", lacks, got)
		}
	}
}
