package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// pollingWithoutRetryAfter finds polling without a pace.
func pollingWithoutRetryAfter() *lint.Rule {
	return &lint.Rule{
		Code: "WN505", Name: "polling-without-retry-after", Severity: diag.Info, Since: "0.1.0",
		Summary: "clients that poll for the outcome aren't told how often",
		Doc: lint.Doc{
			Why: "Each client then picks its own interval, and the impatient ones put the most load on the service just when it's slow.",
			Fix: "Send a Retry-After header.",
			Bad: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    idempotent: yes
    reply: {status: /exports/status, notify: poll, durable: yes}
`,
			Good: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    idempotent: yes
    reply: {status: /exports/status, notify: poll, durable: yes, retry_after: 5s}
`,
			Sources: []string{"az-arr"},
		},
		Reads: []string{"reply.notify", "reply.retry_after"},
		Given: manifest.GivenReply,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Reply.Notify.Value == "poll" && !s.Reply.RetryAfter.Set() {
				p.Report(s.Reply.Notify.Range, fmt.Sprintf("clients poll for the outcome of %q without being told how often, and poll most when it's slow", s.Name.Value), "send a Retry-After header")
			}
		},
	}
}
