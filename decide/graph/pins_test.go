package graph

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/manifest"
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
	shop := g.waiting.of[g.ops[0].Caller]
	h := g.reach.all[shop]
	if h.fiercest != 0 || h.attempts != 3 {
		t.Errorf("operation %d with %v attempts, want the first with 3", h.fiercest, h.attempts)
	}
	if deepest := h.deepest; deepest != 0 {
		t.Errorf("the deepest is %d, want the first", deepest)
	}
}

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
		if n := g.Numbers(&g.Journeys()[0]); len(n.Share.Lacks) != lacks {
			t.Errorf("boundary %s: %d facts are missing, want %d", boundary, len(n.Share.Lacks), lacks)
		}
	}
}

// The greedy search walks far enough for a journey of a hundred steps.
func TestGreedyGoesFarEnough(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	var steps []string
	for i := range 100 {
		name := fmt.Sprintf("o%d", i)
		b.op(d, name, "c"+name, decide.Sync, p99(100*time.Millisecond), func(b *builder, o *manifest.Operation) {
			o.Answers.Set(decide.Immediacy, manifest.Field[decide.Answer]{Value: decide.No, Range: o.Name.Range})
			o.Answers.Set(decide.Retryability, manifest.Field[decide.Answer]{Value: decide.Yes, Range: o.Name.Range})
			o.Answers.Set(decide.Coupling, manifest.Field[decide.Answer]{Value: decide.Yes, Range: o.Name.Range})
		})
		steps = append(steps, name)
	}
	put(b, &b.journey(d, "long", strings.Join(steps, " ")).Budget, time.Second)
	g := b.build(t, 0)
	plan, missed := g.Plan(&g.Journeys()[0], everythingAsync(t))
	if !missed || !plan.Found || len(plan.Changes) != 90 || plan.After.Tail.Time != time.Second {
		t.Errorf("missed %t, found %t with %d changes, then %v", missed, plan.Found, len(plan.Changes), plan.After.Tail.Time)
	}
}

