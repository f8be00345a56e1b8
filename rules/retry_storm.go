package rules

import (
	"fmt"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// retryStorm finds retries on retries.
func retryStorm() *lint.Rule {
	return &lint.Rule{
		Code: "WN305", Name: "retry-storm", Severity: diag.Error, Since: "0.1.0",
		Summary: "retries in several layers multiply",
		Doc: lint.Doc{
			Why: "Three layers of four attempts turn one request into 64 calls at the bottom, exactly when the bottom " +
				"is failing. Five layers of three make 243.",
			Fix: "Retry in one layer only, the one next to the fault, and keep retries under a tenth of the traffic.",
			Bad: `operations:
  - name: price
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 9s
    kind: query
    retry: {attempts: 4, backoff: 10ms, jitter: yes}
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 2s
    kind: query
    retry: {attempts: 4, backoff: 10ms, jitter: yes}
`,
			Good: `operations:
  - name: price
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 9s
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 2s
    kind: query
    retry: {attempts: 4, backoff: 10ms, jitter: yes}
`,
			Sources: []string{"az-tf", "sre", "brooker", "az-rs"},
		},
		Reads:    []string{"retry.attempts", "caller", "callee", "mode", "after"},
		Optional: []string{"mode", "callee"},
		Params: []lint.Param{
			{Name: "calls", Doc: "the number of calls up to which it is reported one severity lighter", Unit: lint.Count, Default: 10},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for _, s := range startingPoints(g) {
				hops := slices.DeleteFunc(g.RetryChain(s.service), func(id graph.OperationID) bool { return g.Operation(id).Attempts() < 2 })
				if len(hops) < 2 {
					continue
				}
				if id := perhapsApart(g, hops); id != graph.None {
					p.MissingIn(g.File(id), g.Place(id, graph.FactName), g.ID(id), "after")
					continue
				}
				attempts := make([]int, 0, len(hops))
				for _, id := range hops {
					attempts = append(attempts, g.Operation(id).Attempts())
				}
				calls := graph.Amplification(attempts...)
				report := s.weigh(p)
				if calls <= p.Param("calls") {
					report = report.LowerSeverity()
				}
				reportOperation(report, g, hops[0], graph.FactAttempts,
					fmt.Sprintf("%s can become %s when the bottom fails: %d layers retry, and their attempts multiply", s.request(g), amountOf(calls, "call"), len(hops)),
					"retry in one layer only", attemptsOf(g, hops[1:])...)
			}
		},
	}
}

// perhapsApart returns the first call of a service on the way that gets messages, too:
// nothing says whether it belongs to the request or to a message. None when there is none.
func perhapsApart(g *graph.Graph, hops []graph.OperationID) graph.OperationID {
	for _, id := range hops[1:] {
		if len(g.After(id)) > 0 {
			continue
		}
		for _, by := range g.CalledBy(g.Operation(id).Caller) {
			if g.Operation(by).Detached() {
				return id
			}
		}
	}
	return graph.None
}
