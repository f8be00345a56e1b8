package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// tailLatencyFanout finds journeys that wait for the slowest of many.
func tailLatencyFanout() *lint.Rule {
	return &lint.Rule{
		Code: "WN204", Name: "tail-latency-fanout", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a journey waits for the slowest of many parallel calls",
		Doc: lint.Doc{
			Why: "If one call in a hundred is slow, a request that waits for six of them is slow in six cases out of a " +
				"hundred, and one that waits for a hundred is slow in sixty-three.",
			Fix: "Answer with what you have after a short deadline, send hedged requests, or make fewer calls.",
			Bad: `service: web
journeys:
  - {name: show-page, steps: [[read-1, read-2, read-3, read-4, read-5, read-6]]}
operations:
  - name: read-1
    caller: web
    callee: part-1
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-2
    caller: web
    callee: part-2
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-3
    caller: web
    callee: part-3
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-4
    caller: web
    callee: part-4
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-5
    caller: web
    callee: part-5
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-6
    caller: web
    callee: part-6
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
`,
			Good: `service: web
journeys:
  - {name: show-page, steps: [[read-1, read-2, read-3]]}
operations:
  - name: read-1
    caller: web
    callee: part-1
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-2
    caller: web
    callee: part-2
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-3
    caller: web
    callee: part-3
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
`,
			Sources: []string{"tail"},
		},
		Reads:    []string{"journeys.steps", "mode"},
		Optional: []string{"mode"},
		Params: []lint.Param{
			{Name: "share", Doc: "share of slow requests above which this is reported", Unit: lint.Share, Default: 0.05},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				for from := 0; from < len(j.Path); {
					legs, to := []int32(nil), from
					for ; to < len(j.Path) && j.Path[to].Slot == j.Path[from].Slot; to++ {
						if g.Operation(j.Path[to].Operation).Mode() == decide.Sync {
							legs = append(legs, int32(to))
						}
					}
					from = to
					if slow := graph.SlowShare(0.99, len(legs)); len(legs) > 1 && slow > p.Param("share") {
						reportJourney(p, g, j, j.Path[legs[0]].Written.Range,
							fmt.Sprintf("%q waits for %d calls at once: even when each meets its p99, %s of its requests hit a slower one, more than %s", j.Name.Value, len(legs), percent(slow), percent(p.Param("share"))),
							"answer with what you have after a short deadline, send hedged requests, or make fewer calls", stepsOf(g, j, legs[1:])...)
					}
				}
			}
		},
	}
}
