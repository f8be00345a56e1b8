package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// missingCorrelation finds messages that cannot be traced.
func missingCorrelation() *lint.Rule {
	return &lint.Rule{
		Code: "WN418", Name: "missing-correlation", Severity: diag.Info, Since: "0.1.0",
		Summary: "a message can't be traced back to the request that sent it",
		Doc: lint.Doc{
			Why: "When something fails hours later, nobody can tell which request it came from.",
			Fix: "Send a correlation id or trace context with every message.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, correlation: no}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, correlation: yes}
`,
			Sources: []string{"az-cc"},
		},
		Reads: []string{"mode", "delivery.correlation"},
		Modes: detachedModes(),
		Given: manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			correlation := s.Delivery.Correlation
			switch {
			case !correlation.Set():
				p.Missing("delivery.correlation")
			case !correlation.Value:
				p.Stating(s.Delivery.Broker.Range).Once("messages that "+consumer(s)+" carry no correlation id, so a failure can't be traced back to its request").
					Report(correlation.Range, quote(s), "send a correlation id or trace context with every message")
			}
		},
	}
}
