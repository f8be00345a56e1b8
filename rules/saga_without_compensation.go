package rules

import (
	"cmp"
	"fmt"
	"slices"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// sagaWithoutCompensation finds changes that stay when a later one fails.
func sagaWithoutCompensation() *lint.Rule {
	return &lint.Rule{
		Code: "WN414", Name: "saga-without-compensation", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a journey changes several services, and nothing undoes the earlier changes when a later one fails",
		Doc: lint.Doc{
			Why: "No transaction spans several services. When the card is declined, the stock stays reserved.",
			Fix: "For every change but the last, name the operation that undoes it, or put the change most likely to " +
				"fail first.",
			Bad: `service: shop
journeys:
  - {name: place-order, steps: [reserve-stock, charge-card]}
operations:
  - name: reserve-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
  - name: charge-card
    caller: shop
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
`,
			Good: `service: shop
journeys:
  - {name: place-order, steps: [reserve-stock, charge-card]}
operations:
  - name: reserve-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
    compensation: release-stock
  - name: charge-card
    caller: shop
    callee: bank
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
  - name: release-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
    idempotent: yes
`,
			Sources: []string{"az-saga"},
		},
		Reads: []string{"journeys.steps", "kind", "compensation", "callee"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				services, open := uncompensated(g, j)
				if services < 2 || len(open) == 0 {
					continue
				}
				slices.SortStableFunc(open, func(a, b int32) int { return cmp.Compare(harm(g, j, b), harm(g, j, a)) })
				step := j.Path[open[0]]
				also := ""
				if more := len(open) - 1; more > 0 {
					also = fmt.Sprintf(" and %d more", more)
				}
				reportJourney(p, g, j, step.Written.Range,
					fmt.Sprintf("%q changes %d services, and nothing undoes %q%s if a later step fails", j.Name.Value, services, g.Operation(step.Operation).Name, also),
					"build the operation that undoes it, or put the step most likely to fail first", stepsOf(g, j, open[1:])...)
			}
		},
	}
}

// harm ranks what a change leaves behind when nothing undoes it: one at another company more
// than one at home, one that can't be repeated more than one that can.
func harm(g *graph.Graph, j *graph.Journey, step int32) int {
	t := g.Operation(j.Path[step].Operation).Traits
	rank := 0
	if t.Boundary == manifest.ThirdParty {
		rank += 2
	}
	if !t.Idempotent {
		rank++
	}
	return rank
}

// uncompensated returns how many services a journey changes, and the changes
// before the last that nothing undoes, as positions in its path. A step that the
// last change is nested in fails with it and is not one of them.
func uncompensated(g *graph.Graph, j *graph.Journey) (services int, open []int32) {
	var changes []int32
	callees := map[graph.ServiceID]bool{}
	for k, step := range j.Path {
		o := g.Operation(step.Operation)
		if o.Traits.Kind == "command" && o.Callee != graph.None && o.Mode() == decide.Sync && o.Critical() {
			changes = append(changes, int32(k))
			callees[o.Callee] = true
		}
	}
	if len(changes) == 0 {
		return 0, nil
	}
	last := changes[len(changes)-1]
	around := map[int32]bool{}
	for at := j.Path[last].Parent; at != graph.None; at = j.Path[at].Parent {
		around[at] = true
	}
	for _, k := range changes {
		o := g.Operation(j.Path[k].Operation)
		undone := o.Data != nil && o.Data.Compensation != ""
		if !undone && !around[k] && j.Path[k].Slot < j.Path[last].Slot {
			open = append(open, k)
		}
	}
	return len(callees), open
}
