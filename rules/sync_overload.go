package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// syncOverload finds callees that get more requests than they can sustain while
// somebody waits.
func syncOverload() *lint.Rule {
	return &lint.Rule{
		Code: "WN311", Name: "sync-overload", Severity: diag.Error, Since: "0.1.0",
		Summary: "a callee that somebody waits for gets more than it can sustain",
		Doc: lint.Doc{
			Why: "A call that is waited for has no queue to spread a peak over: requests pile up in the callee's threads " +
				"and connections until all of them time out, also those that it could have served.",
			Fix: "Add capacity, or refuse early what is above it: limit the rate or shed load. Detach the work where nobody " +
				"needs its result now.",
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
		Operation: func(p *lint.Pass, s *lint.Subject) {
			mean, peak, capacity := s.Traffic.Mean, s.Traffic.Peak, s.Traffic.Capacity
			if !s.Works(decide.Sync) || !capacity.Set() {
				return
			}
			const fix = "add capacity, or refuse early what is above it (guard rate-limit or load-shedding)"
			related := diag.Related{Range: capacity.Range, Message: "the capacity is given here"}
			switch {
			case mean.Set() && mean.Value >= capacity.Value:
				p.Report(mean.Range, fmt.Sprintf("%q gets %s on average, and %s can sustain %s: it never catches up", s.Name.Value,
					rated(mean.Value), s.Callee.Or("its callee"), rated(capacity.Value)), fix, related)
			case peak.Set() && peak.Value > capacity.Value && !guarded(s, "rate-limit", "load-shedding"):
				p.LowerSeverity().Report(peak.Range, fmt.Sprintf("%q gets %s at its peak, and %s can sustain %s: what is above it makes all of them wait", s.Name.Value,
					rated(peak.Value), s.Callee.Or("its callee"), rated(capacity.Value)), fix, related)
			}
		},
	}
}
