package rules

import (
	"fmt"
	"slices"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// asyncCycle finds events that can circle forever.
func asyncCycle() *lint.Rule {
	return &lint.Rule{
		Code: "WN416", Name: "async-cycle", Severity: diag.Warning, Since: "0.1.0",
		Summary: "events from different services trigger each other in a cycle",
		Doc: lint.Doc{
			Why: "When each event triggers the next, a single message can circulate forever, and every retry starts another loop.",
			Fix: "Break the cycle, or carry a version or hop count and stop when nothing has changed.",
			Bad: `operations:
  - name: order-changed
    caller: shop
    callee: stock
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    kind: event
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: stock-changed
    caller: stock
    callee: shop
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    kind: event
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `operations:
  - name: order-changed
    caller: shop
    callee: stock
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    kind: event
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: pack-order
    caller: stock
    callee: shop
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    kind: command
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
		},
		Reads:    []string{"mode", "kind", "caller", "callee", "answers.immediacy"},
		Optional: []string{"mode", "answers.immediacy"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for _, c := range g.MessageCycles() {
				all := !slices.ContainsFunc(c.Ring, func(id graph.OperationID) bool {
					// Whoever wants to learn the outcome gets it by the way back: that is a reply.
					o := g.Operation(id)
					return o.Traits.Kind != "event" || o.Answers[decide.Immediacy] == decide.Later
				})
				if all {
					reportOperation(p, g, c.Ring[0], graph.FactKind, fmt.Sprintf("events from %d services trigger each other, so a single message can circulate forever: %s", len(c.Services), route(g, c.Ring)),
						"break the cycle, or carry a version or hop count and stop when nothing has changed", hopsOf(g, c.Ring[1:])...)
				}
			}
		},
	}
}
