package rules

import (
	"fmt"
	"strings"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// compensationUnknown finds compensations that nothing can carry out.
func compensationUnknown() *lint.Rule {
	return &lint.Rule{
		Code: "WN419", Name: "compensation-unknown", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a compensation names an unknown operation",
		Doc: lint.Doc{
			Why: "A name that matches no operation undoes nothing. When a later step fails, the change stays, even " +
				"though the manifest claims it gets undone.",
			Fix: "Fix the name, or build the operation that undoes the change and declare it.",
			Bad: `service: shop
operations:
  - name: reserve-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}
    timeout: 1s
    kind: command
    compensation: relase-stock
`,
			Good: `service: shop
operations:
  - name: reserve-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}
    timeout: 1s
    kind: command
    compensation: release-stock
  - name: release-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}
    timeout: 1s
    kind: command
    idempotent: yes
`,
			Sources: []string{"az-saga"},
		},
		Reads: []string{"compensation"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			ids := map[string]graph.ServiceID{}
			for i := range g.Services() {
				ids[g.Services()[i].Name] = graph.ServiceID(i)
			}
			for id, o := range g.Operations() {
				if o.Data == nil || o.Data.Compensation == "" || known(g, ids, o) {
					continue
				}
				reportOperation(p, g, id, graph.FactCompensation,
					fmt.Sprintf("%q is declared to be undone by %q, but %s declares no such operation, so nothing would be undone", o.Name, o.Data.Compensation, serviceName(g, o.Service)),
					"fix the name, or build and declare the operation that undoes it")
			}
		},
	}
}

// known reports whether a compensation is found, or may be an operation of a
// service whose manifest wasn't read.
func known(g *graph.Graph, ids map[string]graph.ServiceID, o *graph.Operation) bool {
	if strings.Contains(o.Data.Compensation, "/") || g.ServiceName(o.Service) == "" {
		return true
	}
	for service, name := range manifest.StepNames(g.ServiceName(o.Service), o.Data.Compensation) {
		if id, ok := ids[service]; ok {
			if _, found := g.Find(id, name); found {
				return true
			}
		}
	}
	return false
}
