package simulate

import (
	"context"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An interval of 95 % holds the true number in about 95 of 100 simulations: where the truth
// is known, it is tried. Shares may lie in theirs more often, since those are as wide as so
// few requests demand.
func TestIntervalsCover(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("thousands of runs")
	}
	const simulations, runs = 200, 10
	retried := &Model{Rate: 20, Steps: []Step{{Name: "call", Service: "b", Parent: None, Own: constant(5 * ms), Failure: .3, Attempts: 3}}}
	slow := &Model{Rate: 20, Steps: []Step{{Name: "call", Service: "b", Parent: None, Own: Time{Median: 20 * ms, P99: 90 * ms}}}}
	rare := &Model{Rate: 20, Steps: []Step{{Name: "call", Service: "b", Parent: None, Own: constant(ms), Failure: .001}}}
	line := &Model{Rate: 50, Steps: []Step{{Name: "call", Service: "b", Parent: None, Own: exponential(10 * ms), Capacity: 100}}}
	for _, model := range []struct {
		*Model
		figures []covered
	}{
		{retried, []covered{
			{name: "success", truth: 1 - .027, of: func(s *Summary) Estimate { return s.Whole.Success }, share: true},
			{name: "attempts", truth: (1 - .027) / .7, of: func(s *Summary) Estimate { return s.Steps[0].Amplification }},
		}},
		{slow, []covered{
			{name: "mean", truth: slow.Steps[0].Own.Mean(), of: func(s *Summary) Estimate { return s.Whole.FeltMean }},
			{name: "median", truth: .020, of: func(s *Summary) Estimate { return s.Whole.FeltMedian }},
			{name: "p99", truth: .090, of: func(s *Summary) Estimate { return s.Whole.FeltTail }},
			{name: "success of all", truth: 1, of: func(s *Summary) Estimate { return s.Whole.Success }, share: true},
		}},
		{rare, []covered{{name: "success of nearly all", truth: .999, of: func(s *Summary) Estimate { return s.Whole.Success }, share: true}}},
		{line, []covered{{name: "mean in line", truth: 1.0 / (100 - 50), of: func(s *Summary) Estimate { return s.Whole.FeltMean }}}},
	} {
		held := make([]int, len(model.figures))
		for k := range simulations {
			sum, err := Simulate(context.Background(), model.Model, quiet(30*time.Second), runs, seeded(uint64(k+1)), func(float64) {})
			if err != nil {
				t.Fatal(err)
			}
			for i := range model.figures {
				f := &model.figures[i]
				if e := f.of(sum); e.Sure && math.Abs(e.Mean-f.truth) <= e.Half {
					held[i]++
				}
			}
		}
		for i := range model.figures {
			f := &model.figures[i]
			t.Logf("%s: in %d of %d", f.name, held[i], simulations)
			if got := float64(held[i]) / simulations; got < .91 || got > .985 && !f.share {
				t.Errorf("the interval of %s holds the truth in %.1f %%", f.name, 100*got)
			}
		}
	}
}

// A covered number is known.
type covered struct {
	name  string
	truth float64
	of    func(*Summary) Estimate
	share bool
}

// An estimate is the mean, and Student's interval around it, however large the numbers are
// beside their differences.
func TestEstimate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]float64{0, 1, 1e6, 1e12}).Draw(t, "base")
		list := rapid.SliceOfN(rapid.Float64Range(0, 1), 2, 40).Draw(t, "numbers")
		var g gauge
		mean := 0.0
		for i := range list {
			list[i] = base + list[i]
			g.add(list[i])
			mean += (list[i] - base) / float64(len(list))
		}
		squares := 0.0
		for _, x := range list {
			squares += (x - base - mean) * (x - base - mean)
		}
		n := float64(len(list))
		half := student(len(list)-1) * math.Sqrt(squares/(n-1)/n)
		e := g.estimate()
		if !e.Known || !e.Sure || math.Abs(e.Mean-base-mean) > 1e-9*(1+base) || math.Abs(e.Half-half) > 1e-3*half+1e-9*(1+base/1e6) {
			t.Errorf("%v: %g ± %g, want %g ± %g", list, e.Mean, e.Half, base+mean, half)
		}
	})
}

// The interval of a share reaches as far as Wilson's, also when all runs agree.
func TestShareEstimate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		got, all int
		half     float64
	}{
		{100, 100, .0037}, {0, 100, .0037}, // 3.84 of 1000 and 3.84 more
		{50, 100, .031}, {10, 10, .037},
	} {
		var g shareGauge
		for range 10 {
			g.add(test.got, test.all)
		}
		e := g.estimate()
		if math.Abs(e.Half-test.half) > .02*test.half+.0002 || e.Mean != float64(test.got)/float64(test.all) {
			t.Errorf("%d of %d ten times: %g ± %g, want ± %g", test.got, test.all, e.Mean, e.Half, test.half)
		}
	}
	var g shareGauge
	g.add(0, 0)
	if e := g.estimate(); e.Known || !e.Nowhere {
		t.Errorf("a share of nothing: %+v", e)
	}
	g = shareGauge{}
	g.add(5, 5)
	if e := g.estimate(); !e.Known || e.Sure {
		t.Errorf("one run: %+v", e)
	}
}

