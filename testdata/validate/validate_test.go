// Package validate holds the simulation to what it simulates: HTTP servers and clients,
// and a NATS JetStream broker, run for real through an outage. It is a module of its own,
// so that the broker isn't linked into waitornot:
//
//	cd testdata/validate && go test -v
//
// UPDATE=1 writes what was measured into the page.
package validate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waitornot/decide/simulate"
)

// band is how far a simulated number may lie from the measured one: a share of it, or for
// shares five points, besides the confidence of the simulation.
const (
	band   = .15
	points = .05
)

// A figure is a number that is measured and simulated.
type figure struct {
	name     string
	unit     string // s, % or nothing
	measured float64
	gauge    []float64 // of the runs
	least    float64   // a difference that is too small to matter
}

func (f *figure) simulated() (mean, half float64) {
	var sum, squares float64
	for _, x := range f.gauge {
		sum += x
		squares += x * x
	}
	n := float64(len(f.gauge))
	mean = sum / n
	return mean, 1.96 * math.Sqrt(math.Max(0, squares/n-mean*mean))
}

// allowed is how far the mean of the runs may lie from what was measured once: the band, and
// how far 95 of 100 runs lie from their mean.
func (f *figure) allowed() float64 {
	_, spread := f.simulated()
	if f.unit == "%" {
		return points + spread
	}
	return math.Max(band*f.measured+spread, f.least)
}

func (f *figure) write(x float64) string {
	switch f.unit {
	case "s":
		return fmt.Sprintf("%.3g s", math.Round(x*1e6)/1e6) // what is below a microsecond is rounding
	case "%":
		return fmt.Sprintf("%.1f %%", 100*x)
	}
	return fmt.Sprintf("%.3g", x)
}

// An experiment runs something for real and in simulation.
type experiment struct {
	name     string
	model    simulate.Model
	scenario simulate.Scenario
	seed     uint64 // of the arrivals that are measured
	measure  func(*testing.T, *experiment) []float64
	figures  []figure
	read     func(*simulate.Run) []float64 // in the order of the figures
}

// runs is how many runs of a simulation are made.
const runs = 30

// simulate gives every run the arrivals that are measured: near an overload it is they that
// decide how it ends.
func (e *experiment) simulate(t *testing.T) {
	engine := simulate.NewEngine(&e.model, e.scenario)
	times := e.times()
	var arrived [3]int
	for _, at := range times {
		arrived[e.phase(at)]++
	}
	for run := range runs {
		r, err := engine.Run(context.Background(), func(step int) simulate.Chance {
			chance := rand.New(rand.NewPCG(1, uint64(run)<<32|uint64(step+1)))
			if step != simulate.None {
				return chance
			}
			return &replay{Rand: chance, rate: e.model.Rate, before: e.scenario.Before, times: times}
		})
		if err != nil {
			t.Fatal(err)
		}
		for p := range r.Phases {
			if r.Phases[p].Requests != arrived[p] {
				t.Fatalf("%s: simulated with %d requests %s, measured with %d", e.name, r.Phases[p].Requests, simulate.Phase(p), arrived[p])
			}
		}
		for i, x := range e.read(r) {
			e.figures[i].gauge = append(e.figures[i].gauge, x)
		}
	}
}

func TestAgainstReality(t *testing.T) {
	var table strings.Builder
	fmt.Fprintf(&table, "| experiment | number | measured | simulated, spread of a run |\n| --- | --- | ---: | ---: |\n")
	all := []*experiment{outage(), overload(), breaker(), bulkhead(), connections(), shedding(), deployment(), workers(), poison(), accepted()}
	measured := make([]bool, len(all))
	var wg sync.WaitGroup
	for i, e := range all {
		e.seed = uint64(31 + i) // so that they don't share what chance brings
		e.simulate(t)           // before anything is measured: it keeps the machine busy
	}
	for i, e := range all { // they mostly sleep
		wg.Go(func() { measured[i] = e.measured(t) })
	}
	wg.Wait()
	if slices.Contains(measured, false) {
		t.Skip("SKIPPED: the machine is too busy to measure")
	}
	for _, e := range all {
		name := e.name
		for i := range e.figures {
			f := &e.figures[i]
			mean, spread := f.simulated()
			row := fmt.Sprintf("| %s | %s | %s | %s ± %s |", name, f.name, f.write(f.measured), f.write(mean), f.write(spread))
			t.Log(row)
			table.WriteString(row + "\n")
			if !f.agrees() {
				t.Errorf("%s, %s: measured %.4g, simulated %.4g, allowed %.4g apart", e.name, f.name, f.measured, mean, f.allowed())
			}
			name = ""
		}
	}
	if os.Getenv("UPDATE") != "" && !t.Failed() {
		renew(t, table.String())
	}
}

// agrees reports whether what is simulated is as near to what was measured as is allowed.
func (f *figure) agrees() bool {
	mean, _ := f.simulated()
	return math.Abs(mean-f.measured) <= f.allowed()
}

