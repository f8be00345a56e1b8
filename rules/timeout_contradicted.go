package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// timeoutContradicted finds timeouts that are not in force, or that many calls run into.
func timeoutContradicted() *lint.Rule {
	return &lint.Rule{
		Code: "WN604", Name: "timeout-contradicted", Severity: diag.Warning, Since: "0.1.0",
		Summary: "calls run past the declared timeout, or too many of them hit it",
		Doc: lint.Doc{
			Why: "A timeout that isn't enforced protects nobody: when the callee hangs, so does the caller. One that " +
				"many calls hit fails work that would have succeeded, and retries put more load on the callee just " +
				"when it's slow.",
			Fix: "Make the client enforce the declared timeout, or raise it above the p99.9 and declare the value that's in effect.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 400ms, waited: 100%, timed_out: 3%, gave_up: 30s}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 400ms, waited: 100%}
`,
			Sources: []string{"aws-rel05", "brooker"},
		},
		Reads:    []string{"timeout", "retry.attempts", "mode", "evidence.calls", "evidence.p99", "evidence.gave_up", "evidence.timed_out"},
		Optional: []string{"evidence.p99", "evidence.timed_out"},
		Modes:    decide.SetOf(decide.Sync),
		Given:    manifest.GivenTimeout | manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "factor", Doc: "how many times the timeout a call must last for the timeout to count as not enforced", Default: 2},
			{Name: "timed_out", Doc: "share of timed-out attempts at which the timeout is too short", Unit: lint.Share, Default: 0.01},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			if !ok {
				return
			}
			limit, name := s.Timeout.Value, s.Name.Value
			words, gaveUp := manifest.FormatDuration(limit), manifest.FormatDuration(e.GaveUp.Value)
			const fix = "make the client enforce the declared timeout, or declare the one that's in effect"
			switch whole := repeated(limit, max(s.Retry.Attempts.Value, 1)); {
			case e.GaveUp.Set() && float64(e.GaveUp.Value) > p.Param("factor")*float64(limit):
				p.Report(s.Timeout.Range, fmt.Sprintf("the timeout of %q is %s, but calls that timed out did so after %s", name, words, gaveUp), fix, measuredHere(e))
			case e.P99.Set() && float64(e.P99.Value) > p.Param("factor")*float64(whole):
				p.Report(s.Timeout.Range, fmt.Sprintf("the timeout of %q is %s, but its p99 was %s over %s: the timeout isn't enforced", name, words,
					manifest.FormatDuration(e.P99.Value), callsOf(e)), fix, measuredHere(e))
			case e.TimedOut.Value >= p.Param("timed_out"):
				p.Report(s.Timeout.Range, fmt.Sprintf("%s of the attempts of %q hit their timeout of %s, over %s", manifest.FormatShare(e.TimedOut.Value), name, words, callsOf(e)),
					"raise the timeout above the p99.9, or make the callee faster", measuredHere(e))
			}
		},
	}
}
