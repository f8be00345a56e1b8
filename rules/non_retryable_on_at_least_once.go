package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// nonRetryableOnAtLeastOnce finds redelivery of work that must not be
// repeated.
func nonRetryableOnAtLeastOnce() *lint.Rule {
	return &lint.Rule{
		Code: "WN403", Name: "non-retryable-on-at-least-once", Severity: diag.Error, Since: "0.1.0",
		Summary: "work that must not be repeated is delivered more than once",
		Doc: lint.Doc{
			Why: "The retryability answer says that a late repeat is unsafe or useless, but the queue repeats it " +
				"anyway.",
			Fix: "Mark the work as started in your own store before doing it, and park failures for a person to look " +
				"at. Limiting the queue to one delivery doesn't rule out duplicates, and lets any hiccup fail the " +
				"message. Work that's merely useless later only needs an expiration.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: no, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: no, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.parked, max_deliveries: 1, idempotency: key}
`,
			Sources: []string{"az-idem"},
		},
		Reads: []string{"mode", "answers.retryability", "delivery.max_deliveries", "delivery.idempotency", "delivery.ttl"},
		Modes: detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			answer := s.Answers[decide.Retryability]
			if answer.Plain() != decide.No {
				return
			}
			deliveries := s.Delivery.MaxDeliveries
			at := diag.Related{Range: s.Operation.Answers.Place(decide.Retryability), Message: "retryability is answered here"}
			switch {
			case !deliveries.Set():
				p.Missing("delivery.max_deliveries")
			case answer == decide.TooLate:
				if deliveries.Value != 1 && !s.Delivery.TTL.Set() {
					p.LowerSeverity().Report(deliveries.Range, fmt.Sprintf("%q is useless later, but it's delivered %s and never expires", s.Name.Value, times(deliveries.Value)),
						"set an expiration after which its messages are dropped", at)
				}
			case deliveries.Value != 1:
				if i := s.Delivery.Idempotency.Value; i == "inbox" || i == "key" {
					p = p.LowerSeverity() // repeats are recognized
				}
				p.Report(deliveries.Range, fmt.Sprintf("%q must not be repeated, but it's delivered %s", s.Name.Value, times(deliveries.Value)),
					"mark it as started in your own store before doing it, and park failures for a person to look at",
					at)
			}
		},
	}
}
