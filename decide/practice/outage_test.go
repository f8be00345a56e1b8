package practice

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/simulate"
)

func seeded(step int) simulate.Chance { return rand.New(rand.NewPCG(1, uint64(step+1))) }

// outageCard is a card whose callee's outage would be felt.
func outageCard(latency time.Duration) *Card {
	c := &Card{ID: "shop/pay", Latency: latency, Verdict: decide.Async}
	c.Answers[decide.Coupling] = decide.Yes
	return c
}

// Who waits gets an error after the timeout; who hands over is let go, and the queue holds
// what arrived in five minutes and is done in as long, since workers keep up with twice as
// much.
func TestOutage(t *testing.T) {
	t.Parallel()
	for _, latency := range []time.Duration{300 * time.Millisecond, 4 * time.Second, 40 * time.Second} {
		o, ok := outageCard(latency).Outage(context.Background(), seeded)
		if !ok {
			t.Fatalf("%s: nothing to show", latency)
		}
		timeout := map[time.Duration]time.Duration{300 * time.Millisecond: time.Second, 4 * time.Second: 8 * time.Second, 40 * time.Second: 30 * time.Second}[latency]
		if w := &o.Waiting; o.Timeout != timeout || w.Success > .02 || w.Answer < timeout*98/100 || w.Answer > timeout*102/100 {
			t.Errorf("%s: a timeout of %s; %.3f succeed, half have an answer after %s", latency, o.Timeout, w.Success, w.Answer)
		}
		sent := OutageRate * OutageLength.Seconds()
		if d := &o.Detached; d.Success != 1 || math.Abs(float64(d.Most)-sent) > .1*sent || d.Result < 2*time.Minute || d.Result > 6*time.Minute {
			t.Errorf("%s: %.3f are accepted, %d messages wait, half are done after %s", latency, d.Success, d.Most, d.Result)
		}
		if r := o.Detached.Recovered; r < OutageLength/2 || r > 2*OutageLength {
			t.Errorf("%s: the queue is short %s after the outage, want about %s", latency, r, OutageLength)
		}
		for b := range simulate.Buckets {
			if x, y := o.Waiting.Curve[b], o.Detached.Curve[b]; !(x >= 0 && x <= 1) || !(y >= 0 && y <= float64(o.Detached.Most)) {
				t.Errorf("%s: part %d is %g and %g", latency, b, x, y)
			}
		}
		if again, _ := outageCard(latency).Outage(context.Background(), seeded); again != o {
			t.Errorf("%s: the same chance shows something else", latency)
		}
	}
}

// A card that doesn't say enough shows nothing; nor does one whose run is interrupted.
func TestOutageIsSilent(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Card){
		"no time":                func(c *Card) { c.Latency = 0 },
		"longer than the outage": func(c *Card) { c.Latency = time.Hour },
		"no verdict":             func(c *Card) { c.Verdict = decide.Undecided },
		"nothing to feel":        func(c *Card) { c.Answers[decide.Coupling] = decide.No },
		"nobody knows":           func(c *Card) { c.Answers[decide.Coupling] = decide.Unknown },
	} {
		c := outageCard(time.Second)
		change(c)
		if _, ok := c.Outage(context.Background(), seeded); ok {
			t.Errorf("%s: it shows an outage", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, ok := outageCard(time.Second).Outage(ctx, seeded); ok {
		t.Error("interrupted, it shows an outage")
	}
}