// measured runs an experiment for real, and reports whether the machine ever kept up with it.
// It is run again when the machine did not, and when a figure is off: the machine may have been
// busy for a moment that timers don't tell of, but a simulation that is wrong is off every time.
func (e *experiment) measured(t *testing.T) (kept bool) {
	const tries = 5
	for range tries {
		var late time.Duration
		var pulse sync.WaitGroup
		done := make(chan struct{})
		pulse.Go(func() { late = lateness(done) })
		numbers := e.measure(t, e)
		close(done)
		pulse.Wait()
		t.Logf("%s: timers were %s late on average", e.name, late.Round(10*time.Microsecond))
		if late >= mostLate {
			continue
		}
		kept = true
		agree := true
		for i, x := range numbers {
			e.figures[i].measured = x
			agree = agree && e.figures[i].agrees()
		}
		if agree {
			return true
		}
		t.Logf("%s: a figure is off: %.4g", e.name, numbers)
	}
	return kept
}

// mostLate is how late timers may be on average while something is measured.
const mostLate = 4 * time.Millisecond

// lateness returns how late timers are on average until done is closed.
func lateness(done <-chan struct{}) time.Duration {
	const every = 10 * time.Millisecond
	var sum time.Duration
	n := time.Duration(0)
	for {
		at := time.Now()
		select {
		case <-done:
			return sum / max(1, n)
		case <-time.After(every):
		}
		sum += time.Since(at) - every
		n++
	}
}

// renew writes the table into the page.
func renew(t *testing.T, table string) {
	const path, begin, end = "../../cmd/docs/simulate.md", "<!-- measured -->\n", "<!-- end of measured -->\n"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(page), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no part for what was measured", path)
	}
	table += fmt.Sprintf("\nMeasured once with %s on %s/%s.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if err := os.WriteFile(path, []byte(before+begin+table+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// between reports whether a time lies in a part of an experiment.
func (e *experiment) phase(at time.Duration) simulate.Phase {
	switch {
	case at < e.scenario.Before:
		return simulate.Before
	case at < e.scenario.Before+e.scenario.Length:
		return simulate.During
	}
	return simulate.After
}

// lastFailure is how many seconds after the event the last part of a run ends in which a
// request fails.
func (e *experiment) lastFailure(r *simulate.Run) float64 {
	last := 0.0
	s := &e.scenario
	for b := range r.Buckets {
		at := s.Measured().Seconds()*float64(b+1)/simulate.Buckets - (s.Before + s.Length).Seconds()
		if at > 0 && r.Buckets[b].Succeeded < r.Buckets[b].Requests {
			last = at
		}
	}
	return last
}

// times are when requests arrive: at random at the model's rate, until the experiment ends.
func (e *experiment) times() (times []time.Duration) {
	chance := rand.New(rand.NewPCG(e.seed, 0))
	at := time.Duration(0)
	for {
		at += time.Duration(chance.ExpFloat64() / e.model.Rate * float64(time.Second))
		if at >= e.scenario.Measured() {
			return times
		}
		times = append(times, at)
	}
}

// arrivals calls do for each request when it arrives, and waits for all.
func (e *experiment) arrivals(do func(i int, at time.Duration)) {
	times := e.times()
	start := time.Now()
	var wg sync.WaitGroup
	for i, at := range times {
		time.Sleep(time.Until(start.Add(at)))
		wg.Go(func() { do(i, at) })
	}
	wg.Wait()
}

// A replay has requests arrive at random while a run warms up, which takes as long as what
// is measured before the event, and then at given times.
type replay struct {
	*rand.Rand
	rate   float64
	before time.Duration
	times  []time.Duration
	now    time.Duration
}

// ExpFloat64 returns the pause until the next request, in mean pauses: without an end
// after the last.
func (r *replay) ExpFloat64() float64 {
	pause := r.Rand.ExpFloat64()
	at := r.now + time.Duration(pause/r.rate*float64(time.Second))
	if at >= r.before {
		if len(r.times) == 0 {
			return math.Inf(1)
		}
		at = r.before + r.times[0]
		r.times = r.times[1:]
		pause = (at - r.now).Seconds() * r.rate
	}
	r.now = at
	return pause
}

// A clock draws times from a distribution, for many at once.
type clock struct {
	mu     sync.Mutex
	chance *rand.Rand
	time   simulate.Time
}

func newClock(t simulate.Time, seed uint64) *clock {
	return &clock{chance: rand.New(rand.NewPCG(seed, 1)), time: t}
}

func (c *clock) draw() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	sigma := 0.0
	if c.time.P99 > c.time.Median {
		sigma = math.Log(float64(c.time.P99)/float64(c.time.Median)) / 2.3263478740408408
	}
	return time.Duration(float64(c.time.Median) * math.Exp(sigma*c.chance.NormFloat64()))
}
