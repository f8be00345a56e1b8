package rules

import (
	"fmt"
	"math"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// evidenceThinOrOld finds evidence that counts for little.
func evidenceThinOrOld() *lint.Rule {
	return &lint.Rule{
		Code: "WN609", Name: "evidence-thin-or-old", Severity: diag.Info, Since: "0.1.0",
		Summary: "the evidence has too few calls or is too old",
		Doc: lint.Doc{
			Why: "With fewer than 100 calls, the p99 is simply the slowest call, so a single pause decides it. " +
				"Evidence from before the latest changes describes a different system.",
			Fix: "Import traces again, over a window with more calls.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-20, calls: 12, p99: 400ms, waited: 100%}
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
		},
		Reads:    []string{"evidence.calls", "evidence.to"},
		Optional: []string{"evidence.to"},
		Given:    manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "calls", Doc: "number of calls that count as enough", Default: manifest.EnoughCalls},
			{Name: "days", Doc: "maximum age of evidence, in days", Default: 90},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e := s.Evidence
			if !e.Calls.Set() {
				return
			}
			const fix = "import again, over a window with more calls: waitornot import SOURCE --write DIR"
			if least := p.Param("calls"); float64(e.Calls.Value) < least {
				p.Report(e.Range, fmt.Sprintf("the evidence of %q covers only %s; a p99 needs at least %s", s.Name.Value, callsOf(e), amount(least)), fix)
				return
			}
			if age := p.Today.Sub(e.To.Value).Hours() / 24; e.To.Set() && age > p.Param("days") {
				p.Report(e.To.Range, fmt.Sprintf("the evidence of %q is %s old, more than %s", s.Name.Value, amountOf(math.Floor(age), "day"), amount(p.Param("days"))),
					"import again: waitornot import SOURCE --write DIR")
			}
		},
	}
}
