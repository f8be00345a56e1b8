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
		Summary: "work that must not be repeated is delivered several times",
		Doc: lint.Doc{
			Why: "The answer to retryability says that a late repeat is unsafe or unwanted, and the queue repeats it " +
				"all the same.",
			Fix: "Deliver once, recognise repeats, and park what failed for a person to look at.",
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
		Reads: []string{"mode", "answers", "delivery.max_deliveries", "delivery.idempotency"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !detached(s) || s.Answers[decide.Retryability] != decide.No {
				return
			}
			deliveries := s.Delivery.MaxDeliveries
			switch {
			case !deliveries.Set():
				p.Missing("delivery.max_deliveries")
			case deliveries.Value != 1:
				if i := s.Delivery.Idempotency.Value; i == "inbox" || i == "key" {
					p = p.LowerSeverity() // repeats are recognized
				}
				p.Report(deliveries.Range, fmt.Sprintf("%q must not be repeated, but is delivered %s", s.Name.Value, times(deliveries.Value)),
					"mark it as started in your own store before doing it, and park what failed for a person to look at",
					diag.Related{Range: s.Operation.Answers.Place(decide.Retryability), Message: "retryability is answered here"})
			}
		},
	}
}
