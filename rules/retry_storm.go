package rules

import (
	"fmt"
	"slices"
	"sync"

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
			Why: "Three layers with four attempts each turn one request into 64 calls at the bottom, exactly when the " +
				"bottom is failing. Five layers with three attempts make 243.",
			Fix: "Retry in one layer only, the one next to the failure, and keep retries under a tenth of the traffic (a retry budget).",
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
			{Name: "calls", Doc: "number of calls up to which the finding is one severity lower", Unit: lint.Count, Default: 10},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for _, s := range startingPoints(g) {
				hops := layersOf(g, s)
				if len(hops) < 2 {
					continue
				}
				if id := perhapsDetached(g, hops); id != graph.None {
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
					fmt.Sprintf("%s can become %s when the last service fails: %d layers retry, and their attempts multiply", s.request(g), amountOf(calls, "call"), len(hops)),
					"retry in one layer only, the one next to the failure", attemptsOf(g, hops[1:])...)
			}
		},
	}
}

// layersOf returns the calls, one in the other, that are repeated behind what begins at s.
func layersOf(g *graph.Graph, s startingPoint) []graph.OperationID {
	return slices.DeleteFunc(g.RetryChain(s.service), func(id graph.OperationID) bool { return g.Operation(id).Attempts() < 2 })
}

// fewLayers is up to how many layers that repeat it is open which of them keeps its attempts.
const fewLayers = 2

// repeatedBelow returns, when it is first called, the calls that are repeated although many
// calls around them are: retry-storm says of them that one layer is enough, so how they are
// repeated isn't said besides.
func repeatedBelow(g *graph.Graph) func() map[graph.OperationID]bool {
	return sync.OnceValue(func() map[graph.OperationID]bool {
		below := map[graph.OperationID]bool{}
		for _, s := range startingPoints(g) {
			hops := layersOf(g, s)
			if len(hops) <= fewLayers || perhapsDetached(g, hops) != graph.None {
				continue
			}
			for _, id := range hops[1:] {
				below[id] = true
			}
		}
		return below
	})
}

// perhapsDetached returns the first call of a service on the way that gets messages, too:
// nothing says whether it belongs to the request or to a message. None when there is none.
func perhapsDetached(g *graph.Graph, hops []graph.OperationID) graph.OperationID {
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
