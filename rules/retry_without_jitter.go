package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// retryWithoutJitter finds retries that march in step.
func retryWithoutJitter() *lint.Rule {
	return &lint.Rule{
		Code: "WN307", Name: "retry-without-jitter", Severity: diag.Info, Since: "0.1.0",
		Summary: "attempts follow each other without a random pause",
		Doc: lint.Doc{
			Why: "Callers that failed together try again together. The callee that is about to recover meets them all " +
				"at once.",
			Fix: "Back off exponentially with full jitter, once in the client.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 1s
    kind: query
    retry: {attempts: 3, backoff: 100ms}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 1s
    kind: query
    retry: {attempts: 3, backoff: 100ms, jitter: yes}
`,
			Sources: []string{"aws-rel05", "sre"},
		},
		Reads: []string{"retry.attempts", "retry.backoff", "retry.jitter", "delivery.broker"},
		Void:  toldByMode,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			var lacks, fix string
			switch backoff, jitter := s.Retry.Backoff.Set(), s.Retry.Jitter.Value; {
			case s.Retry.Attempts.Value <= 1, backoff && jitter, engine(s):
				return
			case jitter:
				lacks, fix = "backoff", "wait longer before each attempt"
			case backoff:
				lacks, fix = "jitter", "vary the pause at random (full jitter)"
			default:
				lacks, fix = "backoff and jitter", "wait longer before each attempt, and vary the pause at random"
			}
			p.Once(client(s, "repeats failed calls of")+" in step, so callers that failed together come back together").
				Report(s.Retry.Attempts.Range, fmt.Sprintf("%q (%s without %s)", s.Name.Value, amountOf(float64(s.Retry.Attempts.Value), "attempt"), lacks), fix)
		},
	}
}
