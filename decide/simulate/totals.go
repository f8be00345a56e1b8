package simulate

// Totals are what happened at all steps together, over runs.
type Totals struct {
	Wasted, Broken, Refused, Shed       Estimate
	Twice                               Estimate // work done once more than asked for, where that does harm
	Recognized                          Estimate // the same where a repeat is recognized
	Unknown                             Estimate
	DeadLettered, Lost, Expired, Unsent Estimate
}

// totalFigures is how many numbers of all steps together are gathered.
const totalFigures = 11

// addTotals adds the numbers of all steps up in each run: those of one run go together, and
// so does their spread.
func (c *collector) addTotals(r *Run) {
	var sum [totalFigures]int
	for i := range r.Steps {
		s := &r.Steps[i]
		twice, recognized := s.Twice+s.Redone, 0
		if c.model[i].Repeats {
			twice, recognized = 0, twice
		}
		for k, n := range [totalFigures]int{
			s.Wasted, s.Broken, s.Refused, s.Shed, twice, recognized, s.Unknown, s.DeadLettered, s.Lost, s.Expired, s.Unsent,
		} {
			sum[k] += n
		}
	}
	for k, n := range sum {
		c.totals[k].add(float64(n))
	}
}

func (c *collector) sums() (t Totals) {
	for k, to := range [totalFigures]*Estimate{
		&t.Wasted, &t.Broken, &t.Refused, &t.Shed, &t.Twice, &t.Recognized, &t.Unknown, &t.DeadLettered, &t.Lost, &t.Expired, &t.Unsent,
	} {
		*to = c.totals[k].estimate()
	}
	return t
}
