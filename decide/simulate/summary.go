package simulate

import (
	"context"
	"math"
	"time"
)

// An Estimate is the mean of a number over runs, and how far on either side the true one
// lies in 95 of 100 cases, by Student's distribution. A number that some run doesn't
// have is not known.
type Estimate struct {
	Mean, Half float64
	Known      bool // in every run
	Sure       bool // Half is known: there were at least two runs
	Nowhere    bool // no run has it
}

// A gauge gathers a number over runs: its mean and the sum of the squares of what lies
// between, by Welford's recurrence, which loses no digits.
type gauge struct {
	mean, squares float64
	n, missing    int
}

func (g *gauge) add(x float64) {
	g.n++
	before := x - g.mean
	g.mean += before / float64(g.n)
	g.squares += before * (x - g.mean)
}

func (g *gauge) addTime(t time.Duration, ok bool) {
	if !ok {
		g.missing++
		return
	}
	g.add(t.Seconds())
}

func (g *gauge) estimate() Estimate {
	if g.n == 0 || g.missing > 0 {
		return Estimate{Nowhere: g.n == 0}
	}
	e := Estimate{Mean: g.mean, Known: true}
	if g.n > 1 {
		e.Half, e.Sure = student(g.n-1)*math.Sqrt(g.squares/float64(g.n-1)/float64(g.n)), true
	}
	return e
}

// A shareGauge gathers a share over runs, and what it is the share of.
type shareGauge struct {
	gauge
	got, all int
}

func (g *shareGauge) add(got, all int) {
	if all == 0 {
		g.missing++
		return
	}
	g.got += got
	g.all += all
	g.gauge.add(float64(got) / float64(all))
}

// estimate gives at least the interval that so many requests leave open by themselves,
// Wilson's: runs of which none fails agree, and still don't show that none ever does.
func (g *shareGauge) estimate() Estimate {
	e := g.gauge.estimate()
	if !e.Sure {
		return e
	}
	const z = 1.959964
	n := float64(g.all)
	p := float64(g.got) / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	e.Half = max(e.Half, e.Mean-(middle-half), middle+half-e.Mean)
	return e
}

// students are the 97.5th percentiles of Student's distribution by degrees of freedom,
// from 1.
var students = [...]float64{
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
	2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
	2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
}

func student(freedom int) float64 {
	if freedom <= len(students) {
		return students[freedom-1]
	}
	return 1.96 + 2.4/float64(freedom) // within .002 of the true value
}

// A PhaseSummary is what the requests of a phase went through, over runs. Times are in
// seconds.
type PhaseSummary struct {
	Requests      Estimate
	Success       Estimate // a share
	FeltMean      Estimate
	FeltMedian    Estimate
	FeltTail      Estimate // p99
	OutcomeMean   Estimate
	OutcomeMedian Estimate
	OutcomeTail   Estimate // p99
	Never         Estimate // requests some of whose work was given up after the answer
	Pending       Estimate // requests some of whose work was not done when the run ended
	Waiting       Estimate // of those, the ones whose work waits in a queue
	Underway      Estimate // and those whose work doesn't wait
}

// A StepSummary is what happened at a step, over runs.
type StepSummary struct {
	Attempts, Amplification, MostOpen, MostWaiting, Oldest Estimate
	TimedOut, Refused, Broken, Shed, Wasted                Estimate
	Twice, Unknown, Redone                                 Estimate
	DeadLettered, Lost, Expired, Unsent                    Estimate
	Waiting                                                [Buckets]float64 // mean
}

// A Summary is what a variant of a journey goes through in a scenario, over runs.
type Summary struct {
	Runs       int
	Events     int64
	Phases     [3]PhaseSummary
	Whole      PhaseSummary // of all phases
	Steps      []StepSummary
	Totals     Totals
	MostOpen   Estimate // requests of the journey without an answer at a time
	Users      Estimate // seconds until requests succeed as before, and as soon
	Queues     Estimate // seconds until no queue is longer than before
	Unrestored int      // runs that ended before users and queues had recovered

	Success, Felt, Waiting, Oldest, Open [Buckets]float64 // means; Success is NaN where nothing arrived
}

// Simulate runs a model so many times and sums it up. chance gives the source of a run
// for arrivals (None) and for each step. told is called now and then with how many runs
// are over, the part of the one at hand included. The error is that of the context.
func Simulate(ctx context.Context, m *Model, s Scenario, runs int, chance func(run, step int) Chance, told func(runs float64)) (*Summary, error) {
	e := NewEngine(m, s)
	c := newCollector(m.Steps)
	for run := range runs {
		e.Watch(func(share float64) { told(float64(run) + share) })
		r, err := e.Run(ctx, func(step int) Chance { return chance(run, step) })
		if err != nil {
			return nil, err
		}
		c.add(r)
		told(float64(run + 1))
		if err := ctx.Err(); err != nil { // a short run never looks
			return nil, err
		}
	}
	return c.summary(runs), nil
}

// A collector sums runs up.
type collector struct {
	model         []Step
	phases        [4]phaseGauges // the last is of all
	steps         []stepGauges
	totals        [totalFigures]gauge
	most          gauge
	users, queues gauge
	unrestored    int
	events        int64
	requests      [Buckets]int
	success       [Buckets]int
	felt          [Buckets]float64
	waiting       [Buckets]float64
	oldest        [Buckets]float64
	open          [Buckets]float64
	depths        [][Buckets]float64
	whole         Numbers
}

