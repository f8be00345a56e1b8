package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// chattyCalls finds calls that are made once for each item.
func chattyCalls() *lint.Rule {
	return &lint.Rule{
		Code: "WN214", Name: "chatty-calls", Severity: diag.Warning, Since: "0.1.0",
		Summary: "one request makes the same call again and again",
		Doc: lint.Doc{
			Why: "Every call pays for the network, and for its own chance to be slow: one in a hundred is slower than " +
				"the p99, so of 40 calls one after another a third of the requests meet one. The load of the callee " +
				"grows with the length of a list that somebody else writes.",
			Fix: "Ask once for all items (a batch interface), join where the data is, or keep a copy.",
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
		Reads: []string{"mode", "callee", "boundary", "calls"},
		Params: []lint.Param{
			{Name: "calls", Doc: "the number of calls for one request from which it is reported", Unit: lint.Count, Default: 10},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			n := s.Calls.Value
			if !s.Works(decide.Sync) || !remote(s) || !s.Calls.Set() || float64(n) < p.Param("calls") {
				return
			}
			p.Report(s.Calls.Range, fmt.Sprintf("one request calls %s %s for %q, and %s of the requests meet a call that is slower than its p99",
				s.Callee.Value, amountOf(float64(n), "time"), s.Name.Value, percent(graph.SlowShare(0.99, n))),
				"ask once for all items, join where the data is, or keep a copy")
		},
	}
}
