package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// orderingNotGuaranteed finds channels that lose the order.
func orderingNotGuaranteed() *lint.Rule {
	return &lint.Rule{
		Code: "WN410", Name: "ordering-not-guaranteed", Severity: diag.Warning, Since: "0.1.0",
		Summary: "order matters, but the channel doesn't keep it",
		Doc: lint.Doc{
			Why: "Several workers on a plain queue overtake each other, and a redelivered message arrives after the " +
				"ones that followed it.",
			Fix: "Use sessions, message groups, or a partition key. For global order, use a single consumer.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: servicebus-standard, type: queue, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, ordering: key, workers: 4}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: servicebus-standard, type: session, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, ordering: key, workers: 4}
`,
			Sources: []string{"az-cc", "sqs"},
		},
		Reads: []string{"mode", "delivery.ordering", "delivery.type", "delivery.workers"},
		Modes: detachedModes(),
		Given: manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			ordering := s.Delivery.Ordering
			if !ordering.Set() || ordering.Value == "none" {
				return
			}
			if missing := lacking(fact{"delivery.type", s.Delivery.Type.Set()}, fact{"delivery.workers", s.Delivery.Workers.Set()}); len(missing) > 0 {
				p.Missing(missing...)
				return
			}
			kind, several := s.Delivery.Type.Value, s.Delivery.Workers.Value > 1
			byKey := kind == "session" || kind == "stream"
			if several && (ordering.Value == "global" || !byKey) {
				p.Stating(s.Delivery.Workers.Range, s.Delivery.Type.Range).Report(ordering.Range, fmt.Sprintf("%q needs its messages in order, but %s read from one %s and overtake each other", s.Name.Value, amountOf(float64(s.Delivery.Workers.Value), "worker"), kind),
					"use sessions, message groups, or a partition key, or run a single worker")
			}
		},
	}
}
