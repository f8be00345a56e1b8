package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// innerSlowerThanOuter finds p99s that cannot both be true.
func innerSlowerThanOuter() *lint.Rule {
	return &lint.Rule{
		Code: "WN215", Name: "inner-slower-than-outer", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a call takes longer than the call that waits for it",
		Doc: lint.Doc{
			Why: "Whoever waits for a call also waits for everything that call waits for. If the inner p99 is larger, " +
				"either one of the two numbers is wrong or the inner call is rare, and every budget based on the outer " +
				"number is too optimistic.",
			Fix: "Measure both, and correct the number that's wrong. If fewer than one request in a hundred makes the " +
				"inner call, leave it out of the journey.",
			Bad: `operations:
  - name: buy
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: yes}
    timeout: 9s
  - name: charge
    caller: shop
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 5s, coupling: yes}
    timeout: 8s
journeys:
  - {name: buy, steps: [buy, charge]}
`,
			Good: `operations:
  - name: buy
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 6s, coupling: yes}
    timeout: 9s
  - name: charge
    caller: shop
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 5s, coupling: yes}
    timeout: 8s
journeys:
  - {name: buy, steps: [buy, charge]}
`,
		},
		Reads:    []string{"journeys.steps", "mode", "answers.latency", "caller", "callee", "after"},
		Optional: []string{"mode", "caller", "callee"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			seen := map[[2]graph.OperationID]bool{}
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				for k := range j.Len() {
					step := j.Step(int32(k))
					if step.Parent == graph.None || step.Joined == graph.ByService {
						continue // perhaps another operation leads to it
					}
					pair := [2]graph.OperationID{j.Step(step.Parent).Operation, step.Operation}
					outer, inner := g.Operation(pair[0]), g.Operation(pair[1])
					whole, known := outer.Latency()
					part, given := inner.Latency()
					if seen[pair] || !known || !given || part <= whole || outer.Mode() != decide.Sync || inner.Mode() != decide.Sync {
						continue
					}
					seen[pair] = true
					reportOperation(p, g, pair[0], graph.FactLatency,
						fmt.Sprintf("%q declares a p99 of %s, but it waits for %q, which takes %s: one of the two is wrong", outer.Name,
							manifest.FormatDuration(whole), inner.Name, manifest.FormatDuration(part)),
						"measure both, and correct the one that's wrong", related(g, pair[1], graph.FactLatency, "the inner p99 is declared here"))
				}
			}
		},
	}
}
