package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
)

// A shape is a distribution of times with a median of 1 and a given p99.
type shape struct {
	name string
	draw func(r *rand.Rand, p99 float64) float64
}

var shapes = []shape{
	{"log-normal", func(r *rand.Rand, p99 float64) float64 {
		return math.Exp(math.Log(p99) / z99 * r.NormFloat64())
	}},
	{"Weibull", func(r *rand.Rand, p99 float64) float64 { // heavier than an exponential where p99 > 6.6
		k := math.Log(math.Log(100)/math.Log(2)) / math.Log(p99)
		return math.Pow(-math.Log(1-r.Float64())/math.Log(2), 1/k)
	}},
	{"Pareto", func(r *rand.Rand, p99 float64) float64 { // P(X > x) = (1 + b (x - 1))^-a / 2 above the median, even below it
		if u := r.Float64(); u < .5 {
			return .5 + u
		}
		const a = 2.5
		b := (math.Pow(50, 1/a) - 1) / (p99 - 1)
		return 1 + (math.Pow(1-r.Float64(), -1/a)-1)/b
	}},
}

// journeyOf makes a journey of steps with medians and p99s; steps of a slot are parallel.
func journeyOf(t testing.TB, slots [][][2]time.Duration) (*Graph, *Journey) {
	b := newBuilder()
	d := b.doc("s")
	written, n := "", 0
	for _, slot := range slots {
		group := ""
		for _, s := range slot {
			name := fmt.Sprintf("o%d", n)
			b.op(d, name, "c"+name, decide.Sync, p50(s[0]), p99(s[1]))
			group += "|" + name
			n++
		}
		written += " " + group[1:]
	}
	b.journey(d, "buy", written[1:])
	g := b.build(t, 0)
	return g, &g.Journeys()[0]
}

// The estimate is near the p99 of simulated journeys: within a tenth where the steps are
// log-normal, as it takes them, and within a third where they have heavier or lighter
// tails with the same medians and p99s. In each of them the sum of the p99s holds what
// Within promises of it.
func TestTailEstimateAgainstSimulation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var slots [][][2]time.Duration
		ratio := rapid.Float64Range(1.5, 12)
		for range rapid.IntRange(2, 5).Draw(rt, "slots") {
			var slot [][2]time.Duration
			for range rapid.IntRange(1, 2).Draw(rt, "width") {
				median := time.Duration(rapid.IntRange(5, 500).Draw(rt, "median")) * ms
				slot = append(slot, [2]time.Duration{median, time.Duration(float64(median) * ratio.Draw(rt, "ratio"))})
			}
			slots = append(slots, slot)
		}
		g, j := journeyOf(t, slots)
		estimate, ok := g.TailEstimate(j)
		if !ok {
			rt.Fatal("no estimate")
		}
		shape := rapid.SampledFrom(shapes).Draw(rt, "shape")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		sums := make([]float64, 40_000)
		within := 0
		tail := g.Numbers(j).Tail
		for run := range sums {
			for _, slot := range slots {
				longest := 0.0
				for _, s := range slot {
					longest = max(longest, float64(s[0])*shape.draw(random, float64(s[1])/float64(s[0])))
				}
				sums[run] += longest
			}
			if sums[run] <= float64(tail.Time) {
				within++
			}
		}
		slices.Sort(sums)
		simulated := sums[len(sums)*99/100]
		allowed := 1.1
		if shape.name != "log-normal" {
			allowed = 1.34
		}
		if off := float64(estimate) / simulated; off > allowed || off < 1/allowed {
			rt.Errorf("%s: estimated %v, simulated %v", shape.name, estimate, time.Duration(simulated))
		}
		if least := tail.Within(); float64(within)/float64(len(sums)) < least-4*math.Sqrt(least*(1-least)/float64(len(sums))) {
			rt.Errorf("%s: %d of %d within the sum, promised %.2f", shape.name, within, len(sums), least)
		}
	})
}

