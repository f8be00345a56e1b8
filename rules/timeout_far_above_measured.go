package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// timeoutFarAboveMeasured finds timeouts far above what calls take.
func timeoutFarAboveMeasured() *lint.Rule {
	return &lint.Rule{
		Code: "WN605", Name: "timeout-far-above-measured", Severity: diag.Info, Since: "0.1.0",
		Summary: "the timeout is far longer than calls ever take",
		Doc: lint.Doc{
			Why: "When the callee hangs, each caller waits out the whole timeout. At 50 calls a second, a timeout of " +
				"30 s ties up 1,500 requests; one of 1 s would tie up 50.",
			Fix: "Set the timeout a little above the measured p99.9.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 40ms, coupling: yes}
    timeout: 30s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 40ms, waited: 100%}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 40ms, coupling: yes}
    timeout: 1s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 40ms, waited: 100%}
`,
			Sources: []string{"aws-rel05"},
		},
		Reads: []string{"timeout", "mode", "evidence.calls", "evidence.p99", "evidence.timed_out"},
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenTimeout | manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "factor", Doc: "how many times the p99 the timeout must be", Default: 20},
			{Name: "least", Doc: "timeouts below this are never reported", Unit: lint.Seconds, Default: 5},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			if !ok || !e.P99.Set() || e.P99.Value <= 0 || e.TimedOut.Value > 0 {
				return
			}
			limit := s.Timeout.Value
			if limit.Seconds() < p.Param("least") || float64(limit) < p.Param("factor")*float64(e.P99.Value) {
				return
			}
			p.Report(s.Timeout.Range, fmt.Sprintf("%q waits up to %s, but its p99 was %s over %s: when the callee hangs, the caller is stuck for %s as long as usual",
				s.Name.Value, manifest.FormatDuration(limit), manifest.FormatDuration(e.P99.Value), callsOf(e), amountOf(float64(limit)/float64(e.P99.Value), "time")),
				"set the timeout a little above the p99.9", measuredHere(e))
		},
	}
}
