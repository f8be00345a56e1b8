// Package manifest reads service manifests: YAML in, operations out, every
// value with the place where it was written. What is wrong with a manifest is
// a finding; the rest of the file is still read.
package manifest

import (
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/yamlfile"
)

// A Field is a value and the place where it was written. The zero Field is a
// value that was not given.
type Field[T any] = yamlfile.Field[T]

// An Operation is one interaction between a caller and a callee. Facts that
// were not given are unset; rules stay silent about them.
type Operation struct {
	Range   diag.Range // the whole item, from its name or first key to its last character
	Service string     // the service whose document declares it; may be empty

	Name        Field[string]
	Description Field[string]
	Caller      Field[string] // the service is the caller when unset: see From
	Callee      Field[string]
	Mode        Field[decide.Verdict] // how it works today; never Undecided when set
	Kind        Field[string]         // query, command, event, job
	Audience    Field[string]         // human, machine, nobody
	TriggeredBy Field[string]         // what makes the caller call: request, message, timer, workflow, start
	After       []Field[string]       // the incoming operations of the caller that lead to this one; any may when none is given
	Answers     Answers

	Timeout      Field[time.Duration] // how long the caller waits before it gives up
	Typical      Field[time.Duration] // the median (p50) of what the caller would wait for; answers.latency is the p99
	Retry        Retry
	Guards       []Field[string]      // circuit-breaker, bulkhead, fallback, ...
	Availability Field[float64]       // of the callee, as a share from 0 to 1
	Boundary     Field[string]        // in-process, own-team, other-team, third-party
	Critical     Field[bool]          // no: its journey succeeds without it
	Gate         Field[bool]          // the caller's own step must be undone when it fails
	ReadBack     Field[bool]          // the caller's next step reads what it writes
	Idempotent   Field[bool]          // repeating it has the effect of doing it once
	Writes       Field[string]        // the store that it writes to
	AlsoWrites   Field[string]        // a second store, outside the transaction of the first
	Reads        Field[string]        // the store that it reads from
	Publishes    Field[string]        // the event or topic that it publishes besides
	Consistency  Field[string]        // strong, eventual
	Compensation Field[string]        // the operation that undoes it
	Cacheable    Field[bool]          // the caller may keep a copy of the answer
	LossOK       Field[bool]          // losing one is acceptable
	Freshness    Field[time.Duration] // after this time its outcome is worthless
	Platform     Field[string]        // the front door that limits how long it may take: aws-api-gateway, ...

	PlatformTimeout Field[time.Duration] // how long the front door lets a request run; its default when unset

	Holds    Field[string] // what the caller holds while it waits: transaction, lock
	Calls    Field[int]    // how often one request of the caller makes it
	PoolName Field[string] // the pool that it shares with other operations of its caller
	Pool     Field[int]    // how many of it the caller can hold open at a time
	Traffic  Traffic
	Delivery Delivery
	Reply    Reply
	Waivers  []Waiver
	Tags     []Field[string]
	Evidence *Evidence // what was measured; nil when nothing was

	mayShare bool // see MayShare
}

// MayShare reports whether what is written for the operation may hold elsewhere, too: something
// of it has an anchor, or it's an alias as a whole.
func (o *Operation) MayShare() bool { return o.mayShare }

// ID returns the name that is unique in a run: service/operation, or the
// operation alone when its document names no service.
func (o *Operation) ID() string {
	if o.Service == "" {
		return o.Name.Value
	}
	return o.Service + "/" + o.Name.Value
}

// From returns the caller: the one given, else the service.
func (o *Operation) From() string { return o.Caller.Or(o.Service) }

// Place returns where a finding about the operation as a whole points: its
// name, or the whole item when it has none.
func (o *Operation) Place() diag.Range {
	if o.Name.Set() {
		return o.Name.Range
	}
	return o.Range
}

// Answers are the answers to the four questions as written.
type Answers struct {
	Range   diag.Range // the whole mapping; no place when there is none
	given   [decide.QuestionCount]Field[decide.Answer]
	Latency Field[time.Duration] // set when a duration stands for the answer
	Unread  bool                 // an answer was written that is none; it counts as unknown
}

// Set records an answer as written. A duration goes to Latency instead.
func (a *Answers) Set(q decide.Question, x Field[decide.Answer]) { a.given[q] = x }

// Place returns where the answer to q was written, or no place.
func (a *Answers) Place(q decide.Question) diag.Range {
	if q == decide.Latency && a.Latency.Set() {
		return a.Latency.Range
	}
	return a.given[q].Range
}

// Under returns the answers with the latency judged by limits.
func (a *Answers) Under(limits decide.LatencyLimits) decide.Answers {
	var out decide.Answers
	for q, f := range a.given {
		out[q] = f.Value
	}
	if a.Latency.Set() {
		out[decide.Latency] = limits.Latency(a.Latency.Value)
	}
	return out
}

// Retry says how the caller repeats a failed attempt.
type Retry struct {
	Range    diag.Range
	Attempts Field[int] // attempts in all, the first included
	Backoff  Field[time.Duration]
	Jitter   Field[bool]
	On       []Field[string]      // the failures after which it is tried again; any when none is given
	Within   Field[time.Duration] // how long all attempts and pauses together may take
}

