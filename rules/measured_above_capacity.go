package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// measuredAboveCapacity finds callees that got more than they are said to sustain.
func measuredAboveCapacity() *lint.Rule {
	return &lint.Rule{
		Code: "WN608", Name: "measured-above-capacity", Severity: diag.Warning, Since: "0.1.0",
		Summary: "the measured peak is above the declared capacity",
		Doc: lint.Doc{
			Why: "Above its capacity, a callee builds up a backlog that grows for as long as the peak lasts: everyone " +
				"waits longer, timeouts fire, and retries add load. If it has held up so far, the declared capacity is " +
				"wrong or the peak was short.",
			Fix: "Measure the capacity again, add capacity, or rate-limit the callers.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    traffic: {mean: 40/s, peak: 80/s, capacity: 100/s}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, mean: 45/s, peak: 160/s, p99: 400ms, waited: 100%}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 2s
    traffic: {mean: 40/s, peak: 80/s, capacity: 200/s}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, mean: 45/s, peak: 160/s, p99: 400ms, waited: 100%}
`,
			Sources: []string{"mm1"},
		},
		Reads: []string{"traffic.capacity", "evidence.calls", "evidence.peak"},
		Given: manifest.GivenTraffic | manifest.GivenEvidence,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			capacity := s.Traffic.Capacity
			if !ok || !capacity.Set() || !e.Peak.Set() || e.Peak.Value <= capacity.Value {
				return
			}
			p.Report(capacity.Range, fmt.Sprintf("%q was called %s at its peak, over %s, more than the %s that its callee can sustain", s.Name.Value,
				rateText(e.Peak.Value), callsOf(e), rateText(capacity.Value)),
				"measure the capacity again, add capacity, or rate-limit the callers", measuredHere(e))
		},
	}
}
