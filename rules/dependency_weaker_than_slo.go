package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// dependencyWeakerThanSlo finds dependencies that leave a journey no room.
func dependencyWeakerThanSlo() *lint.Rule {
	return &lint.Rule{
		Code: "WN206", Name: "dependency-weaker-than-slo", Severity: diag.Info, Since: "0.1.0",
		Summary: "a journey meets its objective, but a dependency may use up more than a tenth of what it allows",
		Doc: lint.Doc{
			Why: "A critical dependency should fail a tenth as often as the service that waits for it (the rule of the " +
				"extra nine). Otherwise, one bad month of one dependency burns the whole error budget.",
			Fix: "Make the dependency redundant, keep a local copy of its data, add a fallback, or stop waiting for it.",
			Bad: `service: web
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
    availability: 99.95%
  - name: pay
    caller: web
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    availability: 99.995%
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
			Sources: []string{"calc"},
		},
		Reads:    []string{"journeys.slo", "availability", "mode", "journeys.steps"},
		Optional: []string{"mode", "availability"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			numbers := g.AllNumbers()
			for i := range g.Journeys() {
				j, share := &g.Journeys()[i], &numbers[i].Share
				if !j.SLO.Set() || !share.Known() || share.Value < j.SLO.Value {
					continue
				}
				for _, t := range share.Terms {
					if t.Step == graph.None || t.Availability >= graph.ExtraNine(j.SLO.Value) {
						continue
					}
					id := j.Step(t.Step).Operation
					shared := p.Once(fmt.Sprintf("%q meets its objective of %s, but a dependency should fail at most a tenth as often as that allows (%s)",
						j.Name.Value, manifest.FormatShare(j.SLO.Value), manifest.FormatShare(graph.ExtraNine(j.SLO.Value))))
					reportOperation(shared, g, id, graph.FactAvailability,
						fmt.Sprintf("%s (%s)", termName(g, t), manifest.FormatShare(t.Availability)),
						fmt.Sprintf("raise it to %s, or stop waiting for it", manifest.FormatShare(graph.ExtraNine(j.SLO.Value))),
						diag.Related{File: j.File, Range: j.SLO.Range, Message: "the objective is set here"})
				}
			}
		},
	}
}
