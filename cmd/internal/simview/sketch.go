package simview

import (
	"context"
	"io"
	"slices"
	"time"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/simulate"
)

// A sketch is a small simulation that shows what a rule is about.
type sketch struct {
	title    string
	model    simulate.Model
	scenario simulate.Scenario
	of       func(*simulate.Run, int) float64 // by bucket
}

// sketchOf returns the sketch of a topic by its name; ok is false when it has none.
func sketchOf(topic string) (s sketch, ok bool) {
	const ms = time.Millisecond
	message := func(workers int) simulate.Step {
		return simulate.Step{
			Name: "send", Service: "worker", Parent: simulate.None, Detached: true, Own: simulate.Time{Median: 80 * ms, P99: 240 * ms},
			Queue: simulate.Queue{Workers: workers},
		}
	}
	waiting := func(r *simulate.Run, b int) float64 { return float64(r.Buckets[b].Waiting) }
	quiet := simulate.Scenario{Before: 5 * time.Minute, After: 5 * time.Minute}
	burst := simulate.Scenario{Kind: simulate.Burst, Times: 3, Length: 2 * time.Minute, Before: 2 * time.Minute, After: 16 * time.Minute}
	outage := simulate.Scenario{Kind: simulate.Down, Callee: "c", Refuse: true, Length: time.Minute, Before: time.Minute, After: time.Minute}
	switch topic {
	case "retry-storm":
		s = sketch{title: "attempts a second at the third of three layers that each try three times, at 10 requests a second", scenario: outage, model: simulate.Model{Rate: 10}}
		for i, service := range []string{"a", "b", "c"} {
			s.model.Steps = append(s.model.Steps, simulate.Step{
				Name: service, Service: service, Slot: int32(i), Parent: int32(i) - 1, Attempts: 3, Backoff: 20 * ms, Own: simulate.Time{Median: 5 * ms, P99: 20 * ms},
			})
		}
		s.of = func(r *simulate.Run, b int) float64 {
			return float64(r.Steps[2].Buckets[b].Attempts) * simulate.Buckets / outage.Measured().Seconds()
		}
	case "queue-never-drains":
		s = sketch{title: "messages waiting when the load is 110% of capacity", scenario: quiet, model: simulate.Model{Rate: 12.3, Steps: []simulate.Step{message(1)}}, of: waiting}
	case "queue-slow-drain":
		s = sketch{title: "messages waiting after a 2m burst, with workers busy 80% of the time before it", scenario: burst, model: simulate.Model{Rate: 26.8, Steps: []simulate.Step{message(3)}}, of: waiting}
	default:
		return s, false
	}
	return s, true
}

// WriteSketch draws what a topic is about, when a small simulation can show it. The error
// is the first that w returned.
func WriteSketch(w io.Writer, topic string, chance func(step int) simulate.Chance, l term.Layout) error {
	s, ok := sketchOf(topic)
	if !ok {
		return nil
	}
	r, err := simulate.NewEngine(&s.model, s.scenario).Run(context.Background(), chance)
	if err != nil {
		return err
	}
	b := markup.NewWriter(w)
	t := &texter{Writer: b, Page: &Page{Scenario: s.scenario}, Layout: l}
	series := make([]float64, simulate.Buckets)
	for i := range series {
		series[i] = s.of(r, i)
	}
	t.WriteByte('\n')
	t.line(term.Bold, "  ", "Simulated: "+s.title)
	t.chart(series, max(1, slices.Max(series)))
	return b.Flush()
}
