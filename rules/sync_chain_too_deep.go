package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// syncChainTooDeep finds requests that pass many services in a row.
func syncChainTooDeep() *lint.Rule {
	return &lint.Rule{
		Code: "WN201", Name: "sync-chain-too-deep", Severity: diag.Error, Since: "0.1.0",
		Summary: "a request goes through many services in a row, each waiting for the next",
		Doc: lint.Doc{
			Why: "Every hop adds its latency and its outages to the request. Long chains of calls between services are " +
				"an anti-pattern; call graphs in production are wide, not deep.",
			Fix: "Keep a local copy of the data you'd ask for along the way, call in parallel, or cut the chain with " +
				"an event.",
			Bad: `operations:
  - name: ask-shop
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 2800ms
  - name: ask-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 2400ms
  - name: ask-depot
    caller: stock
    callee: depot
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 2000ms
  - name: ask-carrier
    caller: depot
    callee: carrier
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 1600ms
  - name: ask-customs
    caller: carrier
    callee: customs
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 1200ms
  - name: ask-port
    caller: customs
    callee: port
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 800ms
  - name: ask-ship
    caller: port
    callee: ship
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 400ms
`,
			Good: `operations:
  - name: ask-shop
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 1200ms
  - name: ask-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 800ms
  - name: ask-depot
    caller: stock
    callee: depot
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: yes}
    timeout: 400ms
`,
			Sources: []string{"net-comm", "fowler", "rpc"},
		},
		Reads:    []string{"caller", "callee", "mode"},
		Optional: []string{"mode"},
		Params: []lint.Param{
			{Name: "warning", Doc: "number of hops at which this is reported, one severity lower", Unit: lint.Count, Default: 4},
			{Name: "error", Doc: "number of hops at which this is reported", Unit: lint.Count, Default: 6},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for _, s := range startingPoints(g) {
				depth := float64(g.Depth(s.service))
				if depth < p.Param("warning") {
					continue
				}
				report := s.weigh(p)
				if depth < p.Param("error") {
					report = report.LowerSeverity()
				}
				hops := g.Chain(s.service)
				joined := ""
				if g.ByServiceAlone(hops) {
					joined = ", if each call leads to the next (use after to say which do)"
				}
				reportOperation(report, g, hops[0], graph.FactCallee,
					fmt.Sprintf("%s goes through %d services in a row, more than %.0f, and each adds its latency and outages: %s%s", s.request(g), len(hops), p.Param("warning")-1, route(g, hops), joined),
					"keep a local copy of the data, call in parallel, or cut the chain with an event", hopsOf(g, hops[1:])...)
			}
		},
	}
}
