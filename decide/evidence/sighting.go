// Package evidence says what machines know of operations: what configuration files
// and descriptions of interfaces declare, and what traces and metrics measured.
// Readers of sources give sightings; joining makes operations of them.
package evidence

import (
	"time"

	"waitornot/decide"
)

// A Sighting is one interaction between two services as one source shows it.
// What the source doesn't say is zero.
type Sighting struct {
	Caller, Callee string
	Name           string // of the operation; "" where a source knows the edge alone
	Source         string // the file or endpoint, as the user named it
	Line           int    // in the source, from 1; 0 where lines mean nothing
	Kind           string // query, command, event, job
	Mode           decide.Verdict
	Boundary       string // as in manifests
	Broker         string // the name of the broker that carries it, for messages
	Channel        string // the queue, topic or stream
	Timeout        time.Duration
	Within         time.Duration // how long all attempts together may take
	Attempts       int           // in all, the first included
	Backoff        time.Duration // the pause before the next attempt
	Jitter         bool          // that pause is varied at random
	Guards         []string
	Measured       *Measured

	Shows   string // what in the source shows it: an environment variable, a route
	Offered bool   // the callee offers it; that this caller calls it isn't known
	Weak    bool   // a hint only: an order of starting, or a setting that several services share
	Text    string // what the source calls the operation, when Name was made from it

	Idempotent bool   // it takes an idempotency key
	Notify     string // how the outcome is told, as in reply.notify
	DeadLetter string // where messages go that can't be delivered
}

// NotMeasured stands for a share that a source can't tell.
const NotMeasured = -1

// Measured is what was seen of an operation while it ran.
type Measured struct {
	Source   string // traces, prometheus, clickhouse, jaeger
	From, To time.Time
	Calls    int64

	Mean, Peak    float64 // calls a second; the peak is over one minute
	P50, P95, P99 time.Duration
	Errors        float64 // share of calls, from 0 to 1
	Waited        float64 // share of calls for whose end the caller waited, from 0 to 1, or NotMeasured
	Attempts      float64 // mean attempts for each call, 1 when nothing was retried
	PerRequest    float64 // calls for each request of the caller
	Parallel      float64 // share of calls that ran beside another of the same request

	Queued      time.Duration // p99 of the time in the queue, for messages
	Processing  time.Duration // p99 of handling one message
	Consumers   int
	Redelivered float64 // share of messages that were handled more than once
	Polled      bool    // it answered 202, and its state was asked for later

	TimedOut float64       // share of attempts that ran out of time, from 0 to 1
	GaveUp   time.Duration // the median time after which they did; 0 when none did

	// Of the requests in which the callee failed or was slow, how many failed or
	// were slow for the caller: the question of coupling, measured.
	Troubled int64
	Spread   float64 // share of Troubled, from 0 to 1
}
