package rules

import (
	"fmt"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// sharedBrokerSpof finds brokers on which everything hangs.
func sharedBrokerSpof() *lint.Rule {
	return &lint.Rule{
		Code: "WN417", Name: "shared-broker-spof", Severity: diag.Warning, Since: "0.1.0",
		Summary: "most asynchronous work depends on a single broker node",
		Doc: lint.Doc{
			Why: "A queue trades the callee's outages for the broker's. If all the work goes through one node, its " +
				"outage stops everything at once.",
			Fix: "Run the broker as a cluster across several zones, measure its availability, and keep an outbox so " +
				"that accepting work doesn't depend on it.",
			Bad: `service: shop
brokers:
  - {name: rabbitmq, clustered: no}
operations:
  - name: ship
    caller: shop
    callee: depot
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: mail
    caller: shop
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: count
    caller: shop
    callee: reports
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
brokers:
  - {name: rabbitmq, clustered: yes}
operations:
  - name: ship
    caller: shop
    callee: depot
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: mail
    caller: shop
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
  - name: count
    caller: shop
    callee: reports
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: work.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"az-isc", "rpi"},
		},
		Reads: []string{"brokers", "delivery.broker"},
		Params: []lint.Param{
			{Name: "operations", Doc: "number of operations at which this is reported", Unit: lint.Count, Default: 3},
			{Name: "share", Doc: "share of all asynchronous operations at which this is reported", Unit: lint.Share, Default: 0.5},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			total := 0
			for i := range g.Brokers() {
				total += len(g.Brokers()[i].Operations)
			}
			for i := range g.Brokers() {
				b := &g.Brokers()[i]
				carried := len(b.Operations)
				if float64(carried) < p.Param("operations") || float64(carried) < p.Param("share")*float64(total) || len(b.Declared) == 0 || safe(b) {
					continue
				}
				at := slices.IndexFunc(b.Declared, func(d graph.BrokerDeclaration) bool { return d.Clustered.Set() })
				if at < 0 {
					d := b.Declared[0]
					p.MissingIn(d.File, d.Name.Range, b.Name, "brokers.clustered of "+b.Name)
					continue
				}
				reportOperation(p, g, b.Operations[0], graph.FactBroker,
					fmt.Sprintf("%s carries %d of %d asynchronous operations and isn't clustered: when it goes down, all of them stop", b.Name, carried, total),
					"run it as a cluster across several zones, and keep an outbox so that accepting work doesn't depend on it",
					diag.Related{File: b.Declared[at].File, Range: b.Declared[at].Clustered.Range, Message: "it's declared here"})
			}
		},
	}
}

// safe reports whether something is known about how the broker survives.
func safe(b *graph.Broker) bool {
	if _, ok := b.Availability(); ok {
		return true
	}
	for _, d := range b.Declared {
		if d.Clustered.Value {
			return true
		}
	}
	return false
}