type phaseGauges struct {
	success                                                                           shareGauge
	requests, feltMean, feltMedian, feltTail, outcomeMean, outcomeMedian, outcomeTail gauge
	never, pending, waiting, underway                                                 gauge
}

// stepFigures is how many numbers of a step are gathered.
const stepFigures = 17

type stepGauges [stepFigures]gauge

func newCollector(steps []Step) *collector {
	return &collector{model: steps, steps: make([]stepGauges, len(steps)), depths: make([][Buckets]float64, len(steps))}
}

func (g *phaseGauges) add(n *Numbers) {
	g.requests.add(float64(n.Requests))
	g.success.add(n.Succeeded, n.Requests)
	g.feltMean.addTime(n.FeltMean())
	g.feltMedian.addTime(n.Felt(.5))
	g.feltTail.addTime(n.Felt(.99))
	g.outcomeMean.addTime(n.OutcomeMean())
	g.outcomeMedian.addTime(n.Outcome(.5))
	g.outcomeTail.addTime(n.Outcome(.99))
	g.never.add(float64(n.Never))
	g.pending.add(float64(n.Pending))
	g.waiting.add(float64(n.Waiting))
	g.underway.add(float64(n.Pending - n.Waiting))
}

func (g *phaseGauges) summary() PhaseSummary {
	return PhaseSummary{
		Requests: g.requests.estimate(), Success: g.success.estimate(),
		FeltMean: g.feltMean.estimate(), FeltMedian: g.feltMedian.estimate(), FeltTail: g.feltTail.estimate(),
		OutcomeMean: g.outcomeMean.estimate(), OutcomeMedian: g.outcomeMedian.estimate(), OutcomeTail: g.outcomeTail.estimate(),
		Never: g.never.estimate(), Pending: g.pending.estimate(), Waiting: g.waiting.estimate(), Underway: g.underway.estimate(),
	}
}

// join adds the numbers of a phase to those of the whole run.
func (n *Numbers) join(o *Numbers) {
	n.Requests += o.Requests
	n.Succeeded += o.Succeeded
	n.Never += o.Never
	n.Pending += o.Pending
	n.Waiting += o.Waiting
	n.felt.join(&o.felt)
	n.outcome.join(&o.outcome)
}

func (c *collector) add(r *Run) {
	c.events += r.Events
	c.whole = Numbers{}
	for p := range r.Phases {
		c.phases[p].add(&r.Phases[p])
		c.whole.join(&r.Phases[p])
	}
	c.phases[phaseCount].add(&c.whole)
	for b := range r.Buckets {
		k := &r.Buckets[b]
		c.requests[b] += k.Requests
		c.success[b] += k.Succeeded
		c.felt[b] += k.Felt
		c.waiting[b] += float64(k.Waiting)
		c.oldest[b] += k.Oldest
		c.open[b] += float64(k.Open)
	}
	c.most.add(float64(r.MostOpen))
	c.users.addTime(r.UsersRecovered, r.UsersRecovered >= 0)
	c.queues.addTime(r.QueuesRecovered, r.QueuesRecovered >= 0)
	if r.UsersRecovered < 0 || r.QueuesRecovered < 0 {
		c.unrestored++
	}
	for i := range r.Steps {
		c.addStep(i, &r.Steps[i])
	}
	c.addTotals(r)
}

func (c *collector) addStep(i int, s *StepRun) {
	for b := range s.Buckets {
		c.depths[i][b] += float64(s.Buckets[b].Waiting)
	}
	for k, x := range [stepFigures]float64{
		float64(s.Attempts), s.Amplification, float64(s.MostOpen), float64(s.MostWaiting), s.Oldest.Seconds(),
		float64(s.TimedOut), float64(s.Refused), float64(s.Broken), float64(s.Shed), float64(s.Wasted),
		float64(s.Twice), float64(s.Unknown), float64(s.Redone),
		float64(s.DeadLettered), float64(s.Lost), float64(s.Expired), float64(s.Unsent),
	} {
		c.steps[i][k].add(x)
	}
}

func (g *stepGauges) summary() StepSummary {
	var s StepSummary
	for k, to := range [stepFigures]*Estimate{
		&s.Attempts, &s.Amplification, &s.MostOpen, &s.MostWaiting, &s.Oldest,
		&s.TimedOut, &s.Refused, &s.Broken, &s.Shed, &s.Wasted,
		&s.Twice, &s.Unknown, &s.Redone,
		&s.DeadLettered, &s.Lost, &s.Expired, &s.Unsent,
	} {
		*to = g[k].estimate()
	}
	return s
}

func (c *collector) summary(runs int) *Summary {
	s := &Summary{
		Runs: runs, Events: c.events, Whole: c.phases[phaseCount].summary(), MostOpen: c.most.estimate(),
		Users: c.users.estimate(), Queues: c.queues.estimate(), Unrestored: c.unrestored, Totals: c.sums(),
	}
	for p := range s.Phases {
		s.Phases[p] = c.phases[p].summary()
	}
	n := float64(runs)
	for b := range Buckets {
		s.Success[b], s.Felt[b] = math.NaN(), math.NaN()
		if c.requests[b] > 0 {
			s.Success[b] = float64(c.success[b]) / float64(c.requests[b])
			s.Felt[b] = c.felt[b] / float64(c.requests[b])
		}
		s.Waiting[b], s.Oldest[b], s.Open[b] = c.waiting[b]/n, c.oldest[b]/n, c.open[b]/n
	}
	for i := range c.steps {
		step := c.steps[i].summary()
		for b := range Buckets {
			step.Waiting[b] = c.depths[i][b] / n
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}
