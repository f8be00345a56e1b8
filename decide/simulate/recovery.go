package simulate

import (
	"math"
	"time"
)

// What counts as back to normal: a bucket fails no more than so much more of its requests
// than before the event, and so many deviations of what chance fails, and at most one; its
// answers take no more than so many times as long as in any bucket before; and a queue is no
// longer than the longest before it, and a few messages.
const (
	failureMargin = 0.05
	chanceMargin  = 3
	slowMargin    = 2
	queueMargin   = 2
)

// usersRecovered returns how long after the event the last bucket ends that fails too
// many requests, or lets them wait too long.
func (r *recorder) usersRecovered(e *Engine) time.Duration {
	usual, slow := 0.0, r.slow(e)
	if before := &r.run.Phases[Before]; before.Requests > 0 {
		usual = 1 - float64(before.Succeeded)/float64(before.Requests)
	}
	from, to := r.part(e, After)
	for b := to - 1; b >= from; b-- {
		k := &r.run.Buckets[b]
		bad, n := k.Requests-k.Succeeded, float64(k.Requests)
		failing := bad > 1 && float64(bad) > (usual+failureMargin)*n+chanceMargin*math.Sqrt(usual*n)
		if failing || k.Requests > 1 && k.Felt > slow*n {
			if b == to-1 {
				return -1
			}
			return time.Duration(r.from + int64(b+1)*r.width - e.end)
		}
	}
	return 0
}

// slow returns how many seconds answers take on average in a bucket that lets requests wait
// too long.
func (r *recorder) slow(e *Engine) float64 {
	most := math.Inf(1)
	from, to := r.part(e, Before)
	for b := from; b < to; b++ {
		k := &r.run.Buckets[b]
		if k.Requests == 0 {
			continue
		}
		if mean := k.Felt / float64(k.Requests); math.IsInf(most, 1) || mean > most {
			most = mean
		}
	}
	return slowMargin * most
}

// queuesRecovered returns how long after the event the last bucket ends at whose end a
// queue is longer than before the event.
func (r *recorder) queuesRecovered(e *Engine) time.Duration {
	last := time.Duration(0)
	for i := range r.run.Steps {
		s := &r.run.Steps[i]
		from, to := r.part(e, Before)
		most := 0
		for b := from; b < to; b++ {
			most = max(most, s.Buckets[b].Waiting)
		}
		from, to = r.part(e, After)
		for b := to - 1; b >= from; b-- {
			if s.Buckets[b].Waiting > most+most/10+queueMargin {
				if b == to-1 {
					return -1
				}
				last = max(last, time.Duration(r.from+int64(b+1)*r.width-e.end))
				break
			}
		}
	}
	return last
}
