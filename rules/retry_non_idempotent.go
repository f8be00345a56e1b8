package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// retryNonIdempotent finds repeats that may do the work twice.
func retryNonIdempotent() *lint.Rule {
	return &lint.Rule{
		Code: "WN308", Name: "retry-non-idempotent", Severity: diag.Error, Since: "0.1.0",
		Summary: "a write is retried even though it isn't known to be idempotent",
		Doc: lint.Doc{
			Why: "To the caller, a lost response looks just like a lost request. Retrying then does the work twice: " +
				"two charges, two orders.",
			Fix: "Send the same idempotency key with every attempt, retry only after failures that surely did nothing (retry.on), or don't retry.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 1s
    kind: command
    retry: {attempts: 2, backoff: 100ms, jitter: yes}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 1s
    kind: command
    idempotent: yes
    retry: {attempts: 2, backoff: 100ms, jitter: yes}
`,
			Sources: []string{"az-retry", "stripe-idem"},
		},
		Reads: []string{"retry.attempts", "retry.on", "kind", "idempotent", "writes"},
		Given: manifest.GivenRetry,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Retry.Attempts.Value <= 1 || s.Idempotent.Value || onlyRefused(s) {
				return
			}
			switch {
			case s.Kind.Value == "command" || s.Kind.Value == "job" || s.Writes.Set():
				p.Once(client(s, "retries writes to")+" that aren't known to be idempotent, so a lost response means the work is done twice").
					Report(s.Retry.Attempts.Range, fmt.Sprintf("%q (%s)", s.Name.Value, amountOf(float64(s.Retry.Attempts.Value), "attempt")),
						"send the same idempotency key with every attempt, or drop the retry")
			case !s.Kind.Set():
				p.Missing("kind")
			}
		},
	}
}

// onlyRefused reports whether an attempt is repeated only after failures that say that
// nothing was done.
func onlyRefused(s *lint.Subject) bool {
	for _, f := range s.Retry.On {
		if f.Value == "timeout" || f.Value == "error" {
			return false
		}
	}
	return len(s.Retry.On) > 0
}
