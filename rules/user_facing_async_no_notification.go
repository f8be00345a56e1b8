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
		Summary: "a user waits for an outcome and is never told",
		Doc: lint.Doc{
			Why: "The work succeeds or fails silently. Users then contact support, or do it again.",
			Fix: "Tell them: over an open connection while they're looking, or by email or push notification once they've left.",
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
		Modes:    detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !owesOutcome(s) {
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
			if neverTold(s) {
				p.Report(or(s.Reply.Notify.Range, s.Audience.Range), fmt.Sprintf("nobody tells the user who's waiting for %q how it ended, so they contact support or do it again", s.Name.Value),
					"answer with the address of its status, and tell them: over an open connection while they're looking, or by email or push notification once they've left")
			}
		},
	}
}

// owesOutcome reports whether an operation goes on without its caller, who wants to learn how
// it ended. A mode that the answers don't give is mode-disagrees.
func owesOutcome(s *lint.Subject) bool {
	return detached(s) && s.Decision.Possible.Has(s.Mode.Value) && s.Answers[decide.Immediacy] != decide.No
}

// neverTold reports whether a person is told nothing of the outcome.
func neverTold(s *lint.Subject) bool {
	return owesOutcome(s) && s.Audience.Value == "human" && s.Reply.Range.IsValid() && s.Reply.Notify.Or("none") == "none"
}
