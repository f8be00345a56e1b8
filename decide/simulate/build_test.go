package simulate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// knowledgeOf is the framework's table, and the safeguards that a simulation knows, each
// obliged by coupling.
func knowledgeOf(t *testing.T) *decide.Knowledge {
	t.Helper()
	k := &decide.Knowledge{Table: decidetest.Table(t)}
	coupled := []decide.Obligation{{By: decide.Coupling, Verdicts: decide.SetOf(decide.Sync, decide.Async, decide.Hybrid), When: [4]decide.AnswerSet{decide.Coupling: decide.AnswersOf(decide.Yes)}}}
	for _, id := range []string{"deadline", "bounded-retry", "circuit-breaker", "bulkhead", "dead-letter-queue", "idempotency-key", "outbox", "tracing"} {
		k.Safeguards = append(k.Safeguards, decide.Safeguard{ID: id, Obliged: coupled})
	}
	return k
}

// journeyOf reads a manifest and returns its first journey, ready to be prepared.
func journeyOf(t *testing.T, text string) Input {
	t.Helper()
	k := knowledgeOf(t)
	var facts []Facts
	file, parts := manifest.Map(manifest.Source{Name: "m.yaml", Data: []byte(text)}, manifest.Options{}, func(d *manifest.Document, ops []manifest.Operation) graph.Part {
		for i := range ops {
			facts = append(facts, FactsOf(&ops[i]))
		}
		return graph.Collect(d, ops, k.Table, decide.DefaultLimits())
	})
	if len(file.Findings) > 0 {
		t.Fatal(file.Findings)
	}
	g := graph.Join([]*manifest.File{file}, parts)
	return Input{Graph: g, Journey: &g.Journeys()[0], Facts: func(id graph.OperationID) Facts { return facts[id] }, Knowledge: k}
}

// oneCall is a manifest with one call of a service, which has these facts as well.
func oneCall(facts string) string {
	return "service: shop\njourneys: [{name: buy, steps: [pay]}]\noperations:\n" +
		"  - {name: pay, callee: bank, mode: sync, answers: {immediacy: yes, retryability: yes, latency: 300ms, coupling: yes}" + facts + "}\n"
}

// oneMessage is the same for work that is handed over.
func oneMessage(facts string) string {
	return strings.Replace(strings.Replace(oneCall(facts), "mode: sync", "mode: async", 1), "immediacy: yes", "immediacy: no", 1)
}

// A timeout that is only assumed doesn't cut off what the work usually takes.
func TestAssumedTimeout(t *testing.T) {
	t.Parallel()
	for p99, want := range map[string]time.Duration{"300ms": 30 * time.Second, "15s": 30 * time.Second, "45s": 90 * time.Second} {
		p := Prepare(journeyOf(t, strings.Replace(oneCall(""), "latency: 300ms", "latency: "+p99, 1)), Declared)
		if got := p.Steps[0].Timeout; got != want {
			t.Errorf("a p99 of %s gets a timeout of %v, want %v", p99, got, want)
		}
		if !slices.ContainsFunc(p.Assumed, func(a Assumption) bool { return a.Guess == assumedTimeout && a.Value == float64(want) }) {
			t.Errorf("with a p99 of %s, nothing says that %v is assumed", p99, want)
		}
	}
}

