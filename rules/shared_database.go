package rules

import (
	"fmt"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// sharedDatabase finds stores that several owners write.
func sharedDatabase() *lint.Rule {
	return &lint.Rule{
		Code: "WN213", Name: "shared-database", Severity: diag.Warning, Since: "0.1.0",
		Summary: "services with different owners write to the same store",
		Doc: lint.Doc{
			Why: "A shared store couples its writers more tightly than any call: neither can change a table without " +
				"the other, and either can lock the other out.",
			Fix: "Let one service own the store, and give the others an API or events.",
			Bad: `service: shop
owner: sales
operations:
  - name: place-order
    caller: shop
    callee: shop-api
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    writes: orders-db
---
service: shop-api
owner: sales
operations:
  - name: price-order
    caller: shop-api
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 400ms
---
service: depot
owner: logistics
operations:
  - name: pack-order
    caller: shop
    callee: depot
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    writes: orders-db
`,
			Good: `service: shop
owner: sales
operations:
  - name: place-order
    caller: shop
    callee: shop-api
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    writes: orders-db
---
service: shop-api
owner: sales
operations:
  - name: price-order
    caller: shop-api
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 400ms
---
service: depot
owner: sales
operations:
  - name: pack-order
    caller: shop
    callee: depot
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    writes: depot-db
`,
			Sources: []string{"aws-rel04", "smells"},
		},
		Reads:    []string{"writes", "callee", "owner"},
		Optional: []string{"callee", "owner"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			type writer struct {
				by graph.ServiceID
				id graph.OperationID
			}
			writers := map[string][]writer{}
			var stores []string
			for id, o := range g.Operations() {
				if o.Data == nil || o.Data.Writes == "" {
					continue
				}
				store := o.Data.Writes
				by := atStore(g, o, store)
				if g.Services()[by].Owner() == "" {
					continue
				}
				if writers[store] == nil {
					stores = append(stores, store)
				}
				writers[store] = append(writers[store], writer{by, id})
			}
			for _, store := range stores {
				first := writers[store][0]
				owner := g.Services()[first.by].Owner()
				elsewhere := func(w writer) bool { return g.Services()[w.by].Owner() != owner }
				report, names := p, [2]string{owner, ""}
				at := slices.IndexFunc(writers[store], elsewhere)
				if at >= 0 {
					names[1] = g.Services()[writers[store][at].by].Owner()
				} else if at = slices.IndexFunc(writers[store], func(w writer) bool { return w.by != first.by }); at >= 0 {
					report = p.LowerSeverity() // one team can change both
					names = [2]string{serviceName(g, first.by), serviceName(g, writers[store][at].by)}
				} else {
					continue
				}
				reportOperation(report, g, writers[store][at].id, graph.FactWrites,
					fmt.Sprintf("%s is written by %s and by %s, so neither can change a table on its own", store, names[0], names[1]),
					"let one service own it, and give the other an API or events", related(g, first.id, graph.FactWrites, "the other service writes to it here"))
			}
		},
	}
}
