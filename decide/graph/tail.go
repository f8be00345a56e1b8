package graph

import (
	"math"
	"slices"
	"time"
)

// TailEstimate returns an estimate of the p99 of a journey, from the medians and the
// p99s of the steps that it waits for: each is taken as log-normal, and all as
// independent. It is no bound: a slow mode that fewer than one in a hundred calls of a
// step meet doesn't show in its p99. The same facts give the same estimate. ok is false
// when a fact is missing or two contradict each other, when a step is several calls, and
// for a single step, whose p99 is given.
func (g *Graph) TailEstimate(j *Journey) (p99 time.Duration, ok bool) {
	m := g.model(j)
	tail, typical := m.wait(FactLatency, nil), m.wait(FactTypical, nil)
	if !tail.Known() || !typical.Known() || tail.Summed < 2 {
		return 0, false
	}
	s := sampler{sum: make([]float64, drawn(tail.Summed)), slot: make([]float64, drawn(tail.Summed))}
	clock, all := m.clock(timeOf(FactLatency), true), m.stepRoles(nil)
	for i := range m.steps {
		if all[i] != waited || m.steps[i].parent != None {
			continue
		}
		given, _ := m.steps[i].Latency()
		median, _ := m.steps[i].Typical()
		sigma, sound := spread(median, given)
		if !sound || m.steps[i].Times() > 1 || clock.nested[i] > given {
			return 0, false
		}
		s.add(m.steps[i].slot, float64(median), sigma)
	}
	return duration(s.percentile(.99)), true
}

// drawn returns how many runs of a journey are drawn: as many as tell the p99 well, and
// fewer where there are very many steps.
func drawn(steps int) int {
	const most, effort, least = 1 << 14, 1 << 22, 1 << 10
	return min(most, max(least, effort/steps))
}

// A sampler adds up the steps of a journey in many runs. The times of a step are the
// middles of equal parts of its distribution, shuffled, so that few runs show it well.
type sampler struct {
	sum  []float64 // by run: the slots that are complete
	slot []float64 // by run: the longest step of the slot at hand
	at   int32     // the slot at hand
	seed uint64    // one for each step, the same in every process
}

func (s *sampler) add(slot int32, median, sigma float64) {
	if slot != s.at {
		s.close()
		s.at = slot
	}
	n := len(s.sum)
	order := make([]int32, n)
	for k := range order {
		order[k] = int32(k)
	}
	s.seed++
	state := s.seed
	for k := n - 1; k > 0; k-- {
		to := int(next(&state) % uint64(k+1))
		order[k], order[to] = order[to], order[k]
	}
	for run, k := range order {
		z := math.Sqrt2 * math.Erfinv(2*(float64(k)+.5)/float64(n)-1)
		s.slot[run] = math.Max(s.slot[run], median*math.Exp(sigma*z))
	}
}

// close adds the slot at hand to the sums.
func (s *sampler) close() {
	for run, longest := range s.slot {
		s.sum[run] += longest
		s.slot[run] = 0
	}
}

// percentile returns the least sum that a share of the runs stays within.
func (s *sampler) percentile(share float64) float64 {
	s.close()
	slices.Sort(s.sum)
	return s.sum[int(math.Ceil(share*float64(len(s.sum))))-1]
}

// next returns the next number of a sequence that looks random (splitmix64, Steele et
// al. 2014) and is the same for the same state.
func next(state *uint64) uint64 {
	*state += 0x9e3779b97f4a7c15
	z := *state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