// Each fact of a manifest reaches the number that it is simulated with.
func TestFactsReachTheModel(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		manifest string
		got      func(*Step) any
		want     any
	}{
		{oneCall(", timeout: 2s"), func(s *Step) any { return s.Timeout }, 2 * time.Second},
		{oneCall(""), func(s *Step) any { return s.Timeout }, 30 * time.Second},
		{oneCall(", typical: 90ms"), func(s *Step) any { return s.Own }, Time{Median: 90 * ms, P99: 300 * ms}},
		{oneCall(""), func(s *Step) any { return s.Own }, Time{Median: 100 * ms, P99: 300 * ms}},
		{strings.Replace(oneCall(", typical: 90ms"), "latency: 300ms, ", "", 1), func(s *Step) any { return s.Own }, Time{Median: 90 * ms, P99: 270 * ms}},
		{strings.Replace(oneCall(""), "latency: 300ms, ", "", 1), func(s *Step) any { return s.Own.P99 }, 100 * ms},
		{oneCall(", retry: {attempts: 4, backoff: 50ms, jitter: yes, within: 3s}"), func(s *Step) any { return []any{s.Attempts, s.Backoff, s.Jitter, s.Within} }, []any{4, 50 * ms, true, 3 * time.Second}},
		{oneCall(", guards: [circuit-breaker, bulkhead], pool: 7"), func(s *Step) any { return []any{s.Breaker, s.Bulkhead, s.Pool} }, []any{true, true, 7}},
		{oneCall(", guards: [bulkhead], traffic: {mean: 200/s}"), func(s *Step) any { return s.Pool }, 120}, // twice 200 × .3
		{oneCall(", guards: [bulkhead]"), func(s *Step) any { return s.Pool }, 25},
		{oneCall(", availability: 99%"), func(s *Step) any { return fmt.Sprintf("%.4f", s.Failure) }, "0.0100"},
		{oneCall(", critical: no"), func(s *Step) any { return s.Soft }, true},
		{oneCall(", kind: query"), func(s *Step) any { return s.Read }, true},
		{oneCall(", idempotent: yes"), func(s *Step) any { return s.Repeats }, true},
		{oneCall(", calls: 3"), func(s *Step) any { return s.Times }, 3},
		{oneCall(", traffic: {mean: 20/s, capacity: 50/s}"), func(s *Step) any { return s.Capacity }, 50.0},
		{oneMessage(""), func(s *Step) any { return []any{s.Detached, s.Queue.MaxDeliveries, s.Queue.DeadLetter} }, []any{true, 0, false}},
		{oneMessage(", delivery: {broker: mq, dead_letter: dlq}"), func(s *Step) any { return []any{s.Queue.Broker, s.Queue.MaxDeliveries, s.Queue.DeadLetter} }, []any{"mq", 5, true}},
		{oneMessage(", delivery: {broker: mq, dead_letter: dlq, max_deliveries: 2, visibility: 1m, ttl: 1h, queue_limit: 9, workers: 3, outbox: yes}"), func(s *Step) any {
			q := s.Queue
			return []any{q.MaxDeliveries, q.Visibility, q.TTL, q.Limit, q.Workers, q.Outbox}
		}, []any{2, time.Minute, time.Hour, 9, 3, true}},
		{oneMessage(", delivery: {broker: mq, processing: 2s}"), func(s *Step) any { return s.Own.P99 }, 2 * time.Second},
		{oneMessage(", traffic: {mean: 100/s}"), func(s *Step) any { return s.Queue.Workers >= 22 && s.Queue.Workers <= 26 }, true}, // twice 100 × the mean of .11 s
		{oneMessage(", traffic: {mean: 10/s, capacity: 100/s}"), func(s *Step) any { return s.Queue.Workers >= 11 && s.Queue.Workers <= 13 }, true},
		{oneMessage(", delivery: {broker: mq, poison: block, ack: before}"), func(s *Step) any { return []any{s.Queue.Ordered, s.Queue.AckFirst} }, []any{true, true}},
		{oneMessage(", delivery: {broker: mq, ordering: key}"), func(s *Step) any { return s.Queue.Ordered }, true},
		{oneMessage(", delivery: {broker: mq, backoff: 4s}"), func(s *Step) any { return s.Queue.Redelivery }, 4 * time.Second},
		{oneMessage(", retry: {attempts: 2, backoff: 7s}"), func(s *Step) any { return s.Queue.Redelivery }, 7 * time.Second},
		{oneMessage(", reply: {accept_within: 60ms}"), func(s *Step) any { return s.Accept }, Time{Median: 20 * ms, P99: 60 * ms}},
	} {
		p := Prepare(journeyOf(t, test.manifest), Declared)
		if got := test.got(&p.Steps[0]); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s\ngives %v, want %v", test.manifest, got, test.want)
		}
	}
}

