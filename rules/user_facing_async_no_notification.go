package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// userFacingAsyncNoNotification finds outcomes that people never learn.
func userFacingAsyncNoNotification() *lint.Rule {
	return &lint.Rule{
		Code: "WN502", Name: "user-facing-async-no-notification", Severity: diag.Error, Since: "0.1.0",
		Summary: "a person waits for an outcome and is never told",
		Doc: lint.Doc{
			Why: "The work succeeds or fails in silence. People then ask support, or do it again.",
			Fix: "Tell them: over an open connection while they look, by mail or push when they have gone.",
			Bad: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    audience: human
    idempotent: yes
    reply: {status: /exports/status, durable: yes, notify: none}
`,
			Good: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    audience: human
    idempotent: yes
    reply: {status: /exports/status, notify: email, durable: yes}
`,
			Sources: []string{"az-arr"},
		},
		Reads:    []string{"mode", "audience", "answers", "reply.notify"},
		Optional: []string{"answers", "reply.notify"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			// A mode that the answers do not give is mode-disagrees.
			if !detached(s) || !s.Decision.Possible.Has(s.Mode.Value) || s.Answers[decide.Immediacy] == decide.No {
				return
			}
			if !s.Audience.Set() {
				p.Missing("audience")
				return
			}
			if !s.Reply.Range.IsValid() {
				p.Missing("reply.notify")
				return
			}
			if notify := s.Reply.Notify; s.Audience.Value == "human" && (!notify.Set() || notify.Value == "none") {
				p.Report(or(notify.Range, s.Audience.Range), fmt.Sprintf("nobody tells the person who waits for %q how it ended, so they ask support or do it again", s.Name.Value),
					"tell them: over an open connection while they look, by mail or push when they have gone")
			}
		},
	}
}
