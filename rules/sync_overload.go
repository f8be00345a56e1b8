package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// syncOverload finds callees that get more requests than they can sustain while
// somebody waits.
func syncOverload() *lint.Rule {
	return &lint.Rule{
		Code: "WN311", Name: "sync-overload", Severity: diag.Error, Since: "0.1.0",
		Summary: "a callee that someone waits for receives more than it can sustain",
		Doc: lint.Doc{
			Why: "Synchronous calls have no queue to smooth out a peak. Requests pile up in the callee's threads and " +
				"connections until all of them time out, even those it could have served.",
			Fix: "Add capacity, or reject the excess early: rate-limit or shed load. Detach the work if nobody needs " +
				"its result now.",
			Bad: `service: shop
operations:
  - name: read-price
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 40ms, coupling: no}
    timeout: 300ms
    traffic: {mean: 100/s, peak: 900/s, capacity: 300/s}
`,
			Good: `service: shop
operations:
  - name: read-price
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 40ms, coupling: no}
    timeout: 300ms
    traffic: {mean: 100/s, peak: 900/s, capacity: 300/s}
    guards: [load-shedding]
`,
			Sources: []string{"sre"},
		},
		Reads:    []string{"mode", "traffic.mean", "traffic.peak", "traffic.capacity", "guards"},
		Optional: []string{"traffic.mean"},
		Modes:    decide.SetOf(decide.Sync),
		Given:    manifest.GivenTraffic,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			mean, peak, capacity := s.Traffic.Mean, s.Traffic.Peak, s.Traffic.Capacity
			if !capacity.Set() {
				return
			}
			const fix = "add capacity, or reject the excess early (guard rate-limit or load-shedding)"
			related := diag.Related{Range: capacity.Range, Message: "the capacity is declared here"}
			switch {
			case mean.Set() && mean.Value >= capacity.Value:
				p.Report(mean.Range, fmt.Sprintf("%q receives %s on average, but %s can only sustain %s: it never catches up", s.Name.Value,
					rateText(mean.Value), s.Callee.Or("its callee"), rateText(capacity.Value)), fix, related)
			case peak.Set() && peak.Value > capacity.Value && !guarded(s, decide.GuardRateLimit, decide.GuardShedding):
				p.LowerSeverity().Report(peak.Range, fmt.Sprintf("%q receives %s at its peak, but %s can only sustain %s: the excess makes all of them wait", s.Name.Value,
					rateText(peak.Value), s.Callee.Or("its callee"), rateText(capacity.Value)), fix, related)
			}
		},
	}
}
