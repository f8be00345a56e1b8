package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// syncNonCriticalStep finds steps that a journey need not wait for.
func syncNonCriticalStep() *lint.Rule {
	return &lint.Rule{
		Code: "WN208", Name: "sync-non-critical-step", Severity: diag.Warning, Since: "0.1.0",
		Summary: "users wait for a step that the journey doesn't need",
		Doc: lint.Doc{
			Why: "The step adds its latency and outages to the journey, even though the journey succeeds without it. " +
				"Two well-known demo shops send the confirmation email inside the order request and only log a failure.",
			Fix: "Take it out of the request: write it to an outbox or a queue, and let the journey continue.",
			Bad: `service: web
journeys:
  - {name: place-order, steps: [price]}
operations:
  - name: price
    caller: web
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    critical: no
`,
			Good: `service: web
journeys:
  - {name: place-order, steps: [price]}
operations:
  - name: price
    caller: web
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    critical: yes
`,
			Sources: []string{"app-boutique", "app-otel", "calc"},
		},
		Reads:    []string{"journeys.steps", "critical", "mode", "answers", "guards"},
		Optional: []string{"mode", "answers"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			seen := map[graph.OperationID]bool{}
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				for _, step := range j.Path {
					o := g.Operation(step.Operation)
					if seen[step.Operation] || o.Mode() != decide.Sync || o.Critical() || o.Traits.Fallback || o.Disagrees() || nothingToGain(o) {
						continue
					}
					seen[step.Operation] = true
					reportOperation(p, g, step.Operation, graph.FactCritical,
						fmt.Sprintf("%q waits for %q, which it doesn't need in order to succeed: the step adds its latency and outages for nothing", j.Name.Value, o.Name),
						"hand it off through an outbox or a queue, and let the journey continue",
						diag.Related{File: j.File, Range: step.Written.Range, Message: "it's a step here"})
				}
			}
		},
	}
}

// nothingToGain reports whether the answers leave an operation sync although its
// caller doesn't need the result: it is fast, and a queue would only add risk.
func nothingToGain(o *graph.Operation) bool {
	return o.Verdict == decide.Sync && o.Answers[decide.Immediacy] != decide.Yes
}
