package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// redeliveryWithoutBackoff finds messages that come back at once.
func redeliveryWithoutBackoff() *lint.Rule {
	return &lint.Rule{
		Code: "WN422", Name: "redelivery-without-backoff", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a failed message is redelivered immediately",
		Doc: lint.Doc{
			Why: "If a callee is down for a minute, five attempts fail within a second. Every message that comes in " +
				"during that minute ends up in the dead-letter queue, and someone has to replay them all.",
			Fix: "Wait longer before each delivery: use a delay queue, the broker's delayed retry, or a visibility " +
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
		Modes:    detachedModes(),
		Given:    manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			backoff := s.Delivery.Backoff
			switch {
			case s.Delivery.MaxDeliveries.Value == 1 && s.Delivery.MaxDeliveries.Set():
			case !backoff.Set():
				p.Missing("delivery.backoff")
			case backoff.Value == 0:
				p.Stating(s.Delivery.Broker.Range).Once("messages that "+consumer(s)+" are redelivered immediately when they fail, so a short outage uses up all their deliveries").
					Report(backoff.Range, quote(s), "wait longer before each delivery: use a delay queue, or the broker's delayed retry")
			}
		},
	}
}
