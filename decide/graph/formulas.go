package graph

import (
	"math"
	"time"
)

// Redundant returns the availability of k independent copies of which one is
// enough.
func Redundant(share float64, k int) float64 { return 1 - math.Pow(1-share, float64(k)) }

// ExtraNine returns the least availability of a critical dependency by the rule
// of the extra nine: it may fail a tenth as often as its caller may.
func ExtraNine(objective float64) float64 { return 1 - (1-objective)/10 }

// Downtime returns how long something is down in a period at the availability.
func Downtime(share float64, period time.Duration) time.Duration {
	return time.Duration((1 - share) * float64(period))
}

// SlowShare returns the share of requests in which at least one of n parallel
// calls misses a percentile that each single one meets in the given share of
// cases.
func SlowShare(met float64, n int) float64 { return 1 - math.Pow(met, float64(n)) }

// Amplification returns how many calls the last layer sees for one request when
// everything fails: the product of the attempts of the layers.
func Amplification(attempts ...int) float64 {
	product := 1.0
	for _, a := range attempts {
		product = math.Min(product*float64(max(a, 1)), math.MaxFloat64)
	}
	return product
}

// RetryTime returns how long a caller can be busy with an operation: every
// attempt runs into its timeout, and the pauses between them double.
func RetryTime(attempts int, timeout, backoff time.Duration) time.Duration {
	total := float64(attempts) * float64(timeout)
	for pause := float64(backoff); attempts > 1 && total < math.MaxInt64; attempts-- {
		total += pause
		pause *= 2
	}
	return duration(total)
}

// InFlight returns how many requests are in flight on average by Little's law:
// those that arrive in a second times the seconds that each one stays.
func InFlight(rate float64, stay time.Duration) float64 { return rate * stay.Seconds() }

// Utilization returns which share of what the workers can handle arrives. One
// and more means that a queue grows without end. A capacity of nothing is
// infinitely busy.
func Utilization(rate, capacity float64) float64 {
	if capacity <= 0 {
		return math.Inf(1)
	}
	return rate / capacity
}

// Capacity returns how many messages the workers handle in a second when each
// takes the given time.
func Capacity(workers int, each time.Duration) float64 {
	if each <= 0 {
		return math.Inf(1)
	}
	return float64(workers) / each.Seconds()
}

// Backlog returns how many messages a burst leaves behind.
func Backlog(peak, capacity float64, burst time.Duration) float64 {
	return math.Max(0, peak-capacity) * burst.Seconds()
}

// DrainTime returns how long a backlog takes to go while work keeps arriving at
// the mean rate. ok is false when it never goes.
func DrainTime(backlog, mean, capacity float64) (drain time.Duration, ok bool) {
	if backlog <= 0 {
		return 0, true
	}
	if capacity <= mean {
		return 0, false
	}
	return duration(backlog / (capacity - mean) * float64(time.Second)), true
}

// MessageAge returns how old the last message of a backlog is when its turn
// comes. ok is false when it never comes.
func MessageAge(backlog, capacity float64) (age time.Duration, ok bool) {
	if capacity <= 0 {
		return 0, backlog <= 0
	}
	return duration(backlog / capacity * float64(time.Second)), true
}

// ErlangC returns the share of messages that find all workers busy, and wait, when
// the workers are busy for the given share of time. Arrivals are taken as random and
// working times as exponential; Erlang's delay formula: A. K. Erlang, "Solution of some
// problems in the theory of probabilities of significance in automatic telephone
// exchanges", 1917. For very many workers it is the limit of Halfin and Whitt,
// "Heavy-traffic limits for queues with many exponential servers", 1981.
func ErlangC(workers int, busy float64) float64 {
	switch {
	case busy <= 0:
		return 0
	case busy >= 1 || workers < 1:
		return 1
	}
	const many = 10_000
	if workers > many {
		beta := (1 - busy) * math.Sqrt(float64(workers))
		density := math.Exp(-beta*beta/2) / math.Sqrt(2*math.Pi)
		below := math.Erfc(-beta/math.Sqrt2) / 2
		return 1 / (1 + beta*below/density)
	}
	load, blocked := busy*float64(workers), 1.0 // Erlang's loss formula, by its recursion
	for k := 1; k <= workers; k++ {
		blocked = load * blocked / (float64(k) + load*blocked)
	}
	return blocked / (1 - busy*(1-blocked))
}

// QueueWait returns how long a message waits on average before a worker takes it, when
// each is worked on for a mean time: Erlang's delay formula again. Workers that are
// never free let it wait forever: the longest duration.
func QueueWait(workers int, busy float64, each time.Duration) time.Duration {
	if busy >= 1 || workers < 1 {
		return math.MaxInt64
	}
	return duration(ErlangC(workers, busy) * float64(each) / (float64(workers) * (1 - busy)))
}

// z99 is how many standard deviations the 99th percentile of a normal distribution
// lies above its median.
const z99 = 2.3263478740408408

// spread returns the standard deviation of the logarithm of times that have a median
// and a p99, when they are log-normal. ok is false when no distribution has both.
func spread(median, p99 time.Duration) (sigma float64, ok bool) {
	if median <= 0 || p99 < median {
		return 0, false
	}
	return math.Log(float64(p99)/float64(median)) / z99, true
}

// MeanTime returns the mean of times that have a median and a p99, when they are
// log-normal: median * exp(sigma^2 / 2). ok is false when no distribution has both.
func MeanTime(median, p99 time.Duration) (mean time.Duration, ok bool) {
	sigma, ok := spread(median, p99)
	return duration(float64(median) * math.Exp(sigma*sigma/2)), ok
}

// duration turns nanoseconds into a duration, the longest one when there are
// more.
func duration(nanoseconds float64) time.Duration {
	if nanoseconds >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(math.Round(nanoseconds))
}
