package graph

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
	"waitornot/decide/decidetest"
	"waitornot/decide/manifest"
)

// byForce looks at every set of changes, with the arithmetic that reports use.
func byForce(g *Graph, j *Journey, allowed []Change) (best cost, found bool) {
	m := g.model(j)
	for set := range 1 << len(allowed) {
		changed := make([]bool, len(m.steps))
		var c cost
		for k, t := range allowed {
			if set&(1<<k) == 0 {
				continue
			}
			c.changes++
			c.consents += one(t.Ground == ByConsent)
			c.answers += one(t.Ground == ByAnswer)
			for i := range m.steps {
				changed[i] = changed[i] || m.steps[i].id == t.Operation
			}
		}
		n := m.numbers(changed)
		c.wait = n.Tail.Time
		if n.Budget(j) != Missed && n.Objective(j) != Missed && (!found || c.less(best)) {
			best, found = c, true
		}
	}
	return best, found
}

// drawJourney makes a journey that mostly misses what is asked of it.
func drawJourney(t *rapid.T) *builder {
	b := newBuilder()
	shop, bank, a := b.doc("shop"), b.doc("bank"), b.doc("a")
	b.broker(shop, "mq", rapid.SampledFrom([]float64{.9, .99, .9999}).Draw(t, "broker"))
	steps := ""
	for i := range rapid.IntRange(1, 9).Draw(t, "steps") {
		options := []option{
			p99(time.Duration(rapid.IntRange(0, 9).Draw(t, "ms")) * 100 * ms),
			up(rapid.SampledFrom([]float64{.9, .95, .99, .999, 1}).Draw(t, "up")),
			answers(rapid.StringMatching("[ylln?][yn?][yn?][yn?]").Draw(t, "answers")),
		}
		if rapid.IntRange(0, 2).Draw(t, "through") == 0 {
			options = append(options, through("mq"))
		}
		if rapid.IntRange(0, 4).Draw(t, "several") == 0 {
			options = append(options, calls(rapid.IntRange(1, 4).Draw(t, "calls")))
		}
		if rapid.IntRange(0, 5).Draw(t, "soft") == 0 {
			options = append(options, soft)
		}
		if i > 0 && rapid.IntRange(0, 4).Draw(t, "after") == 0 {
			options = append(options, afterThe(fmt.Sprintf("o%d", rapid.IntRange(0, i-1).Draw(t, "leads"))))
		}
		d := rapid.SampledFrom([]*manifest.Document{shop, shop, bank, a}).Draw(t, "service")
		mode := rapid.SampledFrom([]decide.Verdict{decide.Sync, decide.Sync, decide.Sync, decide.Async, decide.Undecided}).Draw(t, "mode")
		b.op(d, fmt.Sprintf("o%d", i), rapid.SampledFrom([]string{"bank", "a", "b", "c"}).Draw(t, "callee"), mode, options...)
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "followed") == 0 {
			continue // the journey doesn't name it
		}
		steps += rapid.SampledFrom([]string{" ", " ", "|"}).Draw(t, "joint") + fmt.Sprintf("%s/o%d", d.Service.Value, i)
	}
	j := b.journey(shop, "buy", trimBar(steps))
	put(b, &j.Budget, time.Duration(rapid.IntRange(0, 20).Draw(t, "budget"))*100*ms)
	put(b, &j.SLO, rapid.SampledFrom([]float64{.8, .9, .95, .99, .9999}).Draw(t, "objective"))
	return b
}

func costOf(p *Plan) cost {
	c := cost{wait: p.After.Tail.Time}
	for _, t := range p.Changes {
		c.changes++
		c.consents += one(t.Ground == ByConsent)
		c.answers += one(t.Ground == ByAnswer)
	}
	return c
}

// A plan is the smallest of all, and there is none only when no set of changes
// meets what is asked. The greedy search finds no smaller one, and what it finds
// does meet it.
func TestPlanByBruteForce(t *testing.T) {
	table := decidetest.Table(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := drawJourney(rt).build(t, 0)
		for i := range g.Journeys() {
			j := &g.Journeys()[i]
			p, needed := g.Plan(j, table)
			n := g.Numbers(j)
			if missed := n.Budget(j) == Missed || n.Objective(j) == Missed; missed != needed {
				rt.Fatalf("plan needed %v, missed %v", needed, missed)
			}
			if !needed {
				continue
			}
			best, found := byForce(g, j, p.Allowed)
			if p.Found != found || found && costOf(&p) != best {
				rt.Errorf("plan %v %+v costs %+v, by force %v %+v", p.Found, p.Changes, costOf(&p), found, best)
			}
			if found && (p.After.Budget(j) == Missed || p.After.Objective(j) == Missed) {
				rt.Errorf("after the plan %+v the journey still misses", p.Changes)
			}
			s := newSearch(g.model(j), j, table)
			if s.greedy(); s.found {
				greedy := s.numbers(s.best)
				if !found || greedy.Budget(j) == Missed || greedy.Objective(j) == Missed {
					rt.Errorf("the greedy search finds a plan that does not meet what is asked: %v", s.best)
				}
			}
		}
	})
}

