package rules

import (
	"fmt"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// latencyContradicted finds answers to latency that measurements contradict.
func latencyContradicted() *lint.Rule {
	return &lint.Rule{
		Code: "WN603", Name: "latency-contradicted", Severity: diag.Warning, Since: "0.1.0",
		Summary: "the measured latency contradicts the declared answer",
		Doc: lint.Doc{
			Why: "The latency answer helps decide whether the caller waits, and the timeout, the budget, and the " +
				"platform limits are judged against it. If you declare 300 ms but one call in a hundred takes 3 s, all " +
				"of that is wrong.",
			Fix: "Answer latency with the measured p99 and look at the new verdict, or make the callee as fast as declared.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: yes}
    timeout: 4s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p50: 410ms, p99: 3s, waited: 100%}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 3s, coupling: yes}
    timeout: 4s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p50: 410ms, p99: 3s, waited: 100%}
`,
		},
		Reads:    []string{"answers.latency", "mode", "evidence.calls", "evidence.p99", "evidence.polled"},
		Optional: []string{"mode"},
		Given:    manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "margin", Doc: "share by which the p99 must be past the limit", Unit: lint.Share, Default: 0.1},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			declared := s.Answers[decide.Latency]
			if !ok || !e.P99.Set() || declared == decide.Unknown || s.Works(decide.Hybrid) || e.Polled.Value {
				return // of a hybrid operation only the acknowledgment was measured
			}
			// A p99 close to the limit may lie on either side of it by chance.
			margin := time.Duration(float64(e.P99.Value) * p.Param("margin"))
			low, high := p.Limits.Latency(e.P99.Value-margin), p.Limits.Latency(e.P99.Value+margin)
			if low != high || low == declared {
				return
			}
			p.Report(s.Operation.Answers.Place(decide.Latency), fmt.Sprintf("latency is answered %s for %q, but its p99 was %s over %s, which is %s",
				latencyWord(s, declared), s.Name.Value, manifest.FormatDuration(e.P99.Value), callsOf(e), low),
				"answer latency: "+manifest.FormatDuration(e.P99.Value)+" and look at the new verdict, or make the callee as fast as declared", measuredHere(e))
		},
	}
}
