package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// redeliveryWithoutBackoff finds messages that come back at once.
func redeliveryWithoutBackoff() *lint.Rule {
	return &lint.Rule{
		Code: "WN422", Name: "redelivery-without-backoff", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a message that failed is delivered again at once",
		Doc: lint.Doc{
			Why: "A callee that is down for a minute fails five attempts in a second. Then every message that passes " +
				"in that minute is in the dead-letter queue, and somebody has to send them all again.",
			Fix: "Wait longer before each delivery: a delay queue, a delayed retry of the broker, or a visibility " +
				"timeout that grows.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, backoff: 0s}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, backoff: 10s}
`,
			Sources: []string{"az-retry", "rmq-q", "sk"},
		},
		Reads:    []string{"mode", "delivery.backoff", "delivery.max_deliveries"},
		Optional: []string{"delivery.max_deliveries"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			backoff := s.Delivery.Backoff
			switch {
			case !detached(s) || !s.Delivery.Range.IsValid() || s.Delivery.MaxDeliveries.Value == 1 && s.Delivery.MaxDeliveries.Set():
			case !backoff.Set():
				p.Missing("delivery.backoff")
			case backoff.Value == 0:
				p.Once("what "+consumer(s)+" is delivered again at once when it fails, so a short outage uses up all deliveries").
					Report(backoff.Range, quote(s), "wait longer before each delivery: a delay queue, or a delayed retry of the broker")
			}
		},
	}
}
