package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
)

// A law draws the time of a step in seconds; p99 is the 99th percentile of it.
type law struct {
	p99  float64
	draw func(*rand.Rand) float64
}

// laws are what latencies look like: a log-normal with its long tail, a Pareto whose
// mean barely exists, and two modes, as of a cache that is hit or missed.
func laws(scale, shape float64) []law {
	const z99 = 2.3263478740408408
	pareto := 1.1 + shape
	return []law{
		{scale * math.Exp(shape*z99), func(r *rand.Rand) float64 { return scale * math.Exp(shape*r.NormFloat64()) }},
		{scale * math.Pow(100, 1/pareto), func(r *rand.Rand) float64 { return scale * math.Pow(1-r.Float64(), -1/pareto) }},
		{scale * 50, func(r *rand.Rand) float64 {
			if r.Float64() < .03 {
				return scale * 50 // one in thirty misses: the p99 is the miss
			}
			return scale
		}},
	}
}

// Whatever the times are distributed like, at least the share of requests that
// Within promises stays within the sum of the p99s.
func TestWithinHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBuilder()
		d := b.doc("s")
		var steps []law
		var slots [][]int
		written := ""
		for range rapid.IntRange(1, 4).Draw(rt, "slots") {
			width := rapid.IntRange(1, 3).Draw(rt, "width")
			var members []int
			group := ""
			for range width {
				l := rapid.SampledFrom(laws(rapid.Float64Range(.001, 1).Draw(rt, "scale"), rapid.Float64Range(.1, 1.5).Draw(rt, "shape"))).Draw(rt, "law")
				name := fmt.Sprintf("o%d", len(steps))
				b.op(d, name, fmt.Sprintf("c%d", len(steps)), decide.Sync, p99(time.Duration(math.Ceil(l.p99*1e9))))
				members = append(members, len(steps))
				steps = append(steps, l)
				group += "|" + name
			}
			slots = append(slots, members)
			written += " " + group[1:]
		}
		b.journey(d, "buy", written[1:])
		g := b.build(t, 0)
		tail := g.Numbers(&g.Journeys()[0]).Tail
		if tail.Summed != len(steps) || !tail.Known() {
			rt.Fatalf("%d p99s summed of %d, lacks %v", tail.Summed, len(steps), tail.Missing)
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		const requests = 20_000
		within := 0
		for range requests {
			total := 0.0
			for _, members := range slots {
				longest := 0.0
				for _, i := range members {
					longest = math.Max(longest, steps[i].draw(random))
				}
				total += longest
			}
			if total <= tail.Time.Seconds() {
				within++
			}
		}
		// Four standard deviations below the promise are no accident.
		least := tail.Within()
		slack := 4 * math.Sqrt(least*(1-least)/requests)
		if got := float64(within) / requests; got < least-slack {
			rt.Fatalf("%.4f of the requests stay within %v, promised %.2f", got, tail.Time, least)
		}
	})
}
