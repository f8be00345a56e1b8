package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// asyncWithoutIdempotency finds consumers that may do the work twice.
func asyncWithoutIdempotency() *lint.Rule {
	return &lint.Rule{
		Code: "WN402", Name: "async-without-idempotency", Severity: diag.Error, Since: "0.1.0",
		Summary: "a consumer doesn't recognize a message it has already handled",
		Doc: lint.Doc{
			Why: "Nearly every broker delivers at least once. Without a way to recognize duplicates, the work is done " +
				"twice. Limiting deliveries to one doesn't help: a producer that misses the confirmation sends again.",
			Fix: "Record the message id or a business key in the same transaction as the work, or make the work an " +
				"upsert.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"az-idem", "helland"},
		},
		Reads: []string{"mode", "kind", "idempotent", "delivery.idempotency", "delivery.type"},
		Modes: detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Idempotent.Value || s.Kind.Value == "query" || s.Delivery.Type.Value == "process" || acknowledgedTooSoon(s) {
				return
			}
			if !s.Delivery.Range.IsValid() {
				p.Missing("delivery")
				return
			}
			idempotency := s.Delivery.Idempotency
			if !idempotency.Set() || idempotency.Value == "none" {
				p.Report(or(idempotency.Range, s.Delivery.Range),
					fmt.Sprintf("the consumer of %q may get a message twice and doesn't recognize duplicates, so the work is done twice", s.Name.Value),
					"record the message id or a business key in the same transaction as the work, or make the work an upsert")
			}
		},
	}
}
