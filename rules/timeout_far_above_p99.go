package rules

import (
	"fmt"
	"math"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// timeoutFarAboveP99 finds timeouts that fill a pool when the callee hangs.
func timeoutFarAboveP99() *lint.Rule {
	return &lint.Rule{
		Code: "WN316", Name: "timeout-far-above-p99", Severity: diag.Warning, Since: "0.1.0",
		Summary: "the timeout is so far above the p99 that a hanging callee can use up the whole pool",
		Doc: lint.Doc{
			Why: "While the callee hangs, every call stays in flight for its whole timeout, so rate times timeout of " +
				"them pile up (Little's law). A 30-second timeout on a 300-millisecond call ties up a hundred times " +
				"the usual number, and everything else the caller does waits behind them.",
			Fix: "Set the timeout a little above the p99.9, and limit the number of calls in flight.",
			Bad: `service: shop
operations:
  - name: read-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: yes}
    timeout: 30s
    kind: query
    pool: 100
    traffic: {peak: 60/s}
`,
			Good: `service: shop
operations:
  - name: read-stock
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: yes}
    timeout: 1s
    kind: query
    pool: 100
    traffic: {peak: 60/s}
`,
			Sources: []string{"brooker", "az-bulkhead"},
		},
		Reads: []string{"mode", "timeout", "answers.latency", "traffic.peak", "pool", "guards"},
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenTimeout,
		Params: []lint.Param{
			{Name: "times", Doc: "how many times the p99 a timeout must be to be reported", Unit: lint.Count, Default: 10},
		},
		Void: waitsNeedlessly,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			latency := s.Operation.Answers.Latency
			if !latency.Set() || guarded(s, decide.GuardBulkhead) ||
				float64(s.Timeout.Value) < p.Param("times")*float64(latency.Value) {
				return
			}
			if missing := lacking(fact{"pool", s.Pool.Set()}, fact{"traffic.peak", s.Traffic.Peak.Set()}); len(missing) > 0 {
				p.Missing(missing...)
				return
			}
			hanging := graph.InFlight(s.Traffic.Peak.Value, s.Timeout.Value)
			if hanging > float64(s.Pool.Value) {
				p.Report(s.Timeout.Range, fmt.Sprintf("%q waits up to %s, %s its p99 of %s: when %s hangs, it ties up all of the caller's %s (%s would be in flight)",
					s.Name.Value, manifest.FormatDuration(s.Timeout.Value), amountOf(float64(s.Timeout.Value)/float64(latency.Value), "time"), manifest.FormatDuration(latency.Value),
					s.Callee.Or("its callee"), amountOf(float64(s.Pool.Value), "place"), amountOf(math.Floor(hanging), "call")),
					"set the timeout a little above the p99.9, or limit the number of calls in flight",
					diag.Related{Range: latency.Range, Message: "the p99 is declared here"})
			}
		},
	}
}
