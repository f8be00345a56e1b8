package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// strongConsistencyOverAsync finds promises that a queue cannot keep.
func strongConsistencyOverAsync() *lint.Rule {
	return &lint.Rule{
		Code: "WN412", Name: "strong-consistency-over-async", Severity: diag.Error, Since: "0.1.0",
		Summary: "a caller that doesn't wait is promised strong consistency",
		Doc: lint.Doc{
			Why: "Between the acknowledgment and the work, readers see the old state. A queue can't do any better.",
			Fix: "Do the work in a single transaction in one service, or show a pending state and accept eventual consistency.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    consistency: strong
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    consistency: eventual
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"az-saga", "az-isc"},
		},
		Reads: []string{"mode", "consistency"},
		Modes: detachedModes(),
		Given: manifest.GivenConsistency,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Consistency.Value == "strong" {
				p.Report(s.Consistency.Range, fmt.Sprintf("%q is %s but promises strong consistency: until the work is done, readers see the old state", s.Name.Value, s.Mode.Value),
					"do the work in a single transaction in one service, or show a pending state and declare eventual consistency")
			}
		},
	}
}
