package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// chattyCalls finds calls that are made once for each item.
func chattyCalls() *lint.Rule {
	return &lint.Rule{
		Code: "WN214", Name: "chatty-calls", Severity: diag.Warning, Since: "0.1.0",
		Summary: "one request makes the same call over and over",
		Doc: lint.Doc{
			Why: "Every call pays for the network and takes its own chance of being slow. One call in a hundred is " +
				"slower than the p99, so with 40 calls in a row, a third of all requests hit at least one. The load on " +
				"the callee also grows with the length of a list that someone else controls.",
			Fix: "Ask for all items at once (a batch API), join where the data lives, or keep a local copy.",
			Bad: `service: shop
operations:
  - name: read-price
    callee: prices
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    calls: 40
`,
			Good: `service: shop
operations:
  - name: read-price
    callee: prices
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    calls: 2
`,
			Sources: []string{"az-chatty"},
		},
		Reads:    []string{"mode", "callee", "boundary", "calls", "triggered_by"},
		Optional: []string{"triggered_by"},
		Modes:    decide.SetOf(decide.Sync),
		Given:    manifest.GivenCalls,
		Params: []lint.Param{
			{Name: "calls", Doc: "number of calls per request at which this is reported", Unit: lint.Count, Default: 10},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			n := s.Calls.Value
			if !remote(s) || !asked(s) || float64(n) < p.Param("calls") {
				return
			}
			p.Report(s.Calls.Range, fmt.Sprintf("one request calls %s %s for %q, so %s of requests hit at least one call slower than its p99",
				s.Callee.Value, amountOf(float64(n), "time"), s.Name.Value, percent(graph.SlowShare(0.99, n))),
				"ask for all items at once (a batch API), join where the data lives, or keep a local copy")
		},
	}
}
