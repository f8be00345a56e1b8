package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// eventPingPong finds conversations by messages.
func eventPingPong() *lint.Rule {
	return &lint.Rule{
		Code: "WN415", Name: "event-ping-pong", Severity: diag.Warning, Since: "0.1.0",
		Summary: "two services send messages back and forth within one journey",
		Doc: lint.Doc{
			Why: "Asking and answering with messages is a conversation. It needs correlation ids, timeouts, and state " +
				"on both sides, and goes through two queues per round trip.",
			Fix: "Put what the other side needs into the event, ask once with a direct call, or let one service orchestrate the steps.",
			Bad: `service: shop
journeys:
  - {name: place-order, steps: [ask-a, tell-a, ask-b, tell-b]}
operations:
  - name: ask-a
    caller: shop
    callee: stock
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: tell-a
    caller: stock
    callee: shop
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: ask-b
    caller: shop
    callee: stock
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: tell-b
    caller: stock
    callee: shop
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
journeys:
  - {name: place-order, steps: [ask-a, tell-a]}
operations:
  - name: ask-a
    caller: shop
    callee: stock
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: tell-a
    caller: stock
    callee: shop
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"az-isc"},
		},
		Reads:    []string{"journeys.steps", "mode", "caller", "callee"},
		Optional: []string{"mode", "caller"},
		Params: []lint.Param{
			{Name: "rounds", Doc: "number of rounds at which this is reported", Unit: lint.Count, Default: 2},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			type pair struct{ from, to graph.ServiceID }
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				sent := map[pair][]int32{}
				for k, step := range j.Path {
					if o := g.Operation(step.Operation); o.Detached() && o.Callee != graph.None && o.Callee != o.Caller {
						sent[pair{o.Caller, o.Callee}] = append(sent[pair{o.Caller, o.Callee}], int32(k))
					}
				}
				for k, step := range j.Path {
					o := g.Operation(step.Operation)
					there, back := sent[pair{o.Caller, o.Callee}], sent[pair{o.Callee, o.Caller}]
					rounds := min(len(there), len(back))
					if rounds == 0 || float64(rounds) < p.Param("rounds") || there[0] != int32(k) || back[0] < there[0] {
						continue
					}
					reportJourney(p, g, j, step.Written.Range,
						fmt.Sprintf("in %q, %s and %s message each other %s: that's a conversation, and it needs correlation ids, timeouts, and state on both sides", j.Name.Value, serviceName(g, o.Caller), serviceName(g, o.Callee), amountOf(float64(rounds), "time")),
						"put more into one event, or ask once with a direct call", stepsOf(g, j, append(there[1:len(there):len(there)], back...))...)
				}
			}
		},
	}
}