// Only operations whose answers allow it are changed, and each says why.
func TestPlanGrounds(t *testing.T) {
	table := decidetest.Table(t)
	tests := []struct {
		answers string
		allowed bool
		ground  Ground
		to      decide.VerdictSet
	}{
		{"nyyy", true, ByVerdict, decide.SetOf(decide.Async)},
		{"lnyn", true, ByVerdict, decide.SetOf(decide.Hybrid)},
		{"?nyn", true, ByAnswer, decide.SetOf(decide.Async, decide.Hybrid)},
		{"nn?n", true, ByAnswer, decide.SetOf(decide.Async)},
		{"ynyy", true, ByConsent, decide.SetOf(decide.Hybrid)},
		{"yyny", true, ByConsent, decide.SetOf(decide.Async)},
		{"ynnn", false, 0, 0},
		{"nnnn", false, 0, 0},
	}
	for _, tt := range tests {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "o", "other", decide.Sync, answers(tt.answers))
		g := b.build(t, 0)
		turn, ok := changeOf(0, g.Operation(0), table)
		if ok != tt.allowed || ok && (turn.Ground != tt.ground || turn.To != tt.to) {
			t.Errorf("answers %s: %v %+v, want %v ground %d to %s", tt.answers, ok, turn, tt.allowed, tt.ground, tt.to)
		}
	}
}

// An operation that needs consent is changed only when those that do not are not
// enough.
func TestPlanAsksForConsentLast(t *testing.T) {
	for _, tt := range []struct {
		budget time.Duration
		want   string
	}{
		{1500 * ms, "[mail stock]"},
		{500 * ms, "[mail pay]"},
	} {
		b := newBuilder()
		d := b.doc("shop")
		b.op(d, "mail", "mailer", decide.Sync, p99(400*ms), answers("nyyy"))
		b.op(d, "stock", "inventory", decide.Sync, p99(300*ms), answers("nyny"))
		b.op(d, "pay", "bank", decide.Sync, p99(1200*ms), answers("ynyy"))
		b.op(d, "price", "pricing", decide.Sync, p99(200*ms), answers("ynnn"))
		put(b, &b.journey(d, "buy", "mail stock pay price").Budget, tt.budget)
		g := b.build(t, 0)
		p, _ := g.Plan(&g.Journeys()[0], decidetest.Table(t))
		var names []string
		for _, turn := range p.Changes {
			names = append(names, g.Operation(turn.Operation).Name)
		}
		if got := fmt.Sprint(names); got != tt.want {
			t.Errorf("budget %v: turns %s, want %s", tt.budget, got, tt.want)
		}
	}
}

// Twenty operations that may be changed are still searched to the end, and
// a hundred thousand steps are planned without one.
func TestPlanOfLongJourneys(t *testing.T) {
	for _, n := range []int{20, 21, 100_000} {
		b := newBuilder()
		d := b.doc("shop")
		steps := ""
		ops := min(n, 2000)
		for i := range ops {
			b.op(d, fmt.Sprintf("o%d", i), fmt.Sprintf("s%d", i), decide.Sync, p99(time.Duration(100+i%7)*ms), up(.9999), answers("nyyy"))
		}
		words := make([]byte, 0, 8*n)
		for i := range n {
			words = fmt.Appendf(words, "o%d ", i%ops)
		}
		steps = string(words)
		j := b.journey(d, "long", steps)
		put(b, &j.Budget, time.Duration(n)*80*ms)
		put(b, &j.SLO, .5)
		g := b.build(t, 0)
		p, needed := g.Plan(&g.Journeys()[0], decidetest.Table(t))
		if !needed || p.Exact != (n <= 20) {
			t.Errorf("%d steps: needed %v, exact %v", n, needed, p.Exact)
		}
		if n <= 21 && (!p.Found || len(p.Changes) != 5 && len(p.Changes) != 6) {
			t.Errorf("%d steps: found %v with %d turns", n, p.Found, len(p.Changes))
		}
	}
}
