// Package graph joins the operations of a run into one graph of callers and
// callees, and the journeys into paths through it; and it does the arithmetic
// of waiting over both: latency, availability, retries, queues.
//
// # What is waited for
//
// An operation works in its declared mode, else in the mode that the table's
// verdict gives it. A synchronous operation is waited for: its caller's time,
// availability and threads hang on it. An asynchronous or hybrid one is
// detached: only the broker that takes the message is still needed. A hybrid
// operation's acknowledgment is waited for as long as reply.accept_within says;
// when nothing says it, the journey takes at least the sum of the rest.
//
// # Journeys
//
// A journey consists of its steps, and of the calls that their callees wait for. Steps
// follow each other; the members of a nested list run in parallel. A step whose caller
// starts the journey stands at the top. Any other step is nested in the latest earlier
// step that called its caller, or that its own manifest names in after; its time is part
// of that step's time. What is nested in a detached step happens behind the queue and
// is not waited for. A step takes its p99, or longer when what is nested in it does;
// when that p99 is at least as long as what is nested, the rest is what the step takes
// by itself.
//
// Where a journey names none of the calls that a callee makes for a step, they are
// followed: those that the step's operation leads to, since after says so or since it is
// the only operation into that callee; and the calls of their callees. Nothing says in which order
// they are made, so of their times the longest counts. Calls that may as well
// belong to another operation into the callee are joined by service alone: no number
// counts them, but Share.Least says what they would make of the availability.
//
// # Entries and chains
//
// An entry is where requests come in: see Entries. A chain continues, from an
// operation that calls a service synchronously, with every synchronous
// operation whose caller is that service, unless after says that another operation leads to it. That
// any of the rest may follow is the worst case: see ByServiceAlone.
//
// Numbers that a manifest lacks are never made up: a number that depends on
// them says which facts are missing.
package graph

import (
	"cmp"
	"slices"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/manifest"
)

// A ServiceID is the position of a service in Services. Only a callee may be
// None.
type ServiceID int32

// An OperationID is the position of an operation in Operations.
type OperationID int32

// A BrokerID is the position of a broker in Brokers.
type BrokerID int32

// None is the id of a service, operation or broker that is not given.
const None = -1

// A Graph is the operations and journeys of a whole run. It is immutable and
// safe for concurrent use; callers must not change what its methods return.
type Graph struct {
	ops          blocks
	parts        []Part
	usual        []*Delivery // of services: see findUsual
	services     []Service
	brokers      []Broker
	journeys     []Journey
	calls        adjacency // operations by caller
	calledBy     adjacency // operations by callee
	declares     adjacency // operations by the service that declares them
	index        index
	entries      []Entry
	waiting      components // over synchronous operations
	detached     components // over asynchronous and hybrid operations
	reach        reach
	asked        []bool                        // by service: its work happens while somebody waits
	handlers     map[OperationID][]ServiceID   // those that delivery.consumers names besides the callee
	after        map[OperationID][]OperationID // what leads to an operation, where its manifest says so
	unknownAfter map[OperationID][]string      // names in after that no operation into the caller has
	numbers      func() []Numbers
}

// A Service calls or is called. Documents without a service share one whose
// name is "".
type Service struct {
	Name string
	// Documents are those that declare the service, in run order; none when it
	// is only named as a caller or a callee.
	Documents []*manifest.Document
}

// Availability returns the lowest availability that the documents of the
// service give, with its place.
func (s *Service) Availability() (share float64, file string, at diag.Range, ok bool) {
	for _, d := range s.Documents {
		if a := d.Availability; a.Set() && (!ok || a.Value < share) {
			share, file, at, ok = a.Value, d.File, a.Range, true
		}
	}
	return share, file, at, ok
}

// Owner returns the first owner that the documents of the service give, or "".
func (s *Service) Owner() string {
	for _, d := range s.Documents {
		if d.Owner.Set() {
			return d.Owner.Value
		}
	}
	return ""
}

// A Broker carries messages. Brokers with the same name are one, whichever
// documents speak of them.
type Broker struct {
	Name string
	// Declared are its declarations, in run order; none when operations only
	// name it.
	Declared []BrokerDeclaration
	// Operations are the asynchronous and hybrid operations that it carries, in
	// run order.
	Operations []OperationID
}

// A BrokerDeclaration is what one document says of a broker.
type BrokerDeclaration struct {
	*manifest.Broker
	File string
}

// Availability returns the lowest availability that is declared.
func (b *Broker) Availability() (share float64, ok bool) {
	for _, d := range b.Declared {
		if a := d.Availability; a.Set() && (!ok || a.Value < share) {
			share, ok = a.Value, true
		}
	}
	return share, ok
}

// Services returns every service that is declared or named, by name.
func (g *Graph) Services() []Service { return g.services }

// ServiceName returns the name of a service; that of None is "".
func (g *Graph) ServiceName(id ServiceID) string {
	if id == None {
		return ""
	}
	return g.services[id].Name
}

