package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// consumersOverwhelmCallee finds consumers that are faster than what they call.
func consumersOverwhelmCallee() *lint.Rule {
	return &lint.Rule{
		Code: "WN427", Name: "consumers-overwhelm-callee", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a queue's workers call faster than the callee can sustain",
		Doc: lint.Doc{
			Why: "A queue protects the system behind it only as long as its workers are slower than that system. After " +
				"an outage they all run at full speed for as long as the backlog lasts, and take down what has just " +
				"recovered.",
			Fix: "Limit the rate or the number of workers to what the callee can sustain. The queue can wait.",
			Bad: `operations:
  - name: place-order
    caller: shop
    callee: orders
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, workers: 50, processing: 500ms}
  - name: book-stock
    caller: orders
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
    traffic: {capacity: 20/s}
`,
			Good: `operations:
  - name: place-order
    caller: shop
    callee: orders
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, workers: 50, processing: 500ms}
  - name: book-stock
    caller: orders
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
    traffic: {capacity: 200/s}
`,
			Sources: []string{"az-qbll"},
		},
		Reads:    []string{"mode", "delivery.workers", "delivery.processing", "traffic.capacity", "calls", "caller", "callee", "after"},
		Optional: []string{"mode", "caller"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for s := range g.Services() {
				for _, id := range g.Calls(graph.ServiceID(s)) {
					rate, from := workRate(g, id)
					o := g.Operation(id)
					if from == graph.None || o.Mode() != decide.Sync || o.Rates == nil || o.Rates.Capacity == 0 || o.Callee == graph.ServiceID(s) {
						continue
					}
					calls := rate * float64(max(o.Rates.Calls, 1))
					if calls > o.Rates.Capacity {
						reportOperation(p, g, id, graph.FactCallee,
							fmt.Sprintf("the workers of %q call %s up to %s for %q, but it can only sustain %s: after an outage, the backlog takes it down again", g.Operation(from).Name,
								serviceName(g, o.Callee), rateText(calls), o.Name, rateText(o.Rates.Capacity)),
							"limit the rate or the number of workers to what it can sustain", related(g, from, graph.FactBroker, "the workers are declared here"))
					}
				}
			}
		},
	}
}

// workRate returns at how many messages a second the workers work that make a call, when
// there is a backlog, and the operation that they are given for. None when requests or other
// messages may lead to the call, too. Workers at their p99 are slower than they can be.
func workRate(g *graph.Graph, call graph.OperationID) (rate float64, from graph.OperationID) {
	from = graph.None
	into := g.After(call)
	if len(into) == 0 {
		into = g.CalledBy(g.Operation(call).Caller)
	}
	for _, id := range into {
		o := g.Operation(id)
		if from != graph.None || !o.Detached() || o.Delivery == nil || o.Delivery.Workers == 0 || o.Delivery.Processing <= 0 {
			return 0, graph.None
		}
		rate, from = graph.Capacity(o.Delivery.Workers, o.Delivery.Processing), id
	}
	return rate, from
}
