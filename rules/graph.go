package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// reportOperation reports about an operation of the graph, at one of its facts.
func reportOperation(p *lint.Pass, g *graph.Graph, id graph.OperationID, at graph.Fact, message, fix string, related ...diag.Related) {
	p.ReportIn(g.File(id), g.Place(id, at), g.ID(id), message, fix, related...)
}

// reportJourney reports about a journey, at a place of its own.
func reportJourney(p *lint.Pass, g *graph.Graph, j *graph.Journey, at diag.Range, message, fix string, related ...diag.Related) {
	p.ReportIn(j.File, at, g.JourneyID(j), message, fix, related...)
}

// missingOf says of a journey for which facts a number of it is open.
func missingOf(p *lint.Pass, g *graph.Graph, j *graph.Journey, lacks []graph.MissingFact) {
	for _, l := range lacks {
		of := termName(g, graph.Term{Service: l.Service, Broker: l.Broker, Operation: l.Operation})
		p.MissingIn(j.File, j.Name.Range, g.JourneyID(j), fmt.Sprintf("%s of %s", l.Fact, of))
	}
}

// related points at a fact of another operation.
func related(g *graph.Graph, id graph.OperationID, at graph.Fact, message string) diag.Related {
	return diag.Related{File: g.File(id), Range: g.Place(id, at), Message: message}
}

// serviceName names a service in a sentence, also one that has no name or isn't given.
func serviceName(g *graph.Graph, id graph.ServiceID) string {
	switch name := g.ServiceName(id); {
	case id == graph.None:
		return "an unnamed callee"
	case name == "":
		return "an unnamed service"
	default:
		return name
	}
}

// mostRelated is how many places a finding points at besides its own; more
// would hide the first ones.
const mostRelated = 8

// hopsOf points at the callees of operations.
func hopsOf(g *graph.Graph, ids []graph.OperationID) []diag.Related {
	var list []diag.Related
	for _, id := range ids[:min(len(ids), mostRelated)] {
		o := g.Operation(id)
		list = append(list, related(g, id, graph.FactCallee, fmt.Sprintf("%s calls %s here", serviceName(g, o.Caller), serviceName(g, o.Callee))))
	}
	return list
}

// attemptsOf points at the retries of operations.
func attemptsOf(g *graph.Graph, ids []graph.OperationID) []diag.Related {
	var list []diag.Related
	for _, id := range ids[:min(len(ids), mostRelated)] {
		list = append(list, related(g, id, graph.FactAttempts, fmt.Sprintf("%q makes %s here", g.Operation(id).Name, amountOf(float64(g.Operation(id).Attempts()), "attempt"))))
	}
	return list
}

// stepsOf points at steps of a journey, given as positions in its path.
func stepsOf(g *graph.Graph, j *graph.Journey, steps []int32) []diag.Related {
	var list []diag.Related
	for _, at := range steps[:min(len(steps), mostRelated)] {
		id := j.Step(at).Operation
		list = append(list, related(g, id, graph.FactLatency, fmt.Sprintf("%q is one of its steps", g.Operation(id).Name)))
	}
	return list
}

// weakest points at the steps whose dependency is least available, the least
// available first.
func weakest(g *graph.Graph, j *graph.Journey, s *graph.Share) []diag.Related {
	terms := slices.Clone(s.Terms)
	slices.SortStableFunc(terms, func(a, b graph.Term) int {
		switch {
		case a.Availability < b.Availability:
			return -1
		case a.Availability > b.Availability:
			return 1
		}
		return 0
	})
	var list []diag.Related
	for _, t := range terms {
		if t.Step != graph.None && len(list) < mostRelated {
			list = append(list, related(g, j.Step(t.Step).Operation, graph.FactAvailability, termName(g, t)+" is one of its dependencies"))
		}
	}
	return list
}

// termName names what a factor of an availability stands for.
func termName(g *graph.Graph, t graph.Term) string {
	switch {
	case t.Broker != graph.None:
		return g.Brokers()[t.Broker].Name
	case t.Service != graph.None:
		return serviceName(g, t.Service)
	}
	return g.ID(t.Operation)
}

