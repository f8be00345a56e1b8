package simulate

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// seeded gives each run and step a source of its own.
func seeded(seed uint64) func(run, step int) Chance {
	return func(run, step int) Chance { return rand.New(rand.NewPCG(seed+uint64(run), uint64(step+1))) }
}

func constant(d time.Duration) Time    { return Time{Median: d, Shape: Constant} }
func exponential(d time.Duration) Time { return Time{Median: d, Shape: Exponential} }

// simulated runs a model without an event.
func simulated(t *testing.T, m *Model, s Scenario, runs int) *Summary {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	sum, err := Simulate(context.Background(), m, s, runs, seeded(1), func() {})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func quiet(length time.Duration) Scenario { return Scenario{Before: length / 2, After: length / 2} }

// meanFelt is the mean time until the answer.
func meanFelt(s *Summary) float64 {
	var sum float64
	for _, x := range s.Felt {
		sum += x
	}
	return sum / Buckets
}

func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if math.Abs(got-want) > share*want {
		t.Errorf("%s: simulated %.5g, closed form %.5g", what, got, want)
	}
}

func erlangC(c int, load float64) float64 {
	b := 1.0
	for k := 1; k <= c; k++ {
		b = load * b / (float64(k) + load*b)
	}
	return b / (1 - load/float64(c)*(1-b))
}

func TestClosedForms(t *testing.T) {
	t.Parallel()
	server := func(own Time, servers int) Step {
		return Step{Name: "s", Service: "b", Parent: None, Own: own, Capacity: float64(servers) / own.Mean()}
	}
	t.Run("M/M/1", func(t *testing.T) {
		m := &Model{Rate: 80, Steps: []Step{server(exponential(10*time.Millisecond), 1)}}
		s := simulated(t, m, quiet(2000*time.Second), 10)
		near(t, "time in system", meanFelt(s), 1/(100.0-80), .03)
		near(t, "p99", s.Whole.FeltTail.Mean, math.Log(100)/(100-80), .05)
	})
	t.Run("M/M/3", func(t *testing.T) {
		m := &Model{Rate: 250, Steps: []Step{server(exponential(10*time.Millisecond), 3)}}
		s := simulated(t, m, quiet(2000*time.Second), 10)
		near(t, "time in system", meanFelt(s), .01+erlangC(3, 2.5)/(300-250), .03)
	})
	t.Run("M/G/1", func(t *testing.T) {
		own := Time{Median: 10 * time.Millisecond, P99: 60 * time.Millisecond}
		m := &Model{Rate: 50, Steps: []Step{server(own, 1)}}
		s := simulated(t, m, quiet(4000*time.Second), 10)
		mean, sg := own.Mean(), own.sigma()
		second := mean * mean * math.Exp(sg*sg)
		near(t, "time in system", meanFelt(s), mean+50*second/(2*(1-50*mean)), .04)
	})
}

// Five layers of three attempts make 243 calls of a callee that is down.
func TestAmplification(t *testing.T) {
	t.Parallel()
	m := &Model{Rate: 5}
	for i := range 5 {
		m.Steps = append(m.Steps, Step{Name: "s", Service: string(rune('a' + i)), Parent: int32(i) - 1, Slot: int32(i), Own: constant(time.Millisecond), Timeout: 0, Attempts: 3})
	}
	s := simulated(t, m, Scenario{Kind: Down, Callee: "e", Refuse: true, Length: 200 * time.Second, Before: 50 * time.Second, After: 50 * time.Second}, 3)
	near(t, "amplification", s.Steps[4].Amplification.Mean, 243, .01)
}
