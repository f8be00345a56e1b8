package simulate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"waitornot/decide/graph"
)

// A Gain is what a change does, by itself, in the outage in which it helps the journey
// most.
type Gain struct {
	graph.Change
	Scenario      Scenario     // the outage
	Before, After PhaseSummary // of the requests that arrive in it, as declared and with the change
}

// saved is which share of the requests more succeed.
func (g *Gain) saved() float64 { return g.After.Success.Mean - g.Before.Success.Mean }

// Saves reports whether more requests succeed, by a thousandth at least.
func (g *Gain) Saves() bool { return math.Round(1000*g.saved()) > 0 }

// faster is how many seconds less the median request waits.
func (g *Gain) faster() float64 { return g.Before.FeltMedian.Mean - g.After.FeltMedian.Mean }

// order puts the greater gain first: requests saved, to a thousandth, then time.
func (g *Gain) order(o *Gain) int {
	return cmp.Or(
		cmp.Compare(math.Round(1000*o.saved()), math.Round(1000*g.saved())),
		cmp.Compare(o.faster(), g.faster()),
	)
}

// Rank returns what each change of a plan does in an outage of a service that its
// operation needs, the greatest gain first; when there is no plan, each change that is
// allowed. ended is called after each. The error is that of the context.
func Rank(ctx context.Context, in Input, plan *graph.Plan, runs int, chance func(run, step int) Chance, ended func()) ([]Gain, error) {
	changes := Ranked(plan)
	r := ranking{Input: in, ctx: ctx, runs: runs, chance: chance, declared: Prepare(in, Declared), known: map[string]PhaseSummary{}}
	var gains []Gain
	for _, c := range changes {
		best := Gain{Change: c}
		changed := PrepareWith(in, []graph.Change{c})
		for k, callee := range r.needs(c.Operation) {
			g, err := r.gain(c, changed, callee)
			if err != nil {
				return nil, err
			}
			if k == 0 || g.order(&best) < 0 {
				best = g
			}
		}
		if best.Scenario.Callee != "" {
			gains = append(gains, best)
		}
		ended()
	}
	slices.SortStableFunc(gains, func(a, b Gain) int { return a.order(&b) })
	return gains, nil
}

// Ranked returns the changes that Rank weighs.
func Ranked(plan *graph.Plan) []graph.Change {
	if plan.Found {
		return plan.Changes
	}
	return plan.Allowed
}

// A ranking weighs changes against each other.
type ranking struct {
	Input
	ctx      context.Context
	runs     int
	chance   func(run, step int) Chance
	declared *Prepared
	known    map[string]PhaseSummary // by callee: as declared
}

// needs returns the services that an operation calls and those that the steps nested in it
// call.
func (r *ranking) needs(id graph.OperationID) []string {
	var names []string
	within := make([]bool, len(r.declared.Steps))
	for i := range r.declared.Steps {
		s := &r.declared.Steps[i]
		within[i] = r.declared.Operations[i] == id || s.Parent != None && within[s.Parent]
		if name := s.Service; within[i] && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// unwatched is told how far runs are, and tells nobody.
func unwatched(float64) {}

// gain simulates an outage with and without a change.
func (r *ranking) gain(c graph.Change, changed *Prepared, callee string) (Gain, error) {
	s := r.declared.Complete(Scenario{Kind: Down, Callee: callee})
	s.After = 10 * time.Second // only what happens during the outage counts
	before, known := r.known[callee]
	if !known {
		sum, err := Simulate(r.ctx, &r.declared.Model, s, r.runs, r.chance, unwatched)
		if err != nil {
			return Gain{}, err
		}
		before = sum.Phases[During]
		r.known[callee] = before
	}
	sum, err := Simulate(r.ctx, &changed.Model, s, r.runs, r.chance, unwatched)
	if err != nil {
		return Gain{}, err
	}
	return Gain{c, s, before, sum.Phases[During]}, nil
}
