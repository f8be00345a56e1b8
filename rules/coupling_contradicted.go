package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// couplingContradicted finds answers to coupling that measurements contradict.
func couplingContradicted() *lint.Rule {
	return &lint.Rule{
		Code: "WN607", Name: "coupling-contradicted", Severity: diag.Warning, Since: "0.1.0",
		Summary: "coupling is answered no, but the callee's failures and slowness do reach the caller",
		Doc: lint.Doc{
			Why: "The question is whether an outage, slowdown, or change in the callee would become the caller's " +
				"problem. It did: when the callee failed or was slow, so was the caller.",
			Fix: "Answer coupling: yes and look at the new verdict, or shield the caller with a deadline, a circuit breaker, and a fallback.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: no}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 400ms, waited: 100%, troubled: 140, spread: 90%}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 400ms, waited: 100%, troubled: 140, spread: 90%}
`,
		},
		Reads: []string{"answers.coupling", "evidence.calls", "evidence.troubled", "evidence.spread"},
		Given: manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "troubled", Doc: "number of requests with a failing or slow callee needed to judge", Default: 30},
			{Name: "spread", Doc: "share of them in which the caller must have failed or been slow too", Unit: lint.Share, Default: 0.5},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			if !ok || s.Answers[decide.Coupling] != decide.No || float64(e.Troubled.Value) < p.Param("troubled") || e.Spread.Value < p.Param("spread") {
				return
			}
			p.Report(s.Operation.Answers.Place(decide.Coupling), fmt.Sprintf("coupling is answered no for %q, but of %s in which the callee failed or was slow, %s also failed or were slow for the caller",
				s.Name.Value, amountOf(float64(e.Troubled.Value), "request"), manifest.FormatShare(e.Spread.Value)),
				"answer coupling: yes and look at the new verdict, or shield the caller with a deadline, a circuit breaker, and a fallback", measuredHere(e))
		},
	}
}
