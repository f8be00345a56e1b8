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
		Summary: "after names an operation that doesn't call this caller",
		Doc: lint.Doc{
			Why: "A name that matches nothing is ignored: chains, journeys, and their availability then assume that " +
				"any operation calling this service may lead to this call.",
			Fix: "Fix the name. It has to be an operation whose callee is this caller, written as operation or service/operation.",
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
			for id := range g.Operations() {
				for _, name := range g.UnknownAfter(id) {
					into := intoCaller(g, g.Operation(id).Caller, name)
					if len(into) == 0 {
						continue // what calls it wasn't read
					}
					fix := "use one of the operations that call it: " + strings.Join(into[:min(len(into), mostRelated)], ", ")
					if near := diag.Nearest(name, into); near != "" {
						fix = fmt.Sprintf("did you mean %s?", near)
					}
					reportOperation(p, g, id, graph.FactAfter,
						fmt.Sprintf("%q is declared to run after %q, but no operation with that name calls %s", g.Operation(id).Name, name, serviceName(g, g.Operation(id).Caller)), fix)
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
