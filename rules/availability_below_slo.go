package rules

import (
	"fmt"
	"math"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// availabilityBelowSlo finds promises that the dependencies do not allow.
func availabilityBelowSlo() *lint.Rule {
	return &lint.Rule{
		Code: "WN205", Name: "availability-below-slo", Severity: diag.Error, Since: "0.1.0",
		Summary: "a journey can't reach its availability objective",
		Doc: lint.Doc{
			Why: "A journey is up only while everything it waits for is up, so the availabilities multiply. Retries " +
				"don't help while a dependency is down.",
			Fix: "Move work that the user doesn't need to wait for to the background, add a fallback, or lower the " +
				"objective. `waitornot plan` finds the smallest change.",
			Bad: `service: web
availability: 99.99%
journeys:
  - {name: place-order, steps: [price, pay], slo: 99.9%}
operations:
  - name: price
    caller: web
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    availability: 99.95%
  - name: pay
    caller: web
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    availability: 99.5%
`,
			Good: `service: web
availability: 99.999%
journeys:
  - {name: place-order, steps: [price, pay], slo: 99.9%}
operations:
  - name: price
    caller: web
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    availability: 99.995%
  - name: pay
    caller: web
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    availability: 99.995%
`,
			Sources: []string{"calc", "fowler"},
		},
		Reads:    []string{"journeys.slo", "availability", "mode", "critical", "brokers", "journeys.steps"},
		Optional: []string{"mode"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			numbers := g.AllNumbers()
			for i := range g.Journeys() {
				j, share := &g.Journeys()[i], &numbers[i].Share
				if !j.SLO.Set() {
					continue
				}
				if share.Value >= j.SLO.Value {
					missingOf(p, g, j, share.Missing)
					continue
				}
				reportJourney(p, g, j, j.SLO.Range,
					fmt.Sprintf("%q is available %s of the time, below its objective of %s", j.Name.Value, availableAt(share, j.SLO.Value), manifest.FormatShare(j.SLO.Value)),
					"move work that the user doesn't need to wait for to the background, add a fallback, or lower the objective", weakest(g, j, share)...)
			}
		},
	}
}

// availableAt writes an availability below a target, never a bound that is too low.
func availableAt(share *graph.Share, target float64) string {
	if share.Known() {
		return nines(share.Value, target)
	}
	return "at most " + ninesTo(share.Value, target, math.Ceil)
}