// Traffic says how often the operation happens. Rates are per second.
type Traffic struct {
	Range                diag.Range
	Mean, Peak, Capacity Field[float64]
	Burst                Field[time.Duration] // how long a peak lasts
}

// Delivery says how a message travels when the caller does not wait.
type Delivery struct {
	Range         diag.Range
	Broker        Field[string]   // one of the document's brokers, or a product
	Channel       Field[string]   // the name of the queue, topic or stream
	Type          Field[string]   // queue, topic, stream, session, process
	Consumers     Field[int]      // how many kinds of consumer handle each message
	Handlers      []Field[string] // their names, when Consumers is given as a list
	DeadLetter    Field[string]   // where undeliverable messages go; "" when given as no
	MaxDeliveries Field[int]      // 0 is written as unlimited
	Idempotency   Field[string]   // how the consumer recognizes a repeat: none, key, natural, inbox
	Outbox        Field[bool]

	IdempotencyKept     Field[time.Duration] // how long what recognizes a repeat is remembered
	Ack                 Field[string]        // when the consumer acknowledges: before its work, after
	Backoff             Field[time.Duration] // the pause before a message is delivered again; 0 when it is given as at once
	Poison              Field[string]        // what happens behind a message that cannot be handled: skip, block, park-key
	Retention           Field[time.Duration] // how long the broker keeps a message
	DeadLetterRetention Field[time.Duration]

	Ordering       Field[string] // what the work needs: none, key, global
	TTL            Field[time.Duration]
	QueueLimit     Field[int]           // messages; 0 is written as unlimited
	Processing     Field[time.Duration] // p99 of handling one message
	Visibility     Field[time.Duration] // how long a message stays hidden or locked while handled
	LockRenewal    Field[bool]          // the consumer renews the lock while it works
	Workers        Field[int]
	Payload        Field[int64]         // bytes
	CompleteWithin Field[time.Duration] // by when a message should be done after it was sent
	Alarm          Field[bool]          // somebody is told when the dead-letter queue fills
	LagAlarm       Field[bool]          // somebody is told when messages wait too long
	Correlation    Field[bool]          // messages carry a correlation id
}

// Reply says how a caller that does not wait learns the outcome.
type Reply struct {
	Range        diag.Range
	Status       Field[string]        // the address of the status endpoint; "" when given as no
	Notify       Field[string]        // sse, websocket, webhook, poll, email, push, none
	AcceptWithin Field[time.Duration] // the p99 of the acknowledgment
	RetryAfter   Field[time.Duration]
	Durable      Field[bool] // the work is stored before it is acknowledged
}

// A Waiver accepts a finding on purpose.
type Waiver struct {
	Range  diag.Range
	Rule   Field[string] // a rule's code or name
	Reason Field[string]
	Owner  Field[string]
	Until  Field[time.Time] // the last day on which it holds, at midnight UTC
}

// JudgeFacts returns the facts that decide.JudgeFacts names.
func (o *Operation) JudgeFacts() decide.Facts {
	var f decide.Facts
	set := func(when bool, fact decide.Facts) {
		if when {
			f |= fact
		}
	}
	trigger := o.TriggeredBy.Value
	set(o.Kind.Value == "query", decide.Query)
	set(o.Kind.Value == "event", decide.Event)
	set(o.Delivery.Consumers.Value >= 2, decide.FanOut)
	set(o.Delivery.Broker.Set(), decide.Brokered)
	set(o.Boundary.Value == InProcess, decide.Local)
	set(o.Callee.Set() && o.Callee.Value == o.Writes.Value, decide.OwnStore)
	set(o.Compensation.Set(), decide.Compensated)
	set(trigger != "" && trigger != "request", decide.Behind)
	set(o.Gate.Value, decide.Gate)
	set(o.ReadBack.Value, decide.ReadBack)
	for i := range o.Guards {
		set(o.Guards[i].Value == decide.GuardReadBack, decide.ReadServed)
	}
	return f
}

// Facts returns what the manifest says that helps to judge and to choose a pattern.
func (o *Operation) Facts() decide.Facts {
	f := o.JudgeFacts()
	set := func(when bool, fact decide.Facts) {
		if when {
			f |= fact
		}
	}
	kind, audience, notify := o.Kind.Value, o.Audience.Value, o.Reply.Notify.Value
	set(o.Boundary.Value == "third-party", decide.External)
	set(kind == "command", decide.Command)
	set(kind == "job", decide.Job)
	set(audience == "human", decide.Human)
	set(audience == "machine", decide.Machine)
	set(audience == "nobody", decide.Nobody)
	set(o.Cacheable.Value, decide.Cacheable)
	set(o.Delivery.Ordering.Value == "key" || o.Delivery.Ordering.Value == "global", decide.Ordered)
	set(notify == "sse" || notify == "websocket", decide.Push)
	set(notify == "webhook", decide.Callback)
	set(notify == "poll", decide.Poll)
	set(o.Delivery.Outbox.Value, decide.Outbox)
	set(o.Delivery.Type.Value == "process", decide.InProcess)
	set(o.Delivery.Type.Value == "stream", decide.Stream)
	set(o.LossOK.Value, decide.LossOK)
	return f
}
