// Package simulate runs a journey as discrete events: its calls, queues, workers,
// timeouts, retries, breakers, pools and servers, through an outage or another event,
// and says what its users and the system go through.
//
// # What is simulated
//
// Requests arrive as a Poisson process at the journey's rate. A request makes the
// steps of its journey in order, those of one slot at a time together. A step that is
// waited for is a call: it takes a place in the caller's pool, reaches the callee, waits
// for a server there when the callee's capacity is given, works by itself, then makes
// the steps nested in it, and answers. The caller gives up at its timeout and perhaps
// tries again; the callee, which does not know that, works on. A step that is not
// waited for is handed over to a queue, whose workers do it and the steps nested in it.
//
// # Chance
//
// Nothing here makes random numbers: they come in as a Chance, so that the same seed
// gives the same run. Each step draws from a source of its own, so that two variants of
// a journey meet the same arrivals and, as far as they are alike, the same times.
package simulate

import (
	"math"
	"time"
)

// None is the parent of a step that the journey itself makes.
const None = -1

// A Model is a journey ready to be simulated.
type Model struct {
	Rate  float64 // requests a second
	Steps []Step  // the parent of a step stands before it
}

// A Step is an operation in its place of a journey, with every number that it is
// simulated with.
type Step struct {
	Name    string
	Service string // the callee; "" for work of the caller's own
	Slot    int32  // steps of one slot and parent are made together
	Parent  int32  // the step that it is nested in, or None

	Detached bool // handed over to Queue instead of called
	Own      Time // what the work takes by itself, without the steps nested in it
	Accept   Time // of a detached step: how long handing it over takes
	Failure  float64
	Soft     bool // the step around it goes on when it fails
	Read     bool // doing it twice does no harm, since it changes nothing
	Repeats  bool // doing it twice does no harm, since a repeat is recognized

	Timeout  time.Duration // for each attempt; 0 waits forever
	Attempts int           // in all; 0 is 1
	Backoff  time.Duration // before the first repeat; it doubles
	Jitter   bool          // the pause is drawn between nothing and the whole
	Within   time.Duration // for all attempts and pauses together; 0 is forever
	Times    int           // how often, one after the other, the step is made; 0 is 1
	Breaker  bool
	Budget   bool   // repeats are at most a fifth of the calls
	Pool     int    // calls that the caller can hold open; 0 is any number
	PoolName string // steps of the same name share a pool; "" shares none
	Bulkhead bool   // a call beyond the pool fails at once instead of waiting for a place
	Capacity float64
	Shedding bool // the callee refuses what would wait longer than the work takes

	Extra float64 // calls a second that others make of the same operation
	Queue Queue   // of a detached step
}

// A Queue is how a detached step travels and is worked on.
type Queue struct {
	Broker        string
	Workers       int           // messages in work at a time; 0 is 1
	Limit         int           // messages that may wait; 0 is any number
	TTL           time.Duration // how long a message may wait; 0 is forever
	MaxDeliveries int           // 0 is any number
	DeadLetter    bool          // what can't be delivered is kept
	Redelivery    time.Duration // the pause after a failed delivery; it doubles, to at most a minute
	Visibility    time.Duration // after which a message whose worker died is delivered again
	Ordered       bool          // a message that failed is tried again before those behind it
	AckFirst      bool          // a message is acknowledged before its work: what fails is lost
	Outbox        bool          // a broker that is down doesn't fail the caller
}

// A Shape is how times are distributed.
type Shape uint8

// The shapes. Lognormal is what services show; the others are for models whose results
// are known in closed form.
const (
	Lognormal   Shape = iota
	Exponential       // with the mean Median
	Constant          // always Median
)

// A Time is how long something takes.
type Time struct {
	Median, P99 time.Duration // of a lognormal; P99 below Median counts as Median
	Shape       Shape
}

// z99 is how many standard deviations the 99th percentile of a normal lies above its
// middle.
const z99 = 2.3263478740408408

// sigma is the standard deviation of the logarithm.
func (t Time) sigma() float64 {
	if t.Shape != Lognormal || t.Median <= 0 || t.P99 <= t.Median {
		return 0
	}
	return math.Log(float64(t.P99)/float64(t.Median)) / z99
}

// Mean returns the mean in seconds.
func (t Time) Mean() float64 {
	s := t.sigma()
	return t.Median.Seconds() * math.Exp(s*s/2)
}

// A Chance gives random numbers: between 0 and 1, exponential with mean 1, and normal
// with mean 0 and deviation 1. *rand.Rand of math/rand/v2 is one.
type Chance interface {
	Float64() float64
	ExpFloat64() float64
	NormFloat64() float64
}

// A drawer draws times in nanoseconds.
type drawer struct {
	shape  Shape
	median float64
	sigma  float64
}

func newDrawer(t Time) drawer {
	d := drawer{shape: t.Shape, median: float64(t.Median), sigma: t.sigma()}
	if d.sigma == 0 && d.shape == Lognormal {
		d.shape = Constant
	}
	return d
}

// next draws a time, times longer than usual.
func (d *drawer) next(c Chance, times float64) int64 {
	t := d.median * times
	switch d.shape {
	case Lognormal:
		t *= exp(d.sigma * c.NormFloat64())
	case Exponential:
		t *= c.ExpFloat64()
	case Constant:
	}
	return int64(t)
}
