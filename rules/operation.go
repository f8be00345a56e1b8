package rules

import (
	"fmt"
	"slices"
	"sync"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/rules/knowledge"
)

// limitsOnce reads the embedded limits when a rule first needs them.
var limitsOnce = sync.OnceValues(knowledge.LoadLimits)

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

// detached reports whether the caller is declared to go on before the work is
// done.
func detached(s *lint.Subject) bool { return s.Works(decide.Async, decide.Hybrid) }

// remote reports whether the operation leaves its process.
func remote(s *lint.Subject) bool {
	return s.Callee.Set() && s.Callee.Value != s.From() && s.Boundary.Value != "process"
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
		return "without end"
	}
	return fmt.Sprintf("up to %d times", n)
}

// brokerOf returns what is known of the product that carries the operation's
// messages, or nil: the kind of the document's broker with that name, else the
// product of that name.
func brokerOf(s *lint.Subject) *advice.BrokerLimits {
	name := s.Delivery.Broker.Value
	for i := range s.Document.Brokers {
		if b := &s.Document.Brokers[i]; b.Name.Value == name && b.Kind.Set() {
			name = b.Kind.Value
		}
	}
	if name == "" {
		return nil // before the limits are read
	}
	limits, err := limitsOnce()
	if err != nil {
		return nil
	}
	return limits.Broker(name)
}
