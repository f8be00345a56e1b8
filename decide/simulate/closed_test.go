package simulate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// seeded gives each run and step a source of its own.
func seeded(seed uint64) func(run, step int) Chance {
	return func(run, step int) Chance { return rand.New(rand.NewPCG(seed, uint64(run)<<32|uint64(step+1))) }
}

func constant(d time.Duration) Time    { return Time{Median: d, Shape: Constant} }
func exponential(d time.Duration) Time { return Time{Median: d, Shape: Exponential} }

// quiet is a scenario in which nothing out of the ordinary.
func quiet(length time.Duration) Scenario { return Scenario{Before: length / 2, After: length / 2} }

// erlangB is the share of calls that find all of c servers busy, when none waits.
func erlangB(c int, load float64) float64 {
	b := 1.0
	for k := 1; k <= c; k++ {
		b = load * b / (float64(k) + load*b)
	}
	return b
}

// erlangC is the share of calls that wait for one of c servers.
func erlangC(c int, load float64) float64 {
	b := erlangB(c, load)
	return b / (1 - load/float64(c)*(1-b))
}

// A closedForm is a number that theory gives and that runs must show.
type closedForm struct {
	name, formula string
	want          float64
	unit          string // s, % or nothing
	model         *Model
	scenario      Scenario
	runs          int
	of            func(*Run) float64
}

// closedForms are all that the simulation is held to.
func closedForms() []closedForm {
	const ms = time.Millisecond
	called := func(own Time, servers int) Step {
		return Step{Name: "call", Service: "callee", Parent: None, Own: own, Capacity: float64(servers) / own.Mean()}
	}
	one := func(rate float64, s Step) *Model { return &Model{Rate: rate, Steps: []Step{s}} }
	mean := func(r *Run) float64 {
		var whole Numbers
		for p := range r.Phases {
			whole.join(&r.Phases[p])
		}
		d, _ := whole.FeltMean()
		return d.Seconds()
	}
	tail := func(r *Run) float64 {
		var whole Numbers
		for p := range r.Phases {
			whole.join(&r.Phases[p])
		}
		d, _ := whole.Felt(.99)
		return d.Seconds()
	}
	share := func(r *Run) float64 {
		var got, all int
		for p := range r.Phases {
			got += r.Phases[p].Succeeded
			all += r.Phases[p].Requests
		}
		return float64(got) / float64(all)
	}
	open := func(r *Run) float64 {
		sum := 0
		for b := range r.Buckets {
			sum += r.Buckets[b].Open
		}
		return float64(sum) / Buckets
	}
	waiting := func(r *Run) float64 {
		sum := 0
		for b := range r.Buckets {
			sum += r.Buckets[b].Waiting
		}
		return float64(sum) / Buckets
	}
	long := quiet(600 * time.Second)
	lognormal := Time{Median: 10 * ms, P99: 60 * ms}
	second := lognormal.Mean() * lognormal.Mean() * math.Exp(lognormal.sigma()*lognormal.sigma())
	queued := Step{Name: "send", Service: "worker", Parent: None, Detached: true, Own: exponential(100 * ms), Queue: Queue{Workers: 5}}
	drained := queued
	drained.Own = constant(100 * ms)
	retried := called(constant(5*ms), 1)
	retried.Capacity, retried.Failure, retried.Attempts = 0, .3, 3
	pooled := called(exponential(100*ms), 1)
	pooled.Capacity, pooled.Pool, pooled.Bulkhead = 0, 10, true
	impatient := Step{Name: "call", Service: "callee", Parent: None, Own: lognormal, Timeout: 40 * ms}
	var layers []Step
	for i := range 5 {
		layers = append(layers, Step{Name: "call", Service: string(rune('a' + i)), Parent: int32(i) - 1, Slot: int32(i), Own: constant(ms / 10), Attempts: 3})
	}
	outage := Scenario{Kind: Down, Callee: "worker", Length: 100 * time.Second, Before: 100 * time.Second, After: 500 * time.Second}
	return []closedForm{
		{"M/M/1, mean time", "1/(μ-λ)", 1.0 / (100 - 80), "s", one(80, called(exponential(10*ms), 1)), long, 40, mean},
		{"M/M/1, p99 of the time", "ln 100/(μ-λ)", math.Log(100) / (100 - 80), "s", one(80, called(exponential(10*ms), 1)), long, 40, tail},
		{"M/M/3, mean time", "1/μ + C(3, λ/μ)/(3μ-λ), Erlang C", .01 + erlangC(3, 2.5)/(300-250), "s", one(250, called(exponential(10*ms), 3)), long, 20, mean},
		{"M/D/1, mean time", "s + λs²/2(1-λs)", .01 + 80*.0001/(2*(1-.8)), "s", one(80, called(constant(10*ms), 1)), long, 20, mean},
		{"M/G/1, lognormal, mean time", "E[s] + λE[s²]/2(1-λE[s]), Pollaczek-Khinchine", lognormal.Mean() + 50*second/(2*(1-50*lognormal.Mean())), "s", one(50, called(lognormal, 1)), long, 20, mean},
		{"Little's law, calls open", "λW", 80.0 / (100 - 80), "", one(80, called(exponential(10*ms), 1)), long, 40, open},
		{"five workers, messages waiting", "C(5, λ/μ)·λ/(5μ-λ), Erlang C", erlangC(5, 4) * 40 / (50 - 40), "", one(40, queued), long, 20, waiting},
		{"a bulkhead of ten, calls refused", "B(10, λ/μ), Erlang B", erlangB(10, 8), "%", one(80, pooled), long, 20, func(r *Run) float64 { return 1 - share(r) }},
		{"a timeout of 40 ms, calls given up", "P(s > 40 ms)", math.Erfc(math.Log(4)/lognormal.sigma()/math.Sqrt2) / 2, "%", one(50, impatient), long, 20, func(r *Run) float64 { return 1 - share(r) }},
		{"three attempts at 30 % failures, success", "1-f³", 1 - .027, "%", one(50, retried), long, 20, share},
		{"three attempts at 30 % failures, attempts", "(1-f³)/(1-f)", (1 - .027) / .7, "", one(50, retried), long, 20, func(r *Run) float64 { return r.Steps[0].Amplification }},
		{"five layers of three attempts, calls of the last", "3⁵", 243, "", &Model{Rate: 5, Steps: layers}, Scenario{Kind: Down, Callee: "e", Refuse: true, Length: 400 * time.Second, Before: 50 * time.Second, After: 50 * time.Second}, 5, func(r *Run) float64 { return r.Steps[4].Amplification }},
		{"an outage of 100 s, messages it leaves", "λT", 40 * 100, "", one(40, drained), outage, 20, func(r *Run) float64 { return float64(r.Steps[0].MostWaiting) }},
		{"that backlog, time until it is gone", "λT/(5μ-λ)", 40 * 100 / (50 - 40), "s", one(40, drained), outage, 20, gone},
	}
}

