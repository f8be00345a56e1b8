package graph

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/manifest"
)

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
	s := newSearch(g.model(&g.Journeys()[0]), &g.Journeys()[0], decidetest.Table(t))
	for _, tt := range []struct {
		wait        time.Duration
		share, want float64
	}{{time.Second, .9, 0}, {1500 * ms, .95, .5}, {500 * ms, .85, .5}, {2 * time.Second, .7, 3}} {
		if got := s.distance(tt.wait, tt.share); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%v and %v: %v, want %v", tt.wait, tt.share, got, tt.want)
		}
	}
}

// Where no plan is enough, the numbers after are those with everything that helps: no
// change that is made makes the journey less available without need, and none that
// the budget needs is left out.
func TestFurthest(t *testing.T) {
	t.Parallel()
	table := decidetest.Table(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := drawJourney(rt).build(t, 0)
		j := &g.Journeys()[0]
		s := newSearch(g.model(j), j, table)
		if len(s.changes) == 0 || len(s.changes) > exactUpTo {
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

// What a greedy search settles on holds nothing that it could do without, taken alone.
func TestGreedyTakesBack(t *testing.T) {
	t.Parallel()
	table, held := decidetest.Table(t), 0
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
			t.Errorf("%s: complete is %t, lacks %v and %v", tt.name, got, numbers.Tail.Missing, numbers.Share.Missing)
		}
	}
}

// manySteps makes a journey of n steps that may be detached, each a millisecond slower
// than the one before it.
func manySteps(n int, options ...option) *builder {
	b := newBuilder()
	d := b.doc("shop")
	put(b, &d.Availability, 1)
	b.broker(d, "mq", .5)
	var steps []string
	for i := range n {
		name := fmt.Sprintf("o%d", i)
		b.op(d, name, "c"+name, decide.Sync, append([]option{p99(time.Duration(i+1) * ms), up(.9), answers("nyyy")}, options...)...)
		steps = append(steps, name)
	}
	b.journey(d, "long", strings.Join(steps, " "))
	return b
}

// Of a long journey those changes are weighed that promise most: the more steps it has,
// the fewer.
func TestPromising(t *testing.T) {
	t.Parallel()
	b := manySteps(400)
	for d := range b.ops {
		put(b, &d.Journeys[0].Budget, ms)
	}
	g := b.build(t, 0)
	s := newSearch(g.model(&g.Journeys()[0]), &g.Journeys()[0], decidetest.Table(t))
	list := s.promising()
	if len(list) != 158 || list[0] != 400-158 || list[157] != 399 { // sqrt(10,000,000 / 400)
		t.Errorf("%d are weighed, from %d to %d", len(list), list[0], list[len(list)-1])
	}
	s.model.steps = append(s.model.steps, make([]step, 1_000_000)...)
	if list := s.promising(); len(list) != 8 {
		t.Errorf("of the longest journey %d are weighed, want 8", len(list))
	}
}

// Where an objective is missed, the changes promise most that take the least available
// callees out.
func TestPromisingShares(t *testing.T) {
	t.Parallel()
	b := manySteps(400)
	for d := range b.ops {
		put(b, &d.Journeys[0].SLO, .99)
		for i := range b.ops[d] {
			if i >= 100 && i < 258 {
				b.ops[d][i].Availability.Value = .5
			}
		}
	}
	g := b.build(t, 0)
	s := newSearch(g.model(&g.Journeys()[0]), &g.Journeys()[0], decidetest.Table(t))
	if list := s.promising(); len(list) != 158 || list[0] != 100 || list[157] != 257 {
		t.Errorf("%d are weighed, from %d to %d", len(list), list[0], list[len(list)-1])
	}
}

// Every combination is considered for as many as twenty operations.
func TestPlanIsExactUpTo(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{20: true, 21: false} {
		b := manySteps(n)
		for d := range b.ops {
			put(b, &d.Journeys[0].Budget, time.Microsecond)
		}
		g := b.build(t, 0)
		if p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t)); !p.Found || p.Exact != want || len(p.Changes) != n {
			t.Errorf("of %d operations: found %t, exact %t, %d changes", n, p.Found, p.Exact, len(p.Changes))
		}
	}
}

// As long as there are few, what makes a journey less available stays as it is when no
// plan is enough.
func TestFurthestLeavesWhatHarms(t *testing.T) {
	t.Parallel()
	b := manySteps(20, through("mq"))
	for d := range b.ops {
		put(b, &d.Journeys[0].SLO, .999)
		for i := range b.ops[d] { // each goes its own way
			broker := fmt.Sprintf("mq%d", i)
			b.broker(d, broker, .5)
			b.ops[d][i].Delivery.Broker.Value = broker
		}
	}
	g := b.build(t, 0)
	p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t))
	if want := math.Pow(.9, 20); p.Found || math.Abs(p.After.Share.Value-want) > 1e-12 {
		t.Errorf("found %t, then available %v, want %v", p.Found, p.After.Share.Value, want)
	}
}

