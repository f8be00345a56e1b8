package simulate

import (
	"context"
	"slices"
	"time"

	"waitornot/decide/graph"
)

// Callees returns the services that a scenario can happen to in a journey, and then the
// brokers, each once, in the order in which the journey meets them.
func (p *Prepared) Callees() []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range p.Steps {
		add(p.Steps[i].Service)
	}
	for i := range p.Steps {
		add(p.Steps[i].Queue.Broker)
	}
	return names
}

// deepest returns the service at the end of the longest chain of steps that are waited
// for, the slowest of several; the first of any when none is waited for.
func (p *Prepared) deepest() string {
	best, most, callee := -1, time.Duration(0), ""
	depth := make([]int, len(p.Steps))
	behind := make([]bool, len(p.Steps))
	for i := range p.Steps {
		s := &p.Steps[i]
		if s.Parent != None {
			depth[i], behind[i] = depth[s.Parent]+1, behind[s.Parent]
		}
		if behind[i] = behind[i] || s.Detached; behind[i] || s.Service == "" || s.Soft {
			continue
		}
		if depth[i] > best || depth[i] == best && s.Own.P99 > most {
			best, most, callee = depth[i], s.Own.P99, s.Service
		}
	}
	if all := p.Callees(); callee == "" && len(all) > 0 {
		return all[0]
	}
	return callee
}

// The lengths of events that nobody gives.
const (
	usualLength  = 2 * time.Minute
	longestBurst = 10 * time.Minute
)

// Complete returns the scenario with what it leaves open filled in from the journey: the
// callee at the bottom of it, how much and how long, and what is measured around it.
func (p *Prepared) Complete(s Scenario, g *graph.Graph, j *graph.Journey) Scenario {
	if s.Kind.OnCallee() && s.Callee == "" {
		s.Callee = p.deepest()
	}
	burst, times := burstOf(g, j)
	if s.Times == 0 {
		switch s.Kind {
		case Burst:
			s.Times = times
		case Slow:
			s.Times = 10
		case Poison:
			s.Times = 100
		case Normal, Down, Deploy:
		}
	}
	if s.Kind != Normal && s.Length == 0 {
		s.Length = usualLength
		if s.Kind == Burst && burst > 0 {
			s.Length = min(burst, longestBurst)
		}
	}
	s.Before = min(max(s.Length/2, time.Minute), 10*time.Minute)
	s.After = max(2*s.Length, 3*time.Minute)
	return s
}

// burstOf returns the length of the first burst that a step of the journey has, and its
// peak over its mean; 0 and 5 when none says it.
func burstOf(g *graph.Graph, j *graph.Journey) (time.Duration, float64) {
	var length time.Duration
	times := 0.0
	for _, step := range j.Path {
		r := g.Operation(step.Operation).Rates
		if r == nil {
			continue
		}
		if length == 0 {
			length = r.Burst
		}
		if times == 0 && r.Mean > 0 && r.Peak > r.Mean {
			times = r.Peak / r.Mean
		}
	}
	if times == 0 {
		times = 5
	}
	return length, times
}

// Fit watches at most mostWatched times as long after the event as was meant first, and
// unrestored times as long when the journey doesn't recover even then: the event should
// still be seen on a chart.
const mostWatched, unrestored = 16, 2

// Fit returns the scenario with enough time after the event for the journey to recover,
// as far as that ends, and how many events such a run has: it runs once, and watches twice
// as long while the journey doesn't recover. A run of more than so many events is not
// tried. The error is that of the context.
func Fit(ctx context.Context, m *Model, s Scenario, most int64, chance func(step int) Chance) (Scenario, int64, error) {
	first := s
	for longer := s; ; longer.After *= 2 {
		r, err := NewEngine(m, longer).Run(ctx, chance)
		if err != nil {
			return s, 0, err
		}
		if longer.After == unrestored*first.After {
			s = longer
		}
		recovered := r.UsersRecovered >= 0 && r.QueuesRecovered >= 0
		switch { // another run may take somewhat longer
		case recovered && max(r.UsersRecovered, r.QueuesRecovered) < longer.After*3/4:
			return longer, r.Events, nil
		case recovered && longer.After == mostWatched*first.After:
			return longer, r.Events, nil
		case longer.After == mostWatched*first.After || 2*r.Events > most:
			return s, int64(float64(r.Events) * s.Measured().Seconds() / longer.Measured().Seconds()), nil
		}
	}
}