// route names the services that operations lead through, in order. A long one
// is cut in the middle.
func route(g *graph.Graph, ids []graph.OperationID) string {
	names := []string{serviceName(g, g.Operation(ids[0]).Caller)}
	for _, id := range ids {
		names = append(names, serviceName(g, g.Operation(id).Callee))
	}
	const shown = 8
	if len(names) > shown {
		names = append(append(slices.Clone(names[:shown/2]), "…"), names[len(names)-shown/2:]...)
	}
	return strings.Join(names, " → ")
}

// atLeast marks a number for which facts are missing.
func atLeast(known bool, number string) string {
	if known {
		return number
	}
	return "at least " + number
}

// A startingPoint is a service where work begins: a request comes in, or a
// message is consumed.
type startingPoint struct {
	service  graph.ServiceID
	consumer bool // nobody waits for what begins here
}

// startingPoints returns the entries, and the services that only messages
// reach, by name.
func startingPoints(g *graph.Graph) []startingPoint {
	var list []startingPoint
	entries := map[graph.ServiceID]bool{}
	for _, e := range g.Entries() {
		list = append(list, startingPoint{service: e.Service})
		entries[e.Service] = true
	}
	for s := range g.Services() {
		id := graph.ServiceID(s)
		byMessage := slices.ContainsFunc(g.CalledBy(id), func(o graph.OperationID) bool { return g.Operation(o).Detached() })
		if calls := g.Calls(id); byMessage && !entries[id] && len(calls) > 0 && !g.Waited(calls[0]) {
			list = append(list, startingPoint{service: id, consumer: true})
		}
	}
	return list
}

// weigh returns the pass with which to report about what begins here: calls of
// a consumer of messages weigh less than calls in a request.
func (s startingPoint) weigh(p *lint.Pass) *lint.Pass {
	if s.consumer {
		return p.LowerSeverity()
	}
	return p
}

// request names what begins here.
func (s startingPoint) request(g *graph.Graph) string {
	if s.consumer {
		return "a message to " + serviceName(g, s.service)
	}
	return "a request to " + serviceName(g, s.service)
}

// longestCallerTimeout returns the synchronous call among those into a service that has the
// longest timeout. ok is false when one of them has none, or there is none, or when messages are
// among them: nothing says which of them the service's calls belong to.
func longestCallerTimeout(g *graph.Graph, s graph.ServiceID, into []graph.OperationID) (outer graph.OperationID, ok bool) {
	var most graph.OperationID = graph.None
	for _, id := range into {
		o := g.Operation(id)
		if o.Detached() && o.Caller != s {
			return graph.None, false
		}
		if o.Mode() != decide.Sync || o.Caller == s {
			continue
		}
		timeout, given := o.Timeout()
		if !given {
			return graph.None, false
		}
		if most == graph.None {
			most = id
		} else if longest, _ := g.Operation(most).Timeout(); timeout > longest {
			most = id
		}
	}
	return most, most != graph.None
}

// innerCalls calls do for every synchronous call with a timeout that a service
// makes while it is called itself, with the longest timeout of the calls that lead to it: those
// that its manifest names, else all into the service. Where one of these never gives up it is left out.
func innerCalls(g *graph.Graph, do func(inner graph.OperationID, timeout, limit time.Duration, outer graph.OperationID)) {
	for s := range g.Services() {
		service := graph.ServiceID(s)
		any, ok := longestCallerTimeout(g, service, g.CalledBy(service))
		for _, id := range g.Calls(service) {
			outer, known := any, ok
			if after := g.After(id); len(after) > 0 {
				outer, known = longestCallerTimeout(g, service, after)
			}
			o := g.Operation(id)
			timeout, given := o.Timeout()
			if !known || !given || o.Mode() != decide.Sync || o.Callee == service {
				continue
			}
			limit, _ := g.Operation(outer).Timeout()
			do(id, timeout, limit, outer)
		}
	}
}
