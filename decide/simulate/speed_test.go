package simulate

import (
	"context"
	"testing"
	"time"
)

// tenSteps is a journey of ten steps, one in another, two side by side, and a queue.
func tenSteps(rate float64) *Model {
	own := Time{Median: 4 * time.Millisecond, P99: 15 * time.Millisecond}
	m := &Model{Rate: rate}
	for i := range 10 {
		m.Steps = append(m.Steps, Step{
			Name: "s", Service: string(rune('a' + i)), Parent: None, Slot: int32(i), Own: own,
			Timeout: time.Second, Attempts: 3, Backoff: 10 * time.Millisecond, Jitter: true, Breaker: true, Pool: max(1, int(rate/2)), Failure: .001,
		})
	}
	m.Steps[4].Parent = 3
	m.Steps[5].Parent = 4
	m.Steps[7].Slot = 6
	m.Steps[8].Capacity = 4 * rate
	m.Steps[9].Detached = true
	m.Steps[9].Queue = Queue{Workers: max(1, int(rate/25)), MaxDeliveries: 3, DeadLetter: true, Redelivery: time.Second}
	return m
}

// One run of a million requests over ten steps, half of them through an outage.
func BenchmarkMillionRequests(b *testing.B) {
	e := NewEngine(tenSteps(1000), Scenario{Kind: Slow, Callee: "i", Times: 3, Length: 440 * time.Second, Before: 100 * time.Second, After: 400 * time.Second})
	chance := seeded(1)
	events := int64(0)
	for b.Loop() {
		r, err := e.Run(context.Background(), func(step int) Chance { return chance(0, step) })
		if err != nil {
			b.Fatal(err)
		}
		events += r.Events
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

// A hundred times as many requests at a time take a hundred times as long: the metric is how
// many times as long an event takes.
func BenchmarkGrowth(b *testing.B) {
	cost := func(rate float64) float64 {
		e := NewEngine(tenSteps(rate), Scenario{Kind: Slow, Callee: "i", Times: 3, Length: 20 * time.Second, Before: 10 * time.Second, After: 20 * time.Second})
		chance, events, began := seeded(1), int64(0), time.Now()
		for run := 0; events < 3_000_000; run++ {
			r, err := e.Run(context.Background(), func(step int) Chance { return chance(run, step) })
			if err != nil {
				b.Fatal(err)
			}
			events += r.Events
		}
		return float64(time.Since(began)) / float64(events)
	}
	few, many := 0.0, 0.0
	for b.Loop() {
		few += cost(100)
		many += cost(10_000)
	}
	b.ReportMetric(many/few, "times")
}

// A run allocates nothing but what sums it up: as much for many requests as for few.
func TestRunAllocatesNothing(t *testing.T) {
	chances := make([]Chance, 11)
	for i := range chances {
		chances[i] = seeded(1)(0, i)
	}
	allocs := func(rate float64) float64 {
		e := NewEngine(tenSteps(rate), Scenario{Kind: Down, Callee: "i", Length: 20 * time.Second, Before: 10 * time.Second, After: 20 * time.Second})
		run := func() {
			if _, err := e.Run(context.Background(), func(step int) Chance { return chances[step+1] }); err != nil {
				t.Fatal(err)
			}
		}
		run()
		return testing.AllocsPerRun(3, run)
	}
	if few, many := allocs(10), allocs(500); many > few+4 {
		t.Errorf("%.0f allocations at 10 requests a second, %.0f at 500", few, many)
	}
}