// Every guard that a manifest may name changes a run, or is said to be left out; those that
// are no business of a run are named here with their reasons.
func TestGuards(t *testing.T) {
	t.Parallel()
	others := map[string]string{
		decide.GuardReconcile: "it mends afterwards what a run counts as lost",
		decide.GuardReadBack:  "a run has no data",
	}
	plain := Prepare(journeyOf(t, oneCall("")), Declared)
	for _, guard := range decide.Guards() {
		p := Prepare(journeyOf(t, oneCall(", guards: ["+guard+"]")), Declared)
		counts := len(p.Unsimulated) > 0 || p.Steps[0] != plain.Steps[0]
		if _, left := others[guard]; left == counts {
			t.Errorf("%s: it changes the run or is said to be left out: %t; it is listed: %t", guard, counts, left)
		}
	}
}

// What a step takes by itself is what it takes less what it waits for: one after the other,
// beside each other, and several times.
func TestDurationsAreSplit(t *testing.T) {
	t.Parallel()
	in := journeyOf(t, `
service: shop
journeys: [{name: buy, steps: [order, [orders/a, orders/b], orders/c, tell]}]
operations:
  - {name: order, callee: orders, mode: sync, typical: 500ms, answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}}
  - {name: tell, callee: mail, mode: async, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
---
service: orders
operations:
  - {name: a, callee: x, mode: sync, typical: 50ms, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: yes}}
  - {name: b, callee: y, mode: sync, typical: 70ms, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
  - {name: c, callee: z, mode: sync, typical: 10ms, calls: 3, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: yes}}
`)
	p := Prepare(in, Declared)
	if got, want := p.Steps[0].Own, (Time{Median: (500 - 70 - 30) * ms, P99: (900 - 200 - 60) * ms}); got != want {
		t.Errorf("order takes %v by itself, want %v", got, want)
	}
	r := once(t, &p.Model, quiet(time.Minute))
	if felt, _ := r.Phases[Before].Felt(.5); felt < 470*ms || felt > 640*ms {
		t.Errorf("with what it waits for it takes %s", felt)
	}
}

// The rate of a journey is the lowest of its steps; what others have beyond comes from
// elsewhere, once for an operation that the journey makes twice.
func TestRates(t *testing.T) {
	t.Parallel()
	in := journeyOf(t, `
service: shop
journeys: [{name: buy, steps: [a, b, b]}]
operations:
  - {name: a, callee: x, mode: sync, traffic: {mean: 5/s}, answers: {immediacy: yes, retryability: no, latency: 9ms, coupling: yes}}
  - {name: b, callee: y, mode: sync, traffic: {mean: 30/s, peak: 90/s, burst: 45s}, answers: {immediacy: yes, retryability: no, latency: 9ms, coupling: yes}}
`)
	p := Prepare(in, Declared)
	if p.Rate != 5 || p.RateOf != 0 || p.Steps[0].Extra != 0 {
		t.Errorf("%g requests a second, from step %d, and %g more of a", p.Rate, p.RateOf, p.Steps[0].Extra)
	}
	if got := p.Steps[1].Extra + p.Steps[2].Extra; got != 20 {
		t.Errorf("%g calls of b from elsewhere, want 20", got)
	}
	s := p.Complete(Scenario{Kind: Burst})
	if s.Times != 3 || s.Length != 45*time.Second {
		t.Errorf("a burst of %g times for %s", s.Times, s.Length)
	}
}

