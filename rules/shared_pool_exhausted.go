package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// sharedPoolExhausted finds pools that the operations of a caller fill together.
func sharedPoolExhausted() *lint.Rule {
	return &lint.Rule{
		Code: "WN315", Name: "shared-pool-exhausted", Severity: diag.Warning, Since: "0.1.0",
		Summary: "operations that share a pool can use up most of it together when they're slow",
		Doc: lint.Doc{
			Why: "Calls in flight equal rate times latency (Little's law). Operations that share a pool also share " +
				"their bad days: when one callee is slow, calls to healthy ones can't get a connection.",
			Fix: "Give the operation that can wait longest its own pool or concurrency limit (a bulkhead), or shorten " +
				"its timeout.",
			Bad: `service: shop
operations:
  - name: read-price
    callee: prices
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    kind: query
    pool: 100
    pool_name: http
    traffic: {peak: 40/s}
  - name: read-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    kind: query
    pool: 100
    pool_name: http
    traffic: {peak: 40/s}
`,
			Good: `service: shop
operations:
  - name: read-price
    callee: prices
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    kind: query
    pool: 100
    pool_name: prices
    traffic: {peak: 40/s}
  - name: read-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    kind: query
    pool: 100
    pool_name: stock
    traffic: {peak: 40/s}
`,
			Sources: []string{"az-bulkhead", "release-it"},
		},
		Reads:    []string{"mode", "pool", "pool_name", "traffic.peak", "answers.latency", "guards"},
		Optional: []string{"mode", "pool"},
		Params: []lint.Param{
			{Name: "share", Doc: "share of the pool above which this is reported", Unit: lint.Share, Default: 0.5},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			type key struct {
				caller graph.ServiceID
				pool   string
			}
			pools := map[key][]graph.OperationID{}
			var order []key
			for id, o := range g.Operations() {
				if o.Data == nil || o.Data.Pool == "" || o.Mode() != decide.Sync {
					continue
				}
				k := key{o.Caller, o.Data.Pool}
				if pools[k] == nil {
					order = append(order, k)
				}
				pools[k] = append(pools[k], id)
			}
			for _, k := range order {
				size, held, alone := poolOf(g, pools[k])
				limit := p.Param("share") * float64(size)
				if size == 0 || held <= limit || alone > limit {
					continue // what one of them fills alone is missing-bulkhead
				}
				first := pools[k][0]
				var others []diag.Related
				for _, id := range pools[k][1:] {
					others = append(others, related(g, id, graph.FactPool, fmt.Sprintf("%q shares it", g.Operation(id).Name)))
				}
				reportOperation(p, g, first, graph.FactPool,
					fmt.Sprintf("when they're slow, %d operations together tie up %s of the %s of %s's pool %s at their peaks, more than %s: one slow callee starves the others",
						len(pools[k]), amount(held), amountOf(float64(size), "place"), caller(g.ServiceName(k.caller)), k.pool, percent(p.Param("share"))),
					"give the one that waits longest its own pool or concurrency limit", others...)
			}
		},
	}
}

// poolOf returns the size of a pool that operations share, how many places they hold
// together at their peaks when they are slow, and the most that one of them holds. Operations whose
// rate or p99 is not given count for nothing.
func poolOf(g *graph.Graph, ids []graph.OperationID) (size int, held, most float64) {
	for _, id := range ids {
		o := g.Operation(id)
		if o.Rates == nil {
			continue
		}
		if n := o.Rates.Pool; n > 0 && (size == 0 || n < size) {
			size = n
		}
		if latency, ok := o.Latency(); ok && !o.Traits.Bulkhead {
			x := graph.InFlight(o.Rates.Peak, latency)
			held, most = held+x, max(most, x)
		}
	}
	return size, held, most
}
