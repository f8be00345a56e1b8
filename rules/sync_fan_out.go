package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// syncFanOut finds events that are told by calls.
func syncFanOut() *lint.Rule {
	return &lint.Rule{
		Code: "WN207", Name: "sync-fan-out", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a service tells several others what happened, and waits for each of them",
		Doc: lint.Doc{
			Why: "Something that several services want to know about is an event. Delivered as calls, it fails when " +
				"one of them is down, and every new listener means changing the sender.",
			Fix: "Publish one event, and give each service its own subscription.",
			Bad: `operations:
  - name: tell-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}
    timeout: 1s
    kind: event
  - name: tell-search
    caller: shop
    callee: search
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}
    timeout: 1s
    kind: event
  - name: tell-mail
    caller: shop
    callee: mail
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}
    timeout: 1s
    kind: event
`,
			Good: `operations:
  - name: tell-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}
    timeout: 1s
    kind: event
`,
			Sources: []string{"net-comm", "aws-choose"},
		},
		Reads:    []string{"kind", "mode", "publishes", "caller", "callee"},
		Optional: []string{"mode"},
		Params: []lint.Param{
			{Name: "receivers", Doc: "number of receivers at which this is reported", Unit: lint.Count, Default: 2},
		},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			for s := range g.Services() {
				events := map[string]*telling{}
				var order []*telling
				for _, id := range g.Calls(graph.ServiceID(s)) {
					if o := g.Operation(id); o.Traits.Kind == "event" && o.Mode() == decide.Sync && o.Callee != graph.None {
						event := ""
						if o.Data != nil {
							event = o.Data.Publishes
						}
						if events[event] == nil {
							events[event] = &telling{callees: map[graph.ServiceID]bool{}}
							order = append(order, events[event])
						}
						events[event].told = append(events[event].told, id)
						events[event].callees[o.Callee] = true
					}
				}
				for _, e := range order {
					if float64(len(e.callees)) >= p.Param("receivers") {
						reportOperation(p, g, e.told[0], graph.FactKind,
							fmt.Sprintf("%s tells %d services what happened and waits for each one, so an outage of any of them stops it", serviceName(g, graph.ServiceID(s)), len(e.callees)),
							"publish one event, and give each service its own subscription", hopsOf(g, e.told[1:])...)
					}
				}
			}
		},
	}
}

// A telling is one event that a service tells others by calls. Calls that don't
// name what they publish are taken for one.
type telling struct {
	told    []graph.OperationID
	callees map[graph.ServiceID]bool
}