// gone is how long after the event the queue of the first step is no longer than ten
// messages, as far as the buckets show it.
func gone(r *Run) float64 {
	width := 700 * time.Second / Buckets
	for b := range r.Buckets {
		if at := time.Duration(b+1) * width; at > 200*time.Second && r.Buckets[b].Waiting <= 10 {
			return (at - 200*time.Second - width/2).Seconds()
		}
	}
	return math.Inf(1)
}

// confidence widens the interval of 95 % in which each number lies to one in which all of
// them lie.
const confidence = 1.7

// What queueing theory gives in closed form is what runs show, within their confidence.
// The page says so in a table that is made here.
func TestClosedForms(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("millions of requests")
	}
	var table strings.Builder
	table.WriteString("| what | closed form | exact | simulated, 95 % confidence |\n| --- | --- | ---: | ---: |\n")
	write := func(x float64, unit string) string {
		switch unit {
		case "s":
			return fmt.Sprintf("%.4g s", x)
		case "%":
			return fmt.Sprintf("%.4g %%", 100*x)
		}
		return fmt.Sprintf("%.4g", x)
	}
	for i, c := range closedForms() {
		e := NewEngine(c.model, c.scenario)
		var g gauge
		for run := range c.runs {
			r, err := e.Run(context.Background(), func(step int) Chance { return seeded(uint64(i+1))(run, step) })
			if err != nil {
				t.Fatal(err)
			}
			g.add(c.of(r))
		}
		got := g.estimate()
		fmt.Fprintf(&table, "| %s | %s | %s | %s ± %s |\n", c.name, c.formula, write(c.want, c.unit), write(got.Mean, c.unit), write(got.Half, c.unit))
		if math.Abs(got.Mean-c.want) > max(confidence*got.Half, .005*c.want) {
			t.Errorf("%s: simulated %.5g ± %.2g, closed form %.5g", c.name, got.Mean, got.Half, c.want)
		}
	}
	renew(t, "closed forms", table.String())
}

// renew holds a part of the page between two marks to what it should be, or writes it
// there.
func renew(t *testing.T, mark, want string) {
	t.Helper()
	const path = "../../cmd/docs/simulate.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+mark+" -->\n", "<!-- end of "+mark+" -->\n"
	before, rest, found := strings.Cut(string(page), begin)
	got, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no part %q", path, mark)
	}
	if got == want {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Errorf("%s shows under %q\n%s\nwant\n%s", path, mark, got, want)
	} else if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The page lists everything that is assumed, and everything that a measurement stands in for.
func TestAssumptionsPage(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("| no manifest gives | taken instead | because |\n| --- | --- | --- |\n")
	for g := range guesses {
		a := Assumption{Guess: Guess(g), Value: float64(assumedPatience)}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", a.Fact(), a.Instead(), a.Why())
	}
	renew(t, "assumptions", table.String())
	table.Reset()
	table.WriteString("| no manifest gives | measured instead: `evidence:` |\n| --- | --- |\n")
	for q := range quantities {
		fmt.Fprintf(&table, "| %s | %s |\n", quantities[q].fact, quantities[q].evidence)
	}
	renew(t, "measurements", table.String())
}
