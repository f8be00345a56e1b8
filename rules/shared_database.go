package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// sharedDatabase finds stores that several owners write.
func sharedDatabase() *lint.Rule {
	return &lint.Rule{
		Code: "WN213", Name: "shared-database", Severity: diag.Warning, Since: "0.1.0",
		Summary: "services of different owners write the same store",
		Doc: lint.Doc{
			Why: "A shared store couples its writers more tightly than any call: neither can change a table without " +
				"the other, and each can lock the other out.",
			Fix: "Let one service own the store, and give the others an interface or its events.",
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
    writes: orders-db
`,
			Sources: []string{"aws-rel04", "smells"},
		},
		Reads: []string{"writes", "callee", "owner"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			type writer struct {
				owner string
				id    graph.OperationID
			}
			first := map[string]writer{} // by store
			reported := map[string]bool{}
			for i := range g.Operations() {
				id := graph.OperationID(i)
				o := g.Operation(id)
				if o.Data == nil || o.Data.Writes == "" || reported[o.Data.Writes] {
					continue
				}
				by := o.Callee
				if by == graph.None {
					by = o.Caller
				}
				owner := g.Services()[by].Owner()
				if owner == "" {
					continue
				}
				w, ok := first[o.Data.Writes]
				switch {
				case !ok:
					first[o.Data.Writes] = writer{owner, id}
				case w.owner != owner:
					reported[o.Data.Writes] = true
					reportOperation(p, g, id, graph.FactWrites,
						fmt.Sprintf("%s is written by %s and by %s, so neither can change a table alone", o.Data.Writes, w.owner, owner),
						"let one of them own it, and give the other an interface or its events", related(g, w.id, graph.FactWrites, "the other writes it here"))
				}
			}
		},
	}
}