// Totals add up what happened within a run, and so their interval knows that steps suffer
// together.
func TestTotals(t *testing.T) {
	t.Parallel()
	c := newCollector([]Step{{}, {Repeats: true}, {}})
	for run := range 10 {
		r := &Run{Steps: make([]StepRun, 3)}
		for i := range r.Steps {
			r.Steps[i].Lost, r.Steps[i].Twice, r.Steps[i].Redone = run, 1, 2
		}
		c.add(r)
	}
	s := c.summary(10)
	one, all := s.Steps[0].Lost, s.Totals.Lost
	if all.Mean != 3*one.Mean || math.Abs(all.Half-3*one.Half) > 1e-9 {
		t.Errorf("lost at one step %v, at three %v", one, all)
	}
	if s.Totals.Twice.Mean != 6 || s.Totals.Recognized.Mean != 3 {
		t.Errorf("done twice %v, recognized %v", s.Totals.Twice, s.Totals.Recognized)
	}
}

// exp agrees with the exponential function.
func TestExp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-800, 800).Draw(t, "x")
		if got, want := exp(x), math.Exp(x); got != want && math.Abs(got/want-1) > 1e-12 {
			t.Errorf("exp(%g) is %g, want %g", x, got, want)
		}
	})
	if !math.IsNaN(exp(math.NaN())) || exp(math.Inf(-1)) != 0 {
		t.Error("exp of no number is one")
	}
}

// Whatever is put into a calendar comes out in the order of time, everything and nothing else.
func TestCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c calendar
		c.reset(rapid.Float64Range(0, 1e7).Draw(t, "rate"))
		now, put := int64(0), map[int32]int64{}
		next := int32(0)
		far := rapid.SampledFrom([]int64{10, 1e6, 1e10, 1e15}).Draw(t, "far")
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "push") || c.empty() {
				at := now + rapid.Int64Range(0, far).Draw(t, "ahead")
				if rapid.Bool().Draw(t, "at the last slot") {
					at = max(now, (c.slot+slots+rapid.Int64Range(-2, 2).Draw(t, "slots beyond"))<<c.shift+rapid.Int64Range(-1, 1).Draw(t, "off"))
				}
				c.push(at, tick, next, uint32(next))
				put[next] = at
				next++
				continue
			}
			ev := c.pop()
			if at, known := put[ev.index]; !known || at != ev.at || ev.at < now || ev.kind() != tick {
				t.Fatalf("%v comes at %d, it was put at %d", ev, now, put[ev.index])
			}
			delete(put, ev.index)
			now = ev.at
			for _, at := range put {
				if at < now {
					t.Fatalf("one of %d comes after %d", at, now)
				}
			}
		}
		for !c.empty() {
			delete(put, c.pop().index)
		}
		if len(put) > 0 {
			t.Fatalf("%d never come", len(put))
		}
	})
}

// What waits when a run ends is told from what is under way, and its age counts from when it
// was handed over, also while it waits to be delivered again.
func TestWhatIsLeft(t *testing.T) {
	t.Parallel()
	busy := send(func(q *Queue) { q.Workers = 1000 })
	busy.Steps[0].Own = constant(10 * time.Second)
	if r := once(t, busy, quiet(time.Minute)); r.Phases[After].Waiting != 0 || r.Phases[After].Pending < 150 || r.Phases[After].Pending > 250 || r.Steps[0].Oldest != 0 {
		t.Errorf("with workers enough %d of %d wait, the oldest for %s", r.Phases[After].Waiting, r.Phases[After].Pending, r.Steps[0].Oldest)
	}
	full := send(func(q *Queue) { q.Workers = 1 })
	full.Steps[0].Own = constant(100 * ms)
	if r := once(t, full, quiet(time.Minute)); r.Phases[After].Pending-r.Phases[After].Waiting > 1 || r.Phases[After].Waiting < 300 || r.Steps[0].Oldest < 20*time.Second {
		t.Errorf("with too few %d of %d wait, the oldest for %s", r.Phases[After].Waiting, r.Phases[After].Pending, r.Steps[0].Oldest)
	}
	late := send(func(q *Queue) { q.Workers, q.Redelivery = 100, 10*time.Minute })
	if r := once(t, late, scene(Poison, 10)); r.Phases[During].Waiting < 80 || r.Steps[0].Oldest < time.Minute || r.Buckets[Buckets-1].Oldest < 50 {
		t.Errorf("%d wait to be delivered again, the oldest for %s; it shows %g s", r.Phases[During].Waiting, r.Steps[0].Oldest, r.Buckets[Buckets-1].Oldest)
	}
}
