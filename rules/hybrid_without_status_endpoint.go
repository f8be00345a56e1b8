package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// hybridWithoutStatusEndpoint finds acknowledgments that lead nowhere.
func hybridWithoutStatusEndpoint() *lint.Rule {
	return &lint.Rule{
		Code: "WN501", Name: "hybrid-without-status-endpoint", Severity: diag.Error, Since: "0.1.0",
		Summary: "an acknowledgment doesn't say where to find the outcome",
		Doc: lint.Doc{
			Why: "A push notification can get lost, and a page can be reloaded. Without a URL to check, the outcome is " +
				"lost too.",
			Fix: "Return 202 with the URL of a status endpoint, and keep it valid until the outcome is known.",
			Bad: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    idempotent: yes
    reply: {notify: email, durable: yes}
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
			Sources: []string{"az-arr", "aws-op"},
		},
		Reads:    []string{"mode", "reply.status", "reply.notify", "audience", "answers"},
		Optional: []string{"audience", "answers"},
		Modes:    decide.SetOf(decide.Hybrid),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Reply.Range.IsValid() {
				p.Missing("reply")
			} else if s.Reply.Status.Value == "" && !neverTold(s) {
				if n := s.Reply.Notify.Value; n == "email" || n == "webhook" {
					p = p.LowerSeverity() // the outcome is delivered, and can be lost on the way
				}
				p.Report(or(s.Reply.Status.Range, s.Reply.Range), fmt.Sprintf("%q is acknowledged without a status endpoint, so if the notification gets lost, so does the outcome", s.Name.Value), "return 202 with the URL of a status endpoint, and keep it valid until the outcome is known")
			}
		},
	}
}