func everythingAsync(t *testing.T) *decide.Table {
	t.Helper()
	table, err := decide.NewTable([]decide.Row{
		{Name: "now", When: [decide.QuestionCount]decide.AnswerSet{decide.Immediacy: decide.AnswersOf(decide.Yes, decide.Later)}, Verdict: decide.Sync},
		{Name: "else", When: [decide.QuestionCount]decide.AnswerSet{decide.Immediacy: decide.AnswersOf(decide.No)}, Verdict: decide.Async},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
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

// Places are held by calls that somebody waits for, whose latency and rate are given.
func TestHeldNeedsItsFacts(t *testing.T) {
	t.Parallel()
	rate := func(b *builder, o *manifest.Operation) { put(b, &o.Traffic.Mean, 10); o.Traffic.Range = o.Name.Range }
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "known", "a", decide.Sync, p99(time.Second), rate)
	b.op(d, "detached", "a", decide.Async, p99(time.Second), rate)
	b.op(d, "no-rate", "a", decide.Sync, p99(time.Second))
	b.op(d, "no-latency", "a", decide.Sync, rate)
	g := b.build(t, 0)
	for i, want := range []bool{true, false, false, false} {
		held, ok := g.Held(OperationID(i))
		if ok != want || ok && held != (Held{Slow: 10}) {
			t.Errorf("%s: %+v, %t, want %t", g.ops[i].Name, held, ok, want)
		}
	}
}

// Usually the mean rate and the mean time count, when it is slow the peak and the p99;
// where one of the rates is missing the other stands in. The mean of a log-normal with
// the median 100 ms and the p99 1 s is 100 ms * exp((ln 10 / 2.3263)^2 / 2) = 163.2 ms.
func TestHeldUsuallyAndSlowly(t *testing.T) {
	t.Parallel()
	rates := func(mean, peak float64) option {
		return func(b *builder, o *manifest.Operation) {
			o.Traffic.Range = o.Name.Range
			if mean > 0 {
				put(b, &o.Traffic.Mean, mean)
			}
			if peak > 0 {
				put(b, &o.Traffic.Peak, peak)
			}
		}
	}
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "both", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(50, 200))
	b.op(d, "mean", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(50, 0))
	b.op(d, "peak", "a", decide.Sync, p99(time.Second), p50(100*ms), rates(0, 200))
	b.op(d, "contradiction", "a", decide.Sync, p99(time.Second), p50(2*time.Second), rates(50, 200))
	g := b.build(t, 0)
	for i, want := range []Held{{200, 8.160, true}, {50, 8.160, true}, {200, 32.64, true}, {200, 0, false}} {
		held, ok := g.Held(OperationID(i))
		if !ok || held.Slow != want.Slow || held.Usually != want.Usually || want.Usually && math.Abs(held.Usual-want.Usual) > .01 {
			t.Errorf("%s: %+v, want %+v", g.ops[i].Name, held, want)
		}
	}
}

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
	p, needed := g.Plan(&g.Journeys()[0], testTable(t))
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
	p, _ := g.Plan(&g.Journeys()[0], testTable(t))
	for _, r := range p.Remedies {
		if r.Kind == SideBySide {
			t.Errorf("%+v", r)
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

// Without a mean rate nothing is known of the wait in a queue; drowning it has no end.
func TestQueueWaitNeedsARate(t *testing.T) {
	t.Parallel()
	queue := func(mean float64) option {
		return func(b *builder, o *manifest.Operation) {
			if mean > 0 {
				put(b, &o.Traffic.Mean, mean)
				o.Traffic.Range = o.Name.Range
			}
			put(b, &o.Delivery.Workers, 2)
			put(b, &o.Delivery.Processing, time.Second)
			o.Delivery.Range = o.Name.Range
		}
	}
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "calm", "a", decide.Async, queue(1))
	b.op(d, "no-rate", "a", decide.Async, queue(0))
	b.op(d, "drowning", "a", decide.Async, queue(2))
	g := b.build(t, 0)
	for i, want := range []bool{true, false, false} {
		q, _ := g.Queue(OperationID(i))
		if q.Waits != want || q.Workers != 2 || !q.Cautious || want && math.Abs(q.Wait.Seconds()-1./3) > 1e-6 {
			t.Errorf("%s: %+v", g.ops[i].Name, q)
		}
	}
}

// A service or a journey that isn't there can't be selected, and a near name is offered.
func TestSelectUnknown(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync)
	b.op(d, "mail", "mailer", decide.Async)
	b.journey(d, "buy", "pay")
	g := b.build(t, 0)
	for _, tt := range []struct {
		journeys, services []string
		wrong              string
		operations         int
	}{
		{nil, []string{"bank"}, "", 1}, {[]string{"buy"}, nil, "", 1}, {nil, []string{"shop"}, "", 2},
		{nil, []string{"bnak"}, `service "bnak"; did you mean bank?`, 0}, {[]string{"by"}, nil, `journey "by"; did you mean buy?`, 0},
	} {
		s, err := g.Select(tt.journeys, tt.services)
		if (err == nil) != (tt.wrong == "") || err != nil && !strings.HasSuffix(err.Error(), tt.wrong) || len(s.Operations) != tt.operations {
			t.Errorf("%v %v: %d operations, %v", tt.journeys, tt.services, len(s.Operations), err)
		}
	}
}

// How far a journey is from its targets: by shares of its budget, and of the failures
// that its objective permits.
func TestDistance(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync)
	j := b.journey(d, "buy", "pay")
	put(b, &j.Budget, time.Second)
	put(b, &j.SLO, .9)
	g := b.build(t, 0)
	s := newSearch(g.model(&g.Journeys()[0]), &g.Journeys()[0], testTable(t))
	for _, tt := range []struct {
		wait        time.Duration
		share, want float64
	}{{time.Second, .9, 0}, {1500 * ms, .95, .5}, {500 * ms, .85, .5}, {2 * time.Second, .7, 3}} {
		if got := s.distance(tt.wait, tt.share); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%v and %v: %v, want %v", tt.wait, tt.share, got, tt.want)
		}
	}
}

// A journey is selected with a service that one of its steps has as its caller or callee,
// and with no other.
func TestSelectByService(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync)
	b.op(d, "mail", "mailer", decide.Async)
	b.op(d, "audit", "auditor", decide.Sync, caller("office"))
	b.journey(d, "buy", "pay")
	b.journey(d, "tell", "mail audit")
	g := b.build(t, 0)
	for service, want := range map[string]string{"bank": "[0]", "mailer": "[1]", "office": "[1]", "auditor": "[1]", "shop": "[0 1]"} {
		s, err := g.Select(nil, []string{service})
		if err != nil || fmt.Sprint(s.Journeys) != want {
			t.Errorf("%s: journeys %v, %v; want %s", service, s.Journeys, err, want)
		}
	}
}

