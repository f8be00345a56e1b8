package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// hybridWithoutIdempotencyKey finds acceptances that can happen twice.
func hybridWithoutIdempotencyKey() *lint.Rule {
	return &lint.Rule{
		Code: "WN503", Name: "hybrid-without-idempotency-key", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a request that's sent twice is accepted twice",
		Doc: lint.Doc{
			Why: "To the client, a lost acknowledgment looks just like a lost request. It sends the request again, and " +
				"the work runs twice.",
			Fix: "Require an idempotency key with the request, and store it when you accept the work.",
			Bad: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    reply: {status: /exports/status, notify: email, durable: yes}
`,
			Good: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    idempotent: yes
    reply: {status: /exports/status, notify: email, durable: yes}
`,
			Sources: []string{"az-arr", "stripe-idem"},
		},
		Reads: []string{"mode", "kind", "idempotent"},
		Modes: decide.SetOf(decide.Hybrid),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Kind.Value != "query" && !s.Idempotent.Value {
				p.Report(s.Idempotent.Range, fmt.Sprintf("%q doesn't recognize a request that's resent because its acknowledgment got lost, so the work runs twice", s.Name.Value),
					"require an idempotency key with the request, and store it when you accept the work")
			}
		},
	}
}
