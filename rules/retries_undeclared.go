package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// retriesUndeclared finds retries that nobody declared.
func retriesUndeclared() *lint.Rule {
	return &lint.Rule{
		Code: "WN606", Name: "retries-undeclared", Severity: diag.Warning, Since: "0.1.0",
		Summary: "calls are retried, but no retry is declared",
		Doc: lint.Doc{
			Why: "Retries multiply across the layers of a path: three attempts in each of three layers can mean 27 " +
				"calls at the bottom. You can't judge load, deadlines, or the harm of a repeat without knowing about " +
				"them. They often come from a library or proxy that nobody configured.",
			Fix: "Declare retry.attempts as it's in effect, or turn the retries off at their source.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 400ms, waited: 100%, retried: 4%}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 400ms, coupling: yes}
    timeout: 2s
    idempotent: yes
    retry: {attempts: 2, backoff: 100ms, jitter: yes}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 400ms, waited: 100%, retried: 4%}
`,
			Sources: []string{"brooker", "sre"},
		},
		Reads:    []string{"retry.attempts", "answers.retryability", "mode", "evidence.calls", "evidence.retried"},
		Optional: []string{"mode", "answers.retryability"},
		Given:    manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "retried", Doc: "share of attempts above which retries are reported", Unit: lint.Share, Default: 0.01},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			if !ok || e.Retried.Value < p.Param("retried") || s.Retry.Attempts.Value > 1 || s.Works(decide.Async) {
				return // what a broker delivers again is no retry of the caller
			}
			harm := ""
			if s.Answers[decide.Retryability] == decide.Unsafe {
				harm = ", even though a repeat can do harm"
			}
			at := s.Place()
			if s.Retry.Attempts.Set() {
				at = s.Retry.Attempts.Range
			}
			p.Report(at, fmt.Sprintf("%s of the attempts of %q are retries, over %s, but no retry is declared%s", manifest.FormatShare(e.Retried.Value), s.Name.Value,
				callsOf(e), harm), "declare retry.attempts as it's in effect, or turn the retries off in the client, library, or proxy that makes them", measuredHere(e))
		},
	}
}