// A capacity follows from as few as one worker and the processing time, and from neither
// alone.
func TestQueueCapacityOfWorkers(t *testing.T) {
	t.Parallel()
	workers := func(n int, each time.Duration) option {
		return func(b *builder, o *manifest.Operation) {
			o.Delivery.Range = o.Name.Range
			if n > 0 {
				put(b, &o.Delivery.Workers, n)
			}
			if each > 0 {
				put(b, &o.Delivery.Processing, each)
			}
		}
	}
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "one", "a", decide.Async, workers(1, 200*ms), rates(2, 4, 0, 0))
	b.op(d, "no-workers", "a", decide.Async, workers(0, 200*ms), rates(2, 4, 0, 0))
	b.op(d, "no-time", "a", decide.Async, workers(3, 0), rates(2, 4, 0, 0))
	g := b.build(t, 0)
	for i, want := range []float64{5, 0, 0} {
		q, ok := g.Queue(OperationID(i))
		if !ok || q.Capacity != want || q.Cautious != (want > 0) || want == 0 && len(q.Lacks) == 0 {
			t.Errorf("%s: %+v, want a capacity of %v", g.ops[i].Name, q, want)
		}
	}
}

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

// A plan is complete when every fact is there on which a target of its journey rests; what
// has no target may be open.
func TestPlanComplete(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                                     string
		latency, availability, budget, objective bool
		want                                     bool
	}{
		{"all known", true, true, true, true, true},
		{"a latency is open", false, true, true, true, false},
		{"an availability is open", true, false, true, true, false},
		{"a latency is open, and nobody asks", false, true, false, true, true},
		{"an availability is open, and nobody asks", true, false, true, false, true},
	} {
		b := newBuilder()
		d := b.doc("shop")
		put(b, &d.Availability, .9999)
		options := []option{answers("ynnn")}
		if tt.latency {
			options = append(options, p99(300*ms))
		}
		if tt.availability {
			options = append(options, up(.9999))
		}
		b.op(d, "pay", "bank", decide.Sync, options...)
		j := b.journey(d, "buy", "pay")
		if tt.budget {
			put(b, &j.Budget, time.Millisecond)
		}
		if tt.objective {
			put(b, &j.SLO, .9)
		}
		g := b.build(t, 0)
		numbers := g.Numbers(&g.Journeys()[0])
		p := Plan{Before: numbers, After: numbers}
		if got := p.Complete(&g.Journeys()[0]); got != tt.want {
			t.Errorf("%s: complete is %t, lacks %v and %v", tt.name, got, numbers.Tail.Lacks, numbers.Share.Lacks)
		}
	}
}

// Where no plan is enough, the numbers after are those with everything that helps: no
// change that is made makes the journey less available without need, and none that
// the budget needs is left out.
func TestFurthest(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := drawJourney(rt).build(t, 0)
		j := &g.Journeys()[0]
		s := newSearch(g.model(j), j, table)
		if len(s.turns) == 0 || len(s.turns) > exactUpTo {
			return
		}
		picked := s.furthest()
		full := s.numbers(picked)
		everything := make([]bool, len(picked))
		for k := range everything {
			everything[k] = true
		}
		if all := s.numbers(everything); full.Share.Value < all.Share.Value-tolerance {
			rt.Errorf("what stays as it is makes the journey less available: %v, not %v", full.Share.Value, all.Share.Value)
		}
		for k := range picked {
			if !picked[k] {
				continue
			}
			one := append([]bool(nil), picked...)
			one[k] = false
			less := s.numbers(one)
			if less.Share.Value > full.Share.Value && (!j.Journey.Budget.Set() || less.Tail.Time <= j.Journey.Budget.Value) {
				rt.Errorf("change %d makes the journey less available, and the budget does without: %v, not %v", k, full, less)
			}
		}
	})
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
	p, missed := g.Plan(&g.Journeys()[0], testTable(t))
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

// What a greedy search settles on holds nothing that it could do without, taken alone.
func TestGreedyTakesBack(t *testing.T) {
	t.Parallel()
	table, held := testTable(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		g := drawJourney(rt).build(t, 0)
		j := &g.Journeys()[0]
		s := newSearch(g.model(j), j, table)
		if s.met() {
			return
		}
		if s.greedy(); !s.found {
			return
		}
		held++
		best := append([]bool(nil), s.best...)
		for k := range best {
			if !best[k] {
				continue
			}
			best[k] = false
			if n := s.numbers(best); n.Budget(j) != Missed && n.Objective(j) != Missed {
				rt.Errorf("without change %d the journey meets its targets, too", k)
			}
			best[k] = true
		}
	})
	if held == 0 {
		t.Error("no journey had a plan")
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
