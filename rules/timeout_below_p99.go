package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// timeoutBelowP99 finds timeouts that fire in normal operation.
func timeoutBelowP99() *lint.Rule {
	return &lint.Rule{
		Code: "WN303", Name: "timeout-below-p99", Severity: diag.Warning, Since: "0.1.0",
		Summary: "the timeout cuts off more than one call in a hundred",
		Doc: lint.Doc{
			Why: "The caller gives up on calls that would have succeeded, and usually retries them, so the load grows " +
				"exactly when the callee is slow.",
			Fix: "Raise the timeout above the p99, or make the operation faster.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 400ms
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
`,
			Sources: []string{"aws-rel05", "brooker"},
		},
		Reads: []string{"mode", "timeout", "answers.latency", "reply.accept_within"},
		Modes: decide.SetOf(decide.Sync, decide.Hybrid),
		Given: manifest.GivenTimeout,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			latency := s.Operation.Answers.Latency
			if s.Works(decide.Hybrid) {
				latency = s.Reply.AcceptWithin // what the caller waits for
			}
			switch {
			case s.Works(decide.Hybrid) && !latency.Set():
			case !latency.Set():
				p.Missing("answers.latency as a duration")
			case s.Timeout.Value < latency.Value:
				p.Report(s.Timeout.Range,
					fmt.Sprintf("%q times out after %s, below its p99 of %s: more than one call in a hundred is cut off and may be retried", s.Name.Value,
						manifest.FormatDuration(s.Timeout.Value), manifest.FormatDuration(latency.Value)),
					"raise the timeout above the p99, or make the callee faster",
					diag.Related{Range: latency.Range, Message: "the p99 is declared here"})
			}
		},
	}
}
