package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// strongConsistencyOverAsync finds promises that a queue cannot keep.
func strongConsistencyOverAsync() *lint.Rule {
	return &lint.Rule{
		Code: "WN412", Name: "strong-consistency-over-async", Severity: diag.Error, Since: "0.1.0",
		Summary: "a caller that goes on at once is promised a consistent view",
		Doc: lint.Doc{
			Why: "Between the acknowledgement and the work, readers see the old state. A queue cannot promise " +
				"otherwise.",
			Fix: "Do it in one transaction of one service, or show a pending state and accept eventual consistency.",
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
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if detached(s) && s.Consistency.Value == "strong" {
				p.Report(s.Consistency.Range, fmt.Sprintf("%q is %s but promises strong consistency: until the work is done, readers see the old state", s.Name.Value, s.Mode.Value),
					"do it in one transaction of one service, or show a pending state and promise eventual consistency")
			}
		},
	}
}
