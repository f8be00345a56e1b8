package rules

import (
	"cmp"
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// missingBulkhead finds operations that can starve their caller.
func missingBulkhead() *lint.Rule {
	return &lint.Rule{
		Code: "WN310", Name: "missing-bulkhead", Severity: diag.Info, Since: "0.1.0",
		Summary: "one operation can use up most of its caller's connections",
		Doc: lint.Doc{
			Why: "Calls in flight equal rate times latency (Little's law). If one slow callee can fill the pool, " +
				"everything else the caller does comes to a halt.",
			Fix: "Give the operation its own pool or concurrency limit (a bulkhead).",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    pool: 100
    traffic: {peak: 80/s}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    pool: 100
    traffic: {peak: 80/s}
    guards: [bulkhead]
`,
			Sources: []string{"az-cb"},
		},
		Reads: []string{"mode", "traffic.peak", "traffic.mean", "answers.latency", "typical", "pool", "guards"},
		Modes: decide.SetOf(decide.Sync),
		Params: []lint.Param{
			{Name: "share", Doc: "share of the pool above which this is reported", Unit: lint.Share, Default: 0.5},
		},
		Void: waitsNeedlessly,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if guarded(s, decide.GuardBulkhead) {
				return
			}
			latency := s.Operation.Answers.Latency
			missing := lacking(fact{"pool", s.Pool.Set()}, fact{"traffic.peak", s.Traffic.Peak.Set()}, fact{"answers.latency as a duration", latency.Set()})
			if len(missing) > 0 {
				p.Missing(missing...)
				return
			}
			inFlight := graph.InFlight(s.Traffic.Peak.Value, latency.Value)
			if inFlight > p.Param("share")*float64(s.Pool.Value) {
				p.Report(s.Pool.Range, fmt.Sprintf("when it's slow (p99 %s), %q ties up %s of the caller's %s at its peak%s, more than %s: everything else the caller does waits behind it", manifest.FormatDuration(latency.Value),
					s.Name.Value, amount(inFlight), amountOf(float64(s.Pool.Value), "place"), usually(s), percent(p.Param("share"))),
					"give it its own pool or concurrency limit (guard bulkhead)")
			}
		},
	}
}

// usually says how many places the operation holds at its mean rate and its mean time,
// when a median tells it.
func usually(s *lint.Subject) string {
	each, known := graph.MeanTime(s.Typical.Value, s.Operation.Answers.Latency.Value)
	if !known {
		return ""
	}
	return ", usually " + amount(graph.InFlight(cmp.Or(s.Traffic.Mean.Value, s.Traffic.Peak.Value), each))
}
