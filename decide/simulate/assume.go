package simulate

import (
	"cmp"
	"slices"
	"time"
)

// What is taken when a manifest doesn't say it.
const (
	tailRatio         = 3                      // p99 to median
	assumedRequests   = 10.0                   // a second
	assumedWork       = 100 * time.Millisecond // p99
	assumedPatience   = 30 * time.Second       // where the shortest common front doors cut the connection
	assumedPlaces     = 25                     // of a bulkhead: the default of Resilience4j
	assumedHand       = 15 * time.Millisecond  // p99 of handing a message over
	assumedDeliveries = 5
	assumedRedeliver  = time.Second
	assumedVisible    = 30 * time.Second       // the default of SQS and of JetStream
	boundedAttempts   = 3                      // one or two retries
	boundedBackoff    = 100 * time.Millisecond // before the first
)

// A Guess is a kind of thing that is assumed.
type Guess uint8

const (
	assumedRate Guess = iota
	assumedMode
	assumedTime
	assumedMedian
	assumedTail
	assumedTimeout
	assumedBackoff
	assumedCapacity
	assumedPool
	assumedBreaker
	assumedHandOver
	assumedWorkers
	assumedMax
	assumedEndless
	assumedRedelivery
	assumedVisibility
	assumedAvailability
	assumedPeak
	assumedBurst
)

// An Assumption is a fact that no manifest gives and what is taken instead.
type Assumption struct {
	Guess
	Value float64 // of a rate or a number; of a duration in nanoseconds; 0 when it says nothing
	Steps []int32 // those that lack it, sorted; none for the journey
}

// guesses says which key of a manifest would tell, what is taken instead, and why.
var guesses = [...]struct{ fact, instead, why string }{
	assumedRate:         {"traffic.mean", "10 requests a second", ""},
	assumedMode:         {"mode", "the caller waits", ""},
	assumedTime:         {"answers.latency", "a p99 of 100ms", ""},
	assumedMedian:       {"typical", "a third of the p99", ""},
	assumedTail:         {"answers.latency", "three times the median", ""},
	assumedTimeout:      {"timeout", "", "the shortest common gateway timeout, or twice the p99 if that's longer"},
	assumedBackoff:      {"retry.backoff", "the next attempt follows immediately", ""},
	assumedCapacity:     {"traffic.capacity", "the callee can take any number of calls", ""},
	assumedPool:         {"pool", "twice the calls in flight, at least 25", "25 is the default of Resilience4j"},
	assumedBreaker:      {"the breaker's numbers", "opens when 50 of 100 calls fail, tries 10 calls after 60s", "the defaults of Resilience4j"},
	assumedHandOver:     {"reply.accept_within", "handing off has a p99 of 15ms", ""},
	assumedWorkers:      {"delivery.workers", "enough to handle twice the mean rate", ""},
	assumedMax:          {"delivery.max_deliveries", "5", ""},
	assumedEndless:      {"delivery.max_deliveries", "forever", "no dead-letter queue is named"},
	assumedRedelivery:   {"retry.backoff", "a failed message comes back after 1s, then after twice that each time, at most 1m", ""},
	assumedVisibility:   {"delivery.visibility", "30s", "the default of SQS and JetStream"},
	assumedAvailability: {"availability", "no attempt fails on its own", ""},
	assumedPeak:         {"traffic.peak", "five times the mean in a burst", ""},
	assumedBurst:        {"traffic.burst", "a burst of 2m", ""},
}

// Fact is the key of a manifest that would tell.
func (a *Assumption) Fact() string { return guesses[a.Guess].fact }

// Instead is what is taken.
func (a *Assumption) Instead() string {
	if text := guesses[a.Guess].instead; text != "" {
		return text
	}
	return time.Duration(a.Value).String()
}

// Why says where it comes from; "" when that says nothing.
func (a *Assumption) Why() string { return guesses[a.Guess].why }

// assume notes that a fact of a step is missing; None is the journey.
func (p *Prepared) assume(g Guess, value float64, step int32) {
	at, found := slices.BinarySearchFunc(p.Assumed, Assumption{Guess: g, Value: value}, func(a, k Assumption) int {
		return cmp.Or(cmp.Compare(a.Guess, k.Guess), cmp.Compare(a.Value, k.Value))
	})
	if !found {
		p.Assumed = slices.Insert(p.Assumed, at, Assumption{Guess: g, Value: value})
	}
	a := &p.Assumed[at]
	if step == None {
		return
	}
	if k, known := slices.BinarySearch(a.Steps, step); !known {
		a.Steps = slices.Insert(a.Steps, k, step)
	}
}

func (b *builder) assume(g Guess, value float64, step int32) { b.out.assume(g, value, step) }

// forgetAssumption takes back what was assumed of a step, since the variant says it.
func (b *builder) forgetAssumption(g Guess, step int32) {
	for i := range b.out.Assumed {
		a := &b.out.Assumed[i]
		if k, known := slices.BinarySearch(a.Steps, step); a.Guess == g && known {
			a.Steps = slices.Delete(a.Steps, k, k+1)
		}
	}
	b.out.Assumed = slices.DeleteFunc(b.out.Assumed, func(a Assumption) bool { return len(a.Steps) == 0 && a.Guess == g })
}
