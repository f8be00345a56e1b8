package simulate

import "math"

// held returns the mean time, in seconds, that each step takes with what it waits for in
// it: of the steps of a slot, the longest.
func (m *Model) held() []float64 {
	type slot struct {
		number    int32
		most, sum float64 // of the slot at hand; of those before
	}
	held, nested := make([]float64, len(m.Steps)), make([]slot, len(m.Steps))
	for i := len(m.Steps) - 1; i >= 0; i-- {
		s := &m.Steps[i]
		held[i] = s.Own.Mean() + nested[i].sum + nested[i].most
		if s.Parent == None {
			continue
		}
		around := &nested[s.Parent]
		if around.number != s.Slot {
			*around = slot{s.Slot, 0, around.sum + around.most}
		}
		once := held[i]
		if s.Detached {
			once = s.Accept.Mean()
		}
		around.most = math.Max(around.most, once*float64(max(1, s.Times)))
	}
	return held
}

// pace is about how many events a second the model has while nothing goes wrong: each step
// is begun and ended.
func (m *Model) pace() float64 {
	rate := make([]float64, len(m.Steps))
	sum := m.Rate
	for i := range m.Steps {
		s := &m.Steps[i]
		rate[i] = m.Rate
		if s.Parent != None {
			rate[i] = rate[s.Parent]
		}
		rate[i] = rate[i]*float64(max(1, s.Times)) + s.Extra
		sum += 1.5 * rate[i]
	}
	return sum
}
