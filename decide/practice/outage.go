package practice

import (
	"context"
	"math"
	"time"

	"waitornot/decide"
	"waitornot/decide/simulate"
)

// OutageLength is how long the callee of a card is down in its simulated outage.
const OutageLength = 5 * time.Minute

// OutageRate is how many requests arrive in a second meanwhile: no card says how many.
const OutageRate = 10.0

// What a simulated outage assumes besides: callers give up after twice the p99, at least
// after a second, at most where front doors cut the connection; half of the requests take
// a third of the p99; and workers keep up with twice the requests.
const (
	leastPatience  = time.Second
	mostPatience   = 30 * time.Second
	tailOverMedian = 3
	spareWorkers   = 2
)

// An Outage is what users go through while the callee of a card is down, when callers wait
// and when they hand the work over.
type Outage struct {
	Timeout  time.Duration // after which callers give up
	Waiting  OutageRun
	Detached OutageRun
}

// OutageRun is what the requests go through that arrive in an outage.
type OutageRun struct {
	Success float64       // the share that gets an answer other than an error
	Answer  time.Duration // the median until that answer, or the error
	Result  time.Duration // the median until the work is done; 0 when it is done for nobody
	Most    int           // requests, or messages, that wait at a time
	// Recovered is how long after the outage all is as before; negative when it isn't
	// within the time watched.
	Recovered time.Duration
	// Curve is the share of requests that succeed, or the messages that wait, over time;
	// never NaN.
	Curve [simulate.Buckets]float64
}

// Outage simulates five minutes without the callee, with the chance of arrivals
// (simulate.None) and of the one step. ok is false when the card doesn't say enough: no
// time, no verdict, or no callee whose outage would be felt; and when the work takes longer
// than the outage, which then shows nothing.
func (c *Card) Outage(ctx context.Context, chance func(step int) simulate.Chance) (o Outage, ok bool) {
	if c.Latency <= 0 || c.Latency > OutageLength || c.Verdict == decide.Undecided || c.Answers[decide.Coupling] != decide.Yes {
		return o, false
	}
	o.Timeout = min(max(2*c.Latency, leastPatience), mostPatience)
	own := simulate.Time{Median: c.Latency / tailOverMedian, P99: c.Latency}
	step := simulate.Step{Name: c.ID, Service: "callee", Parent: simulate.None, Own: own, Timeout: o.Timeout}
	waiting, ok := live(ctx, step, chance)
	if !ok {
		return o, false
	}
	o.Waiting = *waiting
	step.Detached = true
	step.Queue = simulate.Queue{Workers: int(math.Ceil(spareWorkers * OutageRate * own.Mean())), Outbox: true, DeadLetter: true}
	detached, ok := live(ctx, step, chance)
	if ok {
		o.Detached = *detached
	}
	return o, ok
}

// live runs a step through the outage.
func live(ctx context.Context, step simulate.Step, chance func(step int) simulate.Chance) (*OutageRun, bool) {
	s := simulate.Scenario{
		Kind: simulate.Down, Callee: step.Service, Length: OutageLength,
		Before: OutageLength / 2, After: 2*OutageLength + 4*time.Duration(step.Own.Mean()*float64(time.Second)),
	}
	r, err := simulate.NewEngine(&simulate.Model{Rate: OutageRate, Steps: []simulate.Step{step}}, s).Run(ctx, chance)
	if err != nil || r.Phases[simulate.During].Requests == 0 {
		return nil, false
	}
	n := &r.Phases[simulate.During]
	l := &OutageRun{Success: float64(n.Succeeded) / float64(n.Requests), Most: r.Steps[0].MostOpen, Recovered: r.UsersRecovered}
	l.Answer, _ = n.Felt(.5)
	l.Result, _ = n.Outcome(.5)
	if step.Detached {
		l.Most, l.Recovered = r.Steps[0].MostWaiting, r.QueuesRecovered
	}
	share := 1.0
	for b := range r.Buckets {
		k := &r.Buckets[b]
		if k.Requests > 0 {
			share = float64(k.Succeeded) / float64(k.Requests)
		}
		if l.Curve[b] = share; step.Detached {
			l.Curve[b] = float64(k.Waiting)
		}
	}
	return l, true
}