// A slow mode that no p99 shows: each step takes 50 to 350 ms, and in 9 of 1,000 cases
// 5 s. No estimate from medians and p99s can know, and the sum of the p99s is far below
// the p99 of the sum; what Within promises holds all the same.
func TestSlowModeBelowThePercentile(t *testing.T) {
	t.Parallel()
	step := [2]time.Duration{200 * ms, 350 * ms}
	g, j := journeyOf(t, [][][2]time.Duration{{step}, {step}, {step}})
	random := rand.New(rand.NewPCG(3, 4))
	const requests = 100_000
	sums := make([]float64, requests)
	for run := range sums {
		for range 3 {
			if random.Float64() < .009 {
				sums[run] += 5
				continue
			}
			sums[run] += .05 + .3*random.Float64()
		}
	}
	slices.Sort(sums)
	tail := g.Numbers(j).Tail
	within, _ := slices.BinarySearch(sums, tail.Time.Seconds())
	if share := float64(within) / requests; share < tail.Within() || share > .98 {
		t.Errorf("%.3f within the sum of %v, want above %.2f and below .98", share, tail.Time, tail.Within())
	}
	if p := sums[requests*99/100]; p < 5 {
		t.Errorf("the p99 of the sum is %.1fs, want above 5s", p)
	}
}

// The same facts give the same estimate; one that is missing, contradicts another or is
// alone gives none.
func TestTailEstimateNeedsItsFacts(t *testing.T) {
	t.Parallel()
	fine := [2]time.Duration{100 * ms, 400 * ms}
	g, j := journeyOf(t, [][][2]time.Duration{{fine}, {fine, fine}})
	first, ok := g.TailEstimate(j)
	if again, _ := g.TailEstimate(j); !ok || again != first {
		t.Errorf("%v and then %v, %t", first, again, ok)
	}
	if least, sum := 400*ms, 800*ms; first <= least || first >= sum {
		t.Errorf("%v, want between %v and %v", first, least, sum)
	}
	for name, slots := range map[string][][][2]time.Duration{
		"a single step":        {{fine}},
		"a median above a p99": {{fine}, {{500 * ms, 400 * ms}}},
		"no step at all ":      nil,
	} {
		if slots == nil {
			continue
		}
		g, j := journeyOf(t, slots)
		if got, ok := g.TailEstimate(j); ok {
			t.Errorf("%s: %v", name, got)
		}
	}
	b := newBuilder()
	front, back := b.doc("front"), b.doc("back")
	b.op(front, "one", "back", decide.Sync, p50(100*ms), p99(400*ms))
	b.op(back, "inner", "db", decide.Sync, p50(100*ms), p99(500*ms))
	b.op(front, "two", "else", decide.Sync, p50(100*ms), p99(400*ms))
	b.op(front, "half", "else", decide.Sync, p99(400*ms))
	b.journey(front, "inner-longer", "one back/inner two")
	b.journey(front, "half-known", "one half")
	g = b.build(t, 0)
	for i := range g.Journeys() {
		if got, ok := g.TailEstimate(&g.Journeys()[i]); ok {
			t.Errorf("%s: %v", g.JourneyID(&g.Journeys()[i]), got)
		}
	}
}

// A step without a spread takes its time in every run: steps of 100 and 200 ms make 300.
func TestTailEstimateWithoutSpread(t *testing.T) {
	t.Parallel()
	g, j := journeyOf(t, [][][2]time.Duration{{{100 * ms, 100 * ms}}, {{200 * ms, 200 * ms}, {50 * ms, 50 * ms}}})
	if got, ok := g.TailEstimate(j); !ok || got != 300*ms {
		t.Errorf("%v, %t", got, ok)
	}
}

// Of a hundred runs, a percentile is the least sum that so many of them stay within.
func TestPercentile(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]float64{.01: 1, .015: 2, .5: 50, .99: 99, .995: 100, 1: 100} {
		s := sampler{sum: make([]float64, 100), slot: make([]float64, 100)}
		for i := range s.slot {
			s.slot[i] = float64(100 - i)
		}
		if got := s.percentile(share); got != want {
			t.Errorf("%v of the runs stay within %v, want %v", share, got, want)
		}
	}
}

// The numbers of a sequence are those of its authors, and the same everywhere.
func TestNext(t *testing.T) {
	t.Parallel()
	var state uint64
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		if got := next(&state); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
}

// The middles of a step's parts come in every order.
func TestOrders(t *testing.T) {
	t.Parallel()
	seen := map[[3]float64]int{}
	s := sampler{sum: make([]float64, 3), slot: make([]float64, 3)}
	const draws = 600
	for range draws {
		clear(s.slot)
		s.add(0, 1, 1)
		seen[[3]float64(s.slot)]++
	}
	if len(seen) != 6 {
		t.Fatalf("%d orders: %v", len(seen), seen)
	}
	for order, n := range seen {
		if n < draws/6-50 || n > draws/6+50 { // 5 standard deviations
			t.Errorf("%v comes %d times in %d", order, n, draws)
		}
	}
}
