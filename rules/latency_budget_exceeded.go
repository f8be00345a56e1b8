package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// latencyBudgetExceeded finds journeys that take too long.
func latencyBudgetExceeded() *lint.Rule {
	return &lint.Rule{
		Code: "WN203", Name: "latency-budget-exceeded", Severity: diag.Error, Since: "0.1.0",
		Summary: "a journey takes longer than its budget",
		Doc: lint.Doc{
			Why: "A journey takes as long as the sum of the steps it waits for one after another. The sum of the p99s " +
				"isn't the journey's p99, and doesn't bound it either: with n steps that each meet their p99, at least " +
				"100 - n of 100 requests stay within the sum.",
			Fix: "Call in parallel, cache, or move work that the user doesn't need to wait for to the background. " +
				"`waitornot plan` finds the smallest change.",
			Bad: `service: web
journeys:
  - {name: place-order, steps: [price, pay], budget: 1s}
operations:
  - name: price
    caller: web
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 1s
  - name: pay
    caller: web
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
`,
			Good: `service: web
journeys:
  - {name: place-order, steps: [price, pay], budget: 1500ms}
operations:
  - name: price
    caller: web
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}
    timeout: 1s
  - name: pay
    caller: web
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
`,
			Sources: []string{"az-isc"},
		},
		Reads:    []string{"journeys.budget", "journeys.steps", "answers.latency", "mode"},
		Optional: []string{"mode"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			numbers := g.AllNumbers()
			for i := range g.Journeys() {
				j, tail := &g.Journeys()[i], &numbers[i].Tail
				if !j.Budget.Set() {
					continue
				}
				if tail.Time <= j.Budget.Value {
					missingOf(p, g, j, tail.Missing)
					continue
				}
				reportJourney(p, g, j, j.Budget.Range,
					fmt.Sprintf("the p99s of journey %q add up to %s, over its budget of %s", j.Name.Value, atLeast(tail.Known(), span(tail.Time)), manifest.FormatDuration(j.Budget.Value)),
					"call in parallel, cache, or move work that the user doesn't need to wait for to the background", stepsOf(g, j, tail.Path)...)
			}
		},
	}
}
