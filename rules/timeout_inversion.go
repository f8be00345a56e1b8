package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// timeoutInversion finds inner timeouts that outlast the outer ones.
func timeoutInversion() *lint.Rule {
	return &lint.Rule{
		Code: "WN302", Name: "timeout-inversion", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a service waits longer for its callee than its own caller waits for it",
		Doc: lint.Doc{
			Why: "The caller gives up and tries again while the work it abandoned continues below. Under load, most of " +
				"the work ends up being for nobody.",
			Fix: "Propagate the remaining deadline, and keep every inner timeout below the outer one.",
			Bad: `operations:
  - name: price
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 3s
`,
			Good: `operations:
  - name: price
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 400ms
`,
			Sources: []string{"sre", "grpc"},
		},
		Reads:    []string{"timeout", "caller", "callee", "mode", "after"},
		Optional: []string{"mode", "caller"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			rings := ringOf(g)
			innerCalls(g, func(id graph.OperationID, inner, limit time.Duration, outer graph.OperationID) {
				o := g.Operation(id)
				// In a ring no order of timeouts is right: that is sync-cycle.
				if ring := rings[o.Caller]; inner < limit || ring != 0 && ring == rings[o.Callee] || toldByMode(g, id) {
					return
				}
				name := caller(g.ServiceName(o.Caller))
				shared := p.Once(fmt.Sprintf("%s may wait for %s as long as or longer than anyone waits for %s (%s), so it ends up working for nobody",
					name, serviceName(g, o.Callee), name, manifest.FormatDuration(limit)))
				reportOperation(shared, g, id, graph.FactTimeout,
					fmt.Sprintf("%q (%s)", o.Name, manifest.FormatDuration(inner)),
					fmt.Sprintf("propagate the remaining deadline, or set the client's timeout below %s", manifest.FormatDuration(limit)),
					related(g, outer, graph.FactTimeout, "this is the longest timeout among its callers"))
			})
		},
	}
}

// ringOf returns, by service, the number from 1 of the ring of waiting services
// that it belongs to.
func ringOf(g *graph.Graph) map[graph.ServiceID]int {
	rings := map[graph.ServiceID]int{}
	for i, c := range g.WaitingCycles() {
		for _, s := range c.Services {
			rings[s] = i + 1
		}
	}
	return rings
}
