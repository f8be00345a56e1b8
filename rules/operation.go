package rules

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

// limitsOnce reads the embedded limits when a rule first needs them.
var limitsOnce = sync.OnceValue(embedded.Limits)

// A fact is what a rule reads, by its path in the manifest, and whether it is given.
type fact struct {
	path  string
	given bool
}

// lacking returns the paths of the facts that aren't given.
func lacking(facts ...fact) []string {
	var paths []string
	for _, f := range facts {
		if !f.given {
			paths = append(paths, f.path)
		}
	}
	return paths
}

// detachedModes are those in which the caller goes on before the work is done.
func detachedModes() decide.VerdictSet { return decide.SetOf(decide.Async, decide.Hybrid) }

// detached reports whether an operation is declared in one of detachedModes.
func detached(s *lint.Subject) bool { return detachedModes().Has(s.Mode.Value) }

// remote reports whether the operation leaves its process.
func remote(s *lint.Subject) bool {
	return s.Callee.Set() && s.Callee.Value != s.From() && s.Boundary.Value != manifest.InProcess
}

// guarded reports whether the operation has one of the guards.
func guarded(s *lint.Subject, guards ...string) bool {
	for _, g := range s.Guards {
		if slices.Contains(guards, g.Value) {
			return true
		}
	}
	return false
}

// toldByMode reports whether mode-disagrees says of an operation that its caller needn't
// wait: then what guards or shortens the wait is said with it, and not besides.
func toldByMode(g *graph.Graph, id graph.OperationID) bool {
	o := g.Operation(id)
	return o.Mode() == decide.Sync && o.Disagrees() && !worker(g, o.Caller)
}

// waitsNeedlessly is toldByMode as rules take it.
func waitsNeedlessly(g *graph.Graph) func(graph.OperationID) bool {
	return func(id graph.OperationID) bool { return toldByMode(g, id) }
}

// quote names an operation in a message that says what holds of it before.
func quote(s *lint.Subject) string { return strconv.Quote(s.Name.Value) }

// client names who calls whom: what is configured once for all operations between the two.
func client(s *lint.Subject, verb string) string {
	return s.Operation.Caller.Or(caller(s.Operation.Service)) + " " + verb + " " + s.Callee.Or("its callee")
}

// consumer names who handles the operation's messages, and what they come from.
func consumer(s *lint.Subject) string {
	name, verb := s.Callee.Or("the consumer"), " gets"
	if all := s.Delivery.Handlers; len(all) > 1 {
		name, verb = handlers(all), " get"
	}
	if s.Delivery.Broker.Set() {
		return name + verb + " from " + s.Delivery.Broker.Value
	}
	return name + verb
}

// handlers lists the consumers of a message.
func handlers(all []manifest.Field[string]) string {
	names := make([]string, 0, len(all))
	for _, h := range all {
		names = append(names, h.Value)
	}
	if len(names) < 3 {
		return strings.Join(names, " and ")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + ", and " + names[last]
}

// caller names a service that calls; without a name it is the caller.
func caller(service string) string { return cmp.Or(service, "the caller") }

// or returns the first of the ranges that is a place.
func or(ranges ...diag.Range) diag.Range {
	for _, r := range ranges {
		if r.IsValid() {
			return r
		}
	}
	return diag.Range{}
}

// times says how often a message is delivered; 0 stands for unlimited.
func times(n int) string {
	if n == 0 {
		return "forever"
	}
	return "up to " + amountOf(float64(n), "time")
}

// engine reports whether a workflow engine carries the operation's work: it keeps the state
// of each step, repeats and paces attempts itself, and has no queue that a message could be lost from.
func engine(s *lint.Subject) bool {
	broker := brokerOf(s)
	return broker != nil && broker.Engine
}

// brokerOf returns what is known of the product that carries the operation's
// messages, or nil: the kind of the document's broker with that name, else the
// product of that name.
func brokerOf(s *lint.Subject) *advice.BrokerLimits {
	name := s.Delivery.Broker.Value
	if kind := s.Document.BrokerKind(name); kind != "" {
		name = kind
	}
	if name == "" {
		return nil // before the limits are read
	}
	return limitsOnce().Broker(name)
}
