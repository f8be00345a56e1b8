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
		Summary: "two services send messages back and forth inside one journey",
		Doc: lint.Doc{
			Why: "Question and answer by messages is a conversation: it needs a correlation, a timeout and a state on " +
				"both sides, and takes two queues each way.",
			Fix: "Put what the other asks for into the event, ask once by a call, or let one service direct the steps.",
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
			{Name: "rounds", Doc: "the number of rounds from which it is reported", Unit: lint.Count, Default: 2},
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
						fmt.Sprintf("in %q %s and %s send each other messages %s: a conversation that needs a correlation, a timeout and a state on both sides", j.Name.Value, serviceName(g, o.Caller), serviceName(g, o.Callee), amountOf(float64(rounds), "time")),
						"send more in one event, or ask once by a call", stepsOf(g, j, append(there[1:len(there):len(there)], back...))...)
				}
			}
		},
	}
}