// Brokers returns every broker that is declared or named, by name.
func (g *Graph) Brokers() []Broker { return g.brokers }

// Journeys returns the journeys in run order.
func (g *Graph) Journeys() []Journey { return g.journeys }

// Calls returns the operations whose caller is s, in run order.
func (g *Graph) Calls(s ServiceID) []OperationID { return g.calls.of(s) }

// Handlers returns the services that handle the messages of an operation besides its
// callee, as delivery.consumers names them.
func (g *Graph) Handlers(id OperationID) []ServiceID { return g.handlers[id] }

// UnknownAfter returns the names in an operation's after that no operation into its
// caller has. They count as not given.
func (g *Graph) UnknownAfter(id OperationID) []string { return g.unknownAfter[id] }

// CalledBy returns the operations whose callee is s, or whose messages it handles, in
// run order.
func (g *Graph) CalledBy(s ServiceID) []OperationID { return g.calledBy.of(s) }

// Declares returns the operations that the documents of s declare, in run
// order.
func (g *Graph) Declares(s ServiceID) []OperationID { return g.declares.of(s) }

// ID returns the name of an operation that is unique in the run, as
// manifest.Operation.ID does.
func (g *Graph) ID(id OperationID) string {
	return g.qualified(g.Operation(id).Service, g.Operation(id).Name)
}

func (g *Graph) qualified(s ServiceID, name string) string {
	if service := g.services[s].Name; service != "" {
		return service + "/" + name
	}
	return name
}

// Document returns the document that declares an operation. While a file is
// read in pieces it holds no journeys and brokers: those are in Journeys and
// Brokers.
func (g *Graph) Document(id OperationID) *manifest.Document {
	p := g.part(id)
	at, found := slices.BinarySearchFunc(p.docs, id-p.first, func(d declared, id OperationID) int { return cmp.Compare(d.first, id) })
	if !found {
		at--
	}
	return p.docs[at].doc
}

// File returns the name of the file that declares an operation.
func (g *Graph) File(id OperationID) string { return g.part(id).file }

// After returns the operations into the caller that lead to an operation, where its
// manifest says so; none when any of them may.
func (g *Graph) After(id OperationID) []OperationID { return g.after[id] }

// part returns the part that holds an operation.
func (g *Graph) part(id OperationID) *Part {
	at, found := slices.BinarySearchFunc(g.parts, id, func(p Part, id OperationID) int { return cmp.Compare(p.first, id) })
	if !found {
		at--
	}
	return &g.parts[at]
}

// Place returns where a fact of an operation was written. A fact that was not
// given stands where the operation's name does. The file is File(id).
func (g *Graph) Place(id OperationID, f Fact) diag.Range {
	o := g.Operation(id)
	p := g.part(id)
	if r, ok := p.place(o, f); ok {
		return r
	}
	r, _ := p.place(o, FactName)
	return r
}

// Behind reports whether no request triggers an operation: its manifest says so, or
// only messages reach its caller.
func (g *Graph) Behind(id OperationID) bool { return g.Operation(id).Facts&decide.Behind != 0 }

// Waited reports whether the operation's caller works while somebody waits: its
// caller is an entry, or is reached from one through synchronous operations
// alone. Otherwise it is called by the consumer of a queue.
func (g *Graph) Waited(id OperationID) bool {
	return g.asked[g.Operation(id).Caller]
}

// WaitingCycles returns the services that wait for each other in a ring over
// synchronous operations.
func (g *Graph) WaitingCycles() []Cycle { return g.waiting.cycles }

// Ring returns the waiting cycle that a service belongs to, or nil.
func (g *Graph) Ring(s ServiceID) *Cycle {
	for i := range g.waiting.cycles {
		c := &g.waiting.cycles[i]
		if g.waiting.of[c.Services[0]] == g.waiting.of[s] {
			return c
		}
	}
	return nil
}

// MessageCycles returns the services that send each other messages in a ring
// over asynchronous and hybrid operations.
func (g *Graph) MessageCycles() []Cycle { return g.detached.cycles }

// adjacency holds lists of operations by service in two slices.
type adjacency struct {
	start []int32
	list  []OperationID
}

func (a *adjacency) of(s ServiceID) []OperationID {
	if s == None {
		return nil
	}
	return a.list[a.start[s]:a.start[s+1]:a.start[s+1]]
}

// newAdjacency makes the lists of what pairs gives, which it is called for twice. An
// operation without a service is left out.
func newAdjacency(services int, pairs func(add func(ServiceID, OperationID))) adjacency {
	a := adjacency{start: make([]int32, services+1)}
	pairs(func(s ServiceID, _ OperationID) {
		if s != None {
			a.start[s+1]++
		}
	})
	for s := range services {
		a.start[s+1] += a.start[s]
	}
	a.list = make([]OperationID, a.start[services])
	next := append([]int32(nil), a.start[:services]...)
	pairs(func(s ServiceID, id OperationID) {
		if s != None {
			a.list[next[s]] = id
			next[s]++
		}
	})
	return a
}