// The recommended variant adds what the answers oblige, to those that lack it, retries in one
// layer only, and says each change.
func TestRecommended(t *testing.T) {
	t.Parallel()
	in := journeyOf(t, `
service: shop
journeys: [{name: buy, steps: [order, orders/charge, tell]}]
operations:
  - {name: order, callee: orders, mode: sync, timeout: 3s, retry: {attempts: 5}, answers: {immediacy: yes, retryability: yes, latency: 900ms, coupling: yes}}
  - {name: tell, callee: mail, mode: sync, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
---
service: orders
operations:
  - {name: charge, callee: bank, mode: sync, retry: {attempts: 9}, guards: [circuit-breaker], idempotent: yes, answers: {immediacy: yes, retryability: yes, latency: 300ms, coupling: yes}}
`)
	p := Prepare(in, Recommended)
	order, charge, tell := &p.Steps[0], &p.Steps[1], &p.Steps[2]
	if order.Attempts != 1 || charge.Attempts != 3 || charge.Backoff != 100*ms || !charge.Jitter || !charge.Budget {
		t.Errorf("order is tried %d times, charge %d times after %s", order.Attempts, charge.Attempts, charge.Backoff)
	}
	if order.Timeout != 3*time.Second || charge.Timeout < 350*ms || charge.Timeout > 600*ms {
		t.Errorf("order waits %s, charge %s", order.Timeout, charge.Timeout)
	}
	if !tell.Detached || !tell.Queue.DeadLetter || !tell.Queue.Outbox || !tell.Repeats || tell.Breaker || tell.Queue.Workers == 0 {
		t.Errorf("tell becomes %+v", tell)
	}
	with := map[int32]string{}
	for _, c := range p.Changes {
		with[c.Step] = c.To.String() + " " + strings.Join(c.With, " ")
	}
	want := map[int32]string{
		0: "undecided bounded-retry bulkhead circuit-breaker idempotency-key",
		1: "undecided bounded-retry bulkhead deadline",
		2: "async dead-letter-queue idempotency-key outbox",
	}
	if fmt.Sprint(with) != fmt.Sprint(want) {
		t.Errorf("the changes are\n%v, want\n%v", with, want)
	}
	if again := Prepare(in, Declared); len(again.Changes) > 0 || again.Steps[2].Detached {
		t.Error("the declared variant changes something")
	}
}

// What a verdict turns to sync is waited for, until the deadline that the answers oblige.
func TestRecommendedToWait(t *testing.T) {
	t.Parallel()
	p := Prepare(journeyOf(t, strings.Replace(oneCall(""), "mode: sync", "mode: async", 1)), Recommended)
	if s := &p.Steps[0]; s.Detached || s.Timeout != 430*ms || !s.Breaker {
		t.Errorf("%+v", s)
	}
}

// The static plan puts the slow step first, since it takes most from the wait. The simulated
// one puts the other first: without its callee no request succeeds, while the slow step isn't
// critical and an outage of its callee costs a timeout.
func TestRankDiffersFromThePlan(t *testing.T) {
	t.Parallel()
	in := journeyOf(t, `
service: shop
journeys: [{name: buy, steps: [pay, record, notify], budget: 500ms}]
operations:
  - {name: pay, callee: bank, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}}
  - {name: record, callee: usage, mode: sync, critical: no, timeout: 1s, answers: {immediacy: no, retryability: yes, latency: 800ms, coupling: yes}}
  - {name: notify, callee: mail, mode: sync, timeout: 1s, answers: {immediacy: no, retryability: yes, latency: 200ms, coupling: yes}}
`)
	plan, ok := in.Graph.Plan(in.Journey, in.Knowledge.Table)
	if !ok || !plan.Found || len(plan.Changes) != 2 {
		t.Fatalf("the plan is %+v", plan)
	}
	names := func(changes []graph.Change) (list []string) {
		for _, c := range changes {
			list = append(list, in.Graph.ID(c.Operation))
		}
		return list
	}
	gains, err := Rank(context.Background(), in, &plan, 3, seeded(1), func() {})
	if err != nil {
		t.Fatal(err)
	}
	var ranked []graph.Change
	for _, g := range gains {
		ranked = append(ranked, g.Change)
	}
	if static, simulated := names(plan.Changes), names(ranked); !slices.Equal(static, []string{"shop/record", "shop/notify"}) || !slices.Equal(simulated, []string{"shop/notify", "shop/record"}) {
		t.Errorf("the plan says %v, the ranking %v", static, simulated)
	}
	if g := &gains[0]; g.Scenario.Callee != "mail" || g.Before.Success.Mean > .01 || g.After.Success.Mean < .99 {
		t.Errorf("without mail %.3f succeed, with the change %.3f", g.Before.Success.Mean, g.After.Success.Mean)
	}
	if g := &gains[1]; g.Scenario.Callee != "usage" || g.Before.Success.Mean < .99 || g.faster() < .9 {
		t.Errorf("without usage %.3f succeed, and the change makes them %.2f s faster", g.Before.Success.Mean, g.faster())
	}
}

