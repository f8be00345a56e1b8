package simulate

import (
	"context"
	"slices"
	"time"

	"waitornot/decide/manifest"
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
// callee at the bottom of it, how much and how long, and what is measured around it. What
// no manifest says about bursts is noted among the assumptions and the readings.
func (p *Prepared) Complete(s Scenario) Scenario {
	if s.Kind.OnCallee() && s.Callee == "" {
		s.Callee = p.deepest()
	}
	if s.Times == 0 {
		if s.Times = kinds[s.Kind].times; s.Kind == Burst {
			s.Times = p.times()
		}
	}
	if s.Kind != Normal && s.Length == 0 {
		s.Length = usualLength
		if s.Kind == Burst && p.burst.length > 0 {
			s.Length = min(p.burst.length, longestBurst)
		} else if s.Kind == Burst {
			p.assume(assumedBurst, 0, None)
		}
	}
	if s.Kind == Normal && s.Length > 0 { // nothing happens, for so long
		s.Before, s.After, s.Length = s.Length/2, s.Length-s.Length/2, 0
		return s
	}
	s.Before = min(max(s.Length/2, time.Minute), 10*time.Minute)
	s.After = max(2*s.Length, 3*time.Minute)
	return s
}

// A burst is what is known of the bursts of a journey.
type burst struct {
	length   time.Duration      // the first that a step has; 0 when none says it
	times    float64            // its peak over its mean; 0 when none says it
	step     int32              // whose peak that is
	measured *manifest.Evidence // unless its peak is declared
}

// bursts takes the length of the first burst that a step has, and the first peak that lies
// above its mean: one that is declared, else one that was measured.
func (b *builder) bursts() {
	k := &b.out.burst
	for i := range b.out.Steps {
		r := b.op(int32(i)).Rates
		if r == nil {
			continue
		}
		if k.length == 0 {
			k.length = r.Burst
		}
		if mean := b.mean(int32(i)); k.times == 0 && mean > 0 && r.Peak > mean {
			k.times, k.step = r.Peak/mean, int32(i)
		}
	}
	for i := range b.out.Steps {
		m := b.facts(int32(i)).Measured
		if m == nil || k.times > 0 {
			continue
		}
		if mean := b.mean(int32(i)); mean > 0 && m.Peak.Value > mean {
			k.times, k.step, k.measured = m.Peak.Value/mean, int32(i), m
		}
	}
}

// times returns how many times as many requests a burst brings that nobody described.
func (p *Prepared) times() float64 {
	switch {
	case p.burst.measured != nil:
		p.read(measuredPeak, p.burst.measured.Peak.Value, p.burst.step, p.burst.measured)
	case p.burst.times == 0:
		p.assume(assumedPeak, 0, None)
		return 5
	}
	return p.burst.times
}

// Fit watches at most mostWatched times as long after the event as was meant first, and
// unrestored times as long when the journey doesn't recover even then: the event should
// still be seen on a chart.
const mostWatched, unrestored = 16, 2

// Fit returns the scenario with enough time after the event for the journey to recover,
// as far as that ends, and how many events such a run has: it runs once, and watches twice
// as long while the journey doesn't recover. A run of more than so many events is not
// tried. told is called now and then with the share of such a run that is over. The error
// is that of the context.
func Fit(ctx context.Context, m *Model, s Scenario, most int64, chance func(step int) Chance, told func(share float64)) (Scenario, int64, error) {
	first := s
	for longer := s; ; longer.After *= 2 {
		e := NewEngine(m, longer)
		e.Watch(told)
		r, err := e.Run(ctx, chance)
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
