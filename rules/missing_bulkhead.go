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
		Summary: "one operation can take up most of what its caller can hold open",
		Doc: lint.Doc{
			Why: "In flight is rate times latency (Little's law). When one slow callee can fill the pool, everything " +
				"else that the caller does stops with it.",
			Fix: "Give the operation a pool or a concurrency limit of its own.",
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
		Params: []lint.Param{
			{Name: "share", Doc: "the share of the pool above which it is reported", Unit: lint.Share, Default: 0.5},
		},
		Void: toldByMode,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Works(decide.Sync) || guarded(s, "bulkhead") {
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
				p.Report(s.Pool.Range, fmt.Sprintf("when it is slow (p99 %s), %q holds %s of the caller's %s at its peak%s, more than %s: everything else of the caller waits with it", manifest.FormatDuration(latency.Value),
					s.Name.Value, amount(inFlight), amountOf(float64(s.Pool.Value), "place"), usually(s), percent(p.Param("share"))),
					"give it a pool or a concurrency limit of its own (guard bulkhead)")
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