// Without a plan each change that is allowed is weighed.
func TestRankWithoutAPlan(t *testing.T) {
	t.Parallel()
	in := journeyOf(t, `
service: shop
journeys: [{name: buy, steps: [pay, notify], budget: 100ms}]
operations:
  - {name: pay, callee: bank, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}}
  - {name: notify, callee: mail, mode: sync, timeout: 1s, answers: {immediacy: no, retryability: yes, latency: 200ms, coupling: yes}}
`)
	plan, _ := in.Graph.Plan(in.Journey, in.Knowledge.Table)
	ended := 0
	gains, err := Rank(context.Background(), in, &plan, 2, seeded(1), func() { ended++ })
	if err != nil || plan.Found || len(gains) != 1 || ended != 1 || in.Graph.ID(gains[0].Operation) != "shop/notify" {
		t.Errorf("%v: found %t, %d gains after %d changes", err, plan.Found, len(gains), ended)
	}
}

// A chain follows calls to the end, and no circle.
func TestChain(t *testing.T) {
	t.Parallel()
	const call = ", mode: sync, answers: {immediacy: yes, retryability: no, latency: 9ms, coupling: yes}}\n"
	in := journeyOf(t, "service: a\njourneys: [{name: j, steps: [ab]}]\noperations:\n  - {name: ab, callee: b"+call+
		"---\nservice: b\noperations:\n  - {name: bc, callee: c"+call+"  - {name: bd, callee: d"+call+
		"---\nservice: c\noperations:\n  - {name: ca, callee: a"+call+"  - {name: cb, callee: b"+call)
	in.Journey = Chain(in.Graph, 0)
	p := Prepare(in, Declared)
	var tree []string
	for i := range p.Steps {
		tree = append(tree, fmt.Sprintf("%s<%d", p.Steps[i].Name, p.Steps[i].Parent))
	}
	if got, want := strings.Join(tree, " "), "a/ab<-1 b/bc<0 c/ca<1 c/cb<1 b/bd<0"; got != want {
		t.Errorf("the chain is %s, want %s", got, want)
	}
	if got := strings.Join(p.Callees(), " "); got != "b c a d" {
		t.Errorf("the callees are %s", got)
	}
}

