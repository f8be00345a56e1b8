package rules

import (
	"fmt"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// afterUnknown finds names in after that join nothing.
func afterUnknown() *lint.Rule {
	return &lint.Rule{
		Code: "WN217", Name: "after-unknown", Severity: diag.Warning, Since: "0.1.0",
		Summary: "after names no operation into the caller",
		Doc: lint.Doc{
			Why: "A name that joins nothing counts as not given: chains, journeys and their availability then take every " +
				"operation into the caller for one that may lead to this call.",
			Fix: "Fix the name: an operation whose callee is the caller, as operation or service/operation.",
			Bad: `service: web
operations:
  - name: place-order
    callee: orders
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}
    timeout: 1s
---
service: orders
operations:
  - name: charge-card
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
    timeout: 500ms
    after: [plce-order]
`,
			Good: `service: web
operations:
  - name: place-order
    callee: orders
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}
    timeout: 1s
---
service: orders
operations:
  - name: charge-card
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
    timeout: 500ms
    after: [place-order]
`,
		},
		Reads:    []string{"after", "callee"},
		Optional: []string{"callee"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for i := range g.Operations() {
				id := graph.OperationID(i)
				for _, name := range g.UnknownAfter(id) {
					into := intoCaller(g, g.Operation(id).Caller, name)
					if len(into) == 0 {
						continue // what calls it wasn't read
					}
					fix := "name one of the operations into it: " + strings.Join(into[:min(len(into), mostRelated)], ", ")
					if near := diag.Nearest(name, into); near != "" {
						fix = fmt.Sprintf("did you mean %s?", near)
					}
					reportOperation(p, g, id, graph.FactAfter,
						fmt.Sprintf("%q is declared to come after %q, but no operation of that name leads into %s", g.Operation(id).Name, name, serviceName(g, g.Operation(id).Caller)), fix)
				}
			}
		},
	}
}

// intoCaller names the operations into a service that a name in after may mean: with
// their services where it names one. There are none when it names a service that wasn't read.
func intoCaller(g *graph.Graph, s graph.ServiceID, name string) []string {
	service, _, named := strings.Cut(name, "/")
	var list []string
	read := !named
	for _, id := range g.CalledBy(s) {
		if named {
			list = append(list, g.ID(id))
			read = read || g.ServiceName(g.Operation(id).Service) == service
		} else {
			list = append(list, g.Operation(id).Name)
		}
	}
	if !read {
		return nil
	}
	return list
}
