package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// readYourWritesBroken finds steps that read what an earlier one has not written yet.
func readYourWritesBroken() *lint.Rule {
	return &lint.Rule{
		Code: "WN420", Name: "read-your-writes-broken", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a journey reads a store before an earlier asynchronous write is sure to have arrived",
		Doc: lint.Doc{
			Why: "The write may still be in a queue when the read happens. Users don't see what they just saved, and " +
				"save it again.",
			Fix: "Write synchronously what's read next, answer from what the user just sent, or show the change as " +
				"pending until it's there.",
			Bad: `service: shop
journeys: [{name: edit, steps: [save-profile, show-profile]}]
operations:
  - name: save-profile
    callee: profiles
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    writes: profiles
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000}
  - name: show-profile
    callee: profiles
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: query
    reads: profiles
`,
			Good: `service: shop
journeys: [{name: edit, steps: [save-profile, show-profile]}]
operations:
  - name: save-profile
    callee: profiles
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    writes: profiles
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000}
  - name: show-profile
    callee: profiles
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    kind: query
    reads: profiles
    consistency: eventual
`,
			Sources: []string{"cqrs", "vogels"},
		},
		Reads:    []string{"journeys.steps", "mode", "writes", "reads", "kind", "callee", "consistency", "read_back", "guards"},
		Optional: []string{"mode", "callee", "kind", "reads"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			seen := map[[2]graph.OperationID]bool{}
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				for k, step := range j.Path {
					reader := g.Operation(step.Operation)
					store := storeRead(g, reader)
					if store == "" || reader.Mode() != decide.Sync || reader.Traits.Consistency == "eventual" {
						continue
					}
					for at, before := range j.Path[:k] {
						writer := g.Operation(before.Operation)
						pair := [2]graph.OperationID{before.Operation, step.Operation}
						if seen[pair] || before.Slot >= step.Slot || writer.Data == nil || writer.Data.Writes != store || !behindQueue(g, j, int32(at)) {
							continue
						}
						if writer.Facts&decide.ReadServed != 0 || writer.Facts&decide.ReadBack != 0 && writer.Disagrees() {
							continue // taken care of, or said of the writer itself
						}
						seen[pair] = true
						reportOperation(p, g, step.Operation, graph.FactReads,
							fmt.Sprintf("%q reads %s, but %q writes to it asynchronously just before: users may not see what they just saved", reader.Name, store, writer.Name),
							"write it while the caller waits, answer from what the user just sent (guard read-your-writes), or show it as pending (consistency: eventual)",
							related(g, before.Operation, graph.FactWrites, "it's written here, later"))
					}
				}
			}
		},
	}
}

// behindQueue reports whether nobody on a journey waits for the step at a position: it is
// detached, or one that it is nested in is.
func behindQueue(g *graph.Graph, j *graph.Journey, at int32) bool {
	for ; at != graph.None; at = j.Step(at).Parent {
		if g.Operation(j.Step(at).Operation).Detached() {
			return true
		}
	}
	return false
}