// Of equally small plans the first in the order of the steps is the one, and what needs no
// consent goes before what does, in a greedy search as well.
func TestPlanPrefers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, first, second, want string }{
		{"equals", "nyyy", "nyyy", "[{0"}, {"consent", "ynbn", "nyyy", "[{1"}, {"an answer", "?yyy", "nyyy", "[{1"}, {"consent alone", "yyyy", "ynnn", "[{0"},
	} {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "start", "z", decide.Sync, answers("ynnn"))
		b.op(d, "a", "x", decide.Sync, p99(100*ms), answers(tt.first))
		b.op(d, "b", "y", decide.Sync, p99(100*ms), answers(tt.second))
		put(b, &b.journey(d, "buy", "start a b").Budget, 100*ms)
		g := b.build(t, 0)
		j := &g.Journeys()[0]
		for _, greedy := range []bool{false, true} {
			s := newSearch(g.model(j), j, decidetest.Table(t))
			if greedy {
				s.greedy()
			} else {
				s.branch(0)
			}
			picked := -1
			for k, p := range s.best {
				if p && picked >= 0 || p && s.changes[k].Operation == 0 {
					t.Errorf("%s: %v is picked", tt.name, s.best)
				} else if p {
					picked = int(s.changes[k].Operation) - 1
				}
			}
			if got := fmt.Sprintf("[{%d", picked); !s.found || got != tt.want {
				t.Errorf("%s, greedy %t: %s, want %s", tt.name, greedy, got, tt.want)
			}
		}
	}
}

// What is not needed is taken back, the heaviest first.
func TestTakeBackTheHeaviest(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "start", "z", decide.Sync, answers("ynnn"))
	b.op(d, "a", "x", decide.Sync, p99(100*ms), answers("nyyy"))
	b.op(d, "b", "y", decide.Sync, p99(100*ms), answers("?yyy"))
	put(b, &b.journey(d, "buy", "start a b").Budget, 100*ms)
	g := b.build(t, 0)
	s := newSearch(g.model(&g.Journeys()[0]), &g.Journeys()[0], decidetest.Table(t))
	s.weighed = s.promising()
	for k := range s.changes {
		s.pick(k, true)
	}
	if some := s.takeBack(); !some || fmt.Sprint(s.picked) != "[true false]" {
		t.Errorf("%t, %v stay picked", some, s.picked)
	}
	if s.takeBack() {
		t.Error("something is taken back twice")
	}
}

// A target is met at its very limit, but for what rounding takes.
func TestMeetsItsLimits(t *testing.T) {
	t.Parallel()
	b := newBuilder()
	d := b.doc("shop")
	b.op(d, "pay", "bank", decide.Sync, p99(100*ms), up(.9))
	j := b.journey(d, "buy", "pay")
	put(b, &j.Budget, 100*ms)
	put(b, &j.SLO, .9)
	g := b.build(t, 0)
	s := newSearch(g.model(&g.Journeys()[0]), &g.Journeys()[0], decidetest.Table(t))
	for _, tt := range []struct {
		wait  time.Duration
		share float64
		want  bool
	}{{100 * ms, .9 - tolerance, true}, {100*ms + 1, .9, false}, {100 * ms, .9 - 3*tolerance, false}} {
		if s.meets(tt.wait, tt.share) != tt.want {
			t.Errorf("%v and %v meet it: %t", tt.wait, tt.share, !tt.want)
		}
	}
	n := Numbers{Share: Share{Value: .9 - tolerance, Least: .9 - tolerance}}
	if c := n.Objective(&g.Journeys()[0]); c != Met {
		t.Errorf("at the very limit the objective is %s", c)
	}
	g.Journeys()[0].Journey.Budget.Value = 1
	if got := s.distance(3, 1); got != 2 {
		t.Errorf("3 ns of 1 are %v away", got)
	}
}

// Changes are enough when no fact that is missing afterward can undo it; what is missing
// before them doesn't matter.
func TestPlanEnough(t *testing.T) {
	t.Parallel()
	known, slow, down := Numbers{}, Numbers{}, Numbers{}
	known.Share.Value, known.Share.Least, down.Share.Value = 1, 1, 1
	slow.Share = known.Share
	slow.Tail.Missing, down.Share.Missing = []MissingFact{{}}, []MissingFact{{}}
	late := known
	late.Tail.Time = 2 * time.Second
	j := &Journey{Journey: &manifest.Journey{}}
	b := newBuilder()
	put(b, &j.Journey.Budget, time.Second)
	put(b, &j.SLO, .9)
	for i, tt := range []struct {
		before, after Numbers
		found, want   bool
	}{{known, known, true, true}, {slow, known, true, true}, {known, slow, true, false}, {known, down, true, false}, {known, late, true, false}, {known, known, false, false}} {
		if p := (Plan{Before: tt.before, After: tt.after, Found: tt.found}); p.Enough(j) != tt.want {
			t.Errorf("%d: enough: %t, budget %v, objective %v", i, !tt.want, p.After.Budget(j), p.After.Objective(j))
		}
	}
}

// A plan is as complete as what is known before it and after it.
func TestPlanCompleteBeforeAndAfter(t *testing.T) {
	t.Parallel()
	known, slow, down := Numbers{}, Numbers{}, Numbers{}
	slow.Tail.Missing, down.Share.Missing = []MissingFact{{}}, []MissingFact{{}}
	j := &Journey{Journey: &manifest.Journey{}}
	b := newBuilder()
	put(b, &j.Journey.Budget, time.Second)
	put(b, &j.SLO, .9)
	for _, tt := range []struct {
		before, after Numbers
		want          bool
	}{{known, known, true}, {slow, known, false}, {known, slow, false}, {down, known, false}, {known, down, false}} {
		if p := (Plan{Before: tt.before, After: tt.after}); p.Complete(j) != tt.want {
			t.Errorf("complete: %t", !tt.want)
		}
	}
}
