package rules

import (
	"fmt"
	"slices"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// foreignStoreRead finds services that read what another writes.
func foreignStoreRead() *lint.Rule {
	return &lint.Rule{
		Code: "WN216", Name: "foreign-store-read", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a service bypasses another service's API and reads its store directly",
		Doc: lint.Doc{
			Why: "The reader depends on tables that their owner considers private: a renamed column breaks it, a long " +
				"query locks rows that other requests need, and the rules in the owner's code don't apply.",
			Fix: "Ask the owner through its API, or keep a copy that's refreshed by the owner's events.",
			Bad: `service: ordering
owner: orders
operations:
  - name: store-order
    callee: ordering-db
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: command
    writes: ordering-db
---
service: reminders
owner: jobs
operations:
  - name: find-due
    callee: ordering-db
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: query
    reads: ordering-db
`,
			Good: `service: ordering
owner: orders
operations:
  - name: store-order
    callee: ordering-db
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 500ms
    kind: command
    writes: ordering-db
---
service: reminders
owner: jobs
operations:
  - name: find-due
    callee: ordering
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: query
`,
			Sources: []string{"db-per-service"},
		},
		Reads:    []string{"reads", "writes", "kind", "callee", "owner"},
		Optional: []string{"callee", "kind", "reads"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			type writer struct {
				by graph.ServiceID
				id graph.OperationID
			}
			writers := map[string][]writer{} // by store
			for id, o := range g.Operations() {
				if o.Data != nil && o.Data.Writes != "" {
					writers[o.Data.Writes] = append(writers[o.Data.Writes], writer{atStore(g, o, o.Data.Writes), id})
				}
			}
			seen := map[string]bool{} // reader and store
			for id, o := range g.Operations() {
				store := storeRead(g, o)
				if store == "" || len(writers[store]) == 0 {
					continue
				}
				reader := atStore(g, o, store)
				key := g.ServiceName(reader) + "\x00" + store
				w := writers[store][0]
				if seen[key] || slices.ContainsFunc(writers[store], func(w writer) bool { return w.by == reader }) {
					continue
				}
				seen[key] = true
				mine, theirs := g.Services()[reader].Owner(), g.Services()[w.by].Owner()
				switch {
				case mine == "" || theirs == "":
					p.MissingIn(g.File(id), g.Place(id, graph.FactName), g.ID(id), "owner")
					continue
				case mine == theirs:
					continue // one team can change both: a store may be shared on purpose
				}
				reportOperation(p, g, id, graph.FactReads,
					fmt.Sprintf("%s reads %s directly, bypassing %s, which writes it and can no longer change it on its own", serviceName(g, reader), store, serviceName(g, w.by)),
					"ask the owner through its API, or keep a copy that's refreshed by its events", related(g, w.id, graph.FactWrites, "it's written here"))
			}
		},
	}
}

// atStore returns the service whose code reads or writes a store in an operation: the
// callee, unless that is the store itself or not given, or the caller sends word of what it
// wrote.
func atStore(g *graph.Graph, o *graph.Operation, store string) graph.ServiceID {
	if o.Callee == graph.None || g.ServiceName(o.Callee) == store || o.Data.Publishes != "" && o.Data.Writes == store {
		return o.Caller
	}
	return o.Callee
}

// storeRead returns the store that an operation reads: the one given, else the callee of a
// query, which is a store when somebody writes it and it is no service with an owner or calls of its own.
func storeRead(g *graph.Graph, o *graph.Operation) string {
	switch {
	case o.Data != nil && o.Data.Reads != "":
		return o.Data.Reads
	case o.Traits.Kind == "query" && o.Callee != graph.None && g.Services()[o.Callee].Owner() == "" && len(g.Calls(o.Callee)) == 0:
		return g.ServiceName(o.Callee)
	}
	return ""
}
