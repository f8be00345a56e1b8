package simview

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/term"
	"waitornot/decide/simulate"
)

func sketchChance(step int) simulate.Chance { return rand.New(rand.NewPCG(1, uint64(step+1))) }

// Sketches keep to the width and to ASCII where that is wanted, and only topics that a
// simulation can show have one.
func TestSketches(t *testing.T) {
	t.Parallel()
	for _, topic := range []string{"retry-storm", "queue-never-drains", "queue-slow-drain"} {
		for _, width := range []int{40, 80, 140} {
			var b strings.Builder
			if err := WriteSketch(&b, topic, sketchChance, term.Layout{Width: width, ASCII: true}); err != nil {
				t.Fatal(err)
			}
			for l := range strings.Lines(b.String()) {
				if l = strings.TrimSuffix(l, "\n"); term.Cells(l) > width || strings.TrimRight(l, " ") != l {
					t.Errorf("%s at %d: %q", topic, width, l)
				}
			}
			if i := strings.IndexFunc(b.String(), func(r rune) bool { return r > 0x7e }); i >= 0 || strings.Count(b.String(), "\n") < 9 {
				t.Errorf("%s at %d:\n%s", topic, width, b.String())
			}
		}
	}
	var b strings.Builder
	if err := WriteSketch(&b, "immediacy", sketchChance, term.Layout{}); err != nil || b.Len() > 0 {
		t.Errorf("immediacy has a sketch: %q, %v", b.String(), err)
	}
}

// What sketches show is what arithmetic says: three layers of three attempts make 27, a queue
// that gets more than it does grows by the difference, and a burst is gone when the difference
// has worked it off.
func TestSketchesAreRight(t *testing.T) {
	t.Parallel()
	run := func(topic string) (*sketch, []float64) {
		s, ok := sketchOf(topic)
		if !ok {
			t.Fatal(topic)
		}
		r, err := simulate.NewEngine(&s.model, s.scenario).Run(context.Background(), sketchChance)
		if err != nil {
			t.Fatal(err)
		}
		series := make([]float64, simulate.Buckets)
		for b := range series {
			series[b] = s.of(r, b)
		}
		return &s, series
	}
	near := func(what string, got, want float64) {
		if got < .8*want || got > 1.2*want {
			t.Errorf("%s: %.4g, want about %.4g", what, got, want)
		}
	}
	_, storm := run("retry-storm")
	sum := 0.0
	for _, y := range storm[40:80] { // the outage
		sum += y
	}
	near("attempts a second", sum/40, 27*10)
	s, grows := run("queue-never-drains")
	work := s.model.Steps[0].Own.Mean()
	near("a queue after ten minutes", grows[simulate.Buckets-1], (s.model.Rate-1/work)*600)
	s, drains := run("queue-slow-drain")
	capacity := float64(s.model.Steps[0].Queue.Workers) / work
	most := 0.0
	gone := time.Duration(0)
	for b, y := range drains {
		most = max(most, y)
		if y > 20 {
			gone = s.scenario.Measured() * time.Duration(b+1) / simulate.Buckets
		}
	}
	backlog := (s.scenario.Times*s.model.Rate - capacity) * s.scenario.Length.Seconds()
	near("the backlog of a burst", most, backlog)
	near("until it is gone", (gone - s.scenario.Before - s.scenario.Length).Seconds(), backlog/(capacity-s.model.Rate))
}

// Each event is said in words, with its number as it was given.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		s    simulate.Scenario
		want string
	}{
		{simulate.Scenario{}, "nothing out of the ordinary"},
		{simulate.Scenario{Kind: simulate.Burst, Times: 2.25, Length: time.Minute}, "2.25 times as many requests for 1m"},
		{simulate.Scenario{Kind: simulate.Burst, Times: 1.01, Length: time.Minute}, "1.01 times as many requests for 1m"},
		{simulate.Scenario{Kind: simulate.Slow, Callee: "b", Times: 1e6, Length: time.Second}, "b takes 1000000 times as long for 1s"},
		{simulate.Scenario{Kind: simulate.Slow, Callee: "b", Times: .5, Length: time.Second}, "b takes 0.5 times as long for 1s"},
		{simulate.Scenario{Kind: simulate.Burst, Times: 10. / 3, Length: time.Second}, "3.33 times as many requests for 1s"},
		{simulate.Scenario{Kind: simulate.Poison, Callee: "b", Times: 12345, Length: time.Second}, "one request in 12345 makes b fail, for 1s"},
		{simulate.Scenario{Kind: simulate.Poison, Callee: "b", Times: 1, Length: time.Second}, "every request makes b fail, for 1s"},
		{simulate.Scenario{Kind: simulate.Down, Callee: "b", Length: time.Hour}, "b doesn't answer for 1h"},
		{simulate.Scenario{Kind: simulate.Down, Callee: "b", Refuse: true, Length: time.Hour}, "b rejects every call for 1h"},
		{simulate.Scenario{Kind: simulate.Deploy, Callee: "b", Length: time.Minute}, "the instances of b restart one after another, for 1m"},
	} {
		if got := Event(&test.s); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
