package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// syncCycle finds rings of services that wait for each other.
func syncCycle() *lint.Rule {
	return &lint.Rule{
		Code: "WN202", Name: "sync-cycle", Severity: diag.Error, Since: "0.1.0",
		Summary: "services wait for each other in a cycle",
		Doc: lint.Doc{
			Why: "When one of them is slow, its callers fill up, and since one of those callers is the service itself, " +
				"the whole cycle stalls. Each service also needs the others to be up before it can start.",
			Fix: "Turn one of the calls into an event, or merge the services.",
			Bad: `operations:
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-order
    caller: stock
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 900ms
`,
			Good: `operations:
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: tell-order
    caller: stock
    callee: shop
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"taibi"},
		},
		Reads:    []string{"caller", "callee", "mode"},
		Optional: []string{"mode"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for _, c := range g.WaitingCycles() {
				reportOperation(p, g, c.Ring[0], graph.FactCallee, fmt.Sprintf("%d services wait for each other in a cycle, so a slow one stalls them all: %s", len(c.Services), route(g, c.Ring)),
					"turn one of the calls into an event, or merge the services", hopsOf(g, c.Ring[1:])...)
			}
		},
	}
}
