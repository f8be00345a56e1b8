package decide

// Facts are the yes-or-no facts about an operation that choose between patterns
// of one verdict. The zero value knows nothing. They come from a manifest or a
// prompt; those that answers imply are added by Recommend.
type Facts uint32

// The facts. A fact that is absent is not known to be true.
const (
	Coupled     Facts = 1 << iota // the coupling question is answered yes
	Slow                          // the latency question is answered yes or beyond
	Retryable                     // the retryability question is answered yes
	Local                         // caller and callee share a process
	External                      // the callee belongs to a third party
	Query                         // it only reads
	Command                       // it asks for a change
	Event                         // it tells what happened
	Job                           // it is work on its own: batch, report, import
	Human                         // a person waits for the outcome
	Machine                       // a program waits for the outcome
	Nobody                        // nobody waits for the outcome
	Cacheable                     // the caller may keep a copy of the data
	FanOut                        // two or more consumers
	Ordered                       // the order of the messages matters
	Push                          // the outcome is pushed over an open connection
	Callback                      // the outcome is sent to an address of the caller's
	Poll                          // the caller asks for the outcome
	Outbox                        // the message is written with the data, in one transaction
	InProcess                     // the message never leaves the process
	Stream                        // the messages go through a log that can be read again
	Brokered                      // a broker is named
	NoBroker                      // no broker is named and no coupling asks for one
	LossOK                        // losing one is acceptable
	Compensated                   // a later failure is undone by another operation
	Behind                        // no request triggers it: a message, a timer, a workflow or a start does
	Gate                          // the caller's own step must be undone when it fails
	ReadBack                      // the caller's next step reads what it writes
	OwnStore                      // the callee is the store that it writes to
	ReadServed                    // the read of what it writes is taken care of
)

var factNames = [...]string{
	"coupled", "slow", "retryable", "local", "external", "query", "command", "event", "job",
	"human", "machine", "nobody", "cacheable", "fan-out", "ordered", "push", "callback", "poll",
	"outbox", "in-process", "stream", "brokered", "no-broker", "loss-ok", "compensated",
	"behind", "gate", "read-back", "own-store", "read-served",
}

// ParseFact returns the fact with the given name.
func ParseFact(name string) (Facts, bool) {
	for i, n := range factNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// List returns the names of the facts that are known, in a fixed order.
func (f Facts) List() []string {
	var names []string
	for i, n := range factNames {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// implied returns the facts that follow from answers and from other facts.
func (f Facts) implied(a Answers) Facts {
	if a[Coupling] == Yes {
		f |= Coupled
	}
	if a[Latency] == Yes || a[Latency] == Beyond {
		f |= Slow
	}
	if a[Retryability] == Yes {
		f |= Retryable
	}
	if f&(Brokered|Coupled) == 0 {
		f |= NoBroker
	}
	return f
}