// What a scenario leaves open is filled in, and what no manifest says is told.
func TestComplete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		manifest string
		given    Scenario
		want     Scenario
		assumed  []Guess
	}{
		{oneCall(""), Scenario{Kind: Down}, Scenario{Kind: Down, Callee: "bank", Length: 2 * time.Minute, Before: time.Minute, After: 4 * time.Minute}, nil},
		{oneCall(""), Scenario{Kind: Slow}, Scenario{Kind: Slow, Callee: "bank", Times: 10, Length: 2 * time.Minute, Before: time.Minute, After: 4 * time.Minute}, nil},
		{oneCall(""), Scenario{Kind: Poison, Length: time.Second}, Scenario{Kind: Poison, Callee: "bank", Times: 100, Length: time.Second, Before: time.Minute, After: 3 * time.Minute}, nil},
		{oneCall(""), Scenario{Kind: Burst, Length: time.Hour}, Scenario{Kind: Burst, Times: 5, Length: time.Hour, Before: 10 * time.Minute, After: 2 * time.Hour}, []Guess{assumedPeak}},
		{oneCall(""), Scenario{Kind: Burst}, Scenario{Kind: Burst, Times: 5, Length: 2 * time.Minute, Before: time.Minute, After: 4 * time.Minute}, []Guess{assumedPeak, assumedBurst}},
		{oneCall(""), Scenario{}, Scenario{Before: time.Minute, After: 3 * time.Minute}, nil},
		{oneCall(""), Scenario{Length: time.Hour}, Scenario{Before: 30 * time.Minute, After: 30 * time.Minute}, nil},
		{oneMessage(", delivery: {broker: mq}"), Scenario{Kind: Down}, Scenario{Kind: Down, Callee: "bank", Length: 2 * time.Minute, Before: time.Minute, After: 4 * time.Minute}, nil},
		{oneCall(", traffic: {mean: 2/s, peak: 20/s, burst: 4h}"), Scenario{Kind: Burst}, Scenario{Kind: Burst, Times: 10, Length: 10 * time.Minute, Before: 5 * time.Minute, After: 20 * time.Minute}, nil},
	} {
		p := Prepare(journeyOf(t, test.manifest), Declared)
		got := p.Complete(test.given)
		if got != test.want {
			t.Errorf("%v becomes\n%+v, want\n%+v", test.given, got, test.want)
		}
		if err := got.Validate(); err != nil {
			t.Error(err)
		}
		for _, g := range []Guess{assumedPeak, assumedBurst} {
			if has := slices.ContainsFunc(p.Assumed, func(a Assumption) bool { return a.Guess == g }); has != slices.Contains(test.assumed, g) {
				t.Errorf("%v: that %q is assumed is said: %t", test.given, guesses[g].fact, has)
			}
		}
	}
}

// A scenario that can't be run says why.
func TestValidate(t *testing.T) {
	t.Parallel()
	fine := Scenario{Kind: Slow, Callee: "b", Times: 2, Length: 1, Before: 1, After: 1}
	for _, test := range []struct {
		change func(*Scenario)
		ok     bool
	}{
		{func(*Scenario) {}, true},
		{func(s *Scenario) { s.Before = 0 }, false},
		{func(s *Scenario) { s.After = 0 }, false},
		{func(s *Scenario) { s.Length = 0 }, false},
		{func(s *Scenario) { s.Kind, s.Length = Normal, 0 }, true},
		{func(s *Scenario) { s.Callee = "" }, false},
		{func(s *Scenario) { s.Times = 0 }, false},
		{func(s *Scenario) { s.Kind, s.Times = Poison, .5 }, false},
		{func(s *Scenario) { s.Kind, s.Times, s.Callee = Burst, 0, "" }, false},
	} {
		s := fine
		test.change(&s)
		if err := s.Validate(); (err == nil) != test.ok {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// A run is watched for longer while the journey doesn't recover, as far as that ends and the
// events allow.
func TestFit(t *testing.T) {
	t.Parallel()
	fit := func(m *Model, most int64) Scenario {
		s := Scenario{Kind: Down, Callee: "b", Length: time.Minute, Before: time.Minute, After: time.Minute}
		got, events, err := Fit(context.Background(), m, s, most, func(step int) Chance { return seeded(1)(0, step) }, func(float64) {})
		if err != nil || events < 1000 {
			t.Fatal(events, err)
		}
		return got
	}
	slow := send(func(q *Queue) { q.Workers = 2 })
	slow.Rate, slow.Steps[0].Own = 18, constant(100*ms) // 1080 messages wait, and 2 a second drain: 9 minutes
	endless := send(func(q *Queue) { q.Workers = 2 })
	endless.Rate, endless.Steps[0].Own = 21, constant(100*ms)
	for _, test := range []struct {
		model *Model
		most  int64
		want  time.Duration
	}{
		{step(func(*Step) {}), 1e6, time.Minute},
		{slow, 1e7, 16 * time.Minute},
		{slow, 1000, time.Minute},
		{endless, 1e7, 2 * time.Minute},
	} {
		if got := fit(test.model, test.most); got.After != test.want {
			t.Errorf("it is watched for %s after the event, want %s", got.After, test.want)
		}
	}
}
