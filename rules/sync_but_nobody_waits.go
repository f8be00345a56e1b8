package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// syncButNobodyWaits finds calls that are declared to be waited for, and are not.
func syncButNobodyWaits() *lint.Rule {
	return &lint.Rule{
		Code: "WN601", Name: "sync-but-nobody-waits", Severity: diag.Warning, Since: "0.1.0",
		Summary: "an operation is declared sync, but its callers move on before it's done",
		Doc: lint.Doc{
			Why: "Nobody sees a failure, and nothing retries the work. You pay the cost of a call and still lose work, " +
				"because no queue keeps it. If the process exits in the meantime, the work is gone.",
			Fix: "Wait for the result, or hand the work to a queue or an outbox and declare mode: async.",
			Bad: `service: shop
operations:
  - name: log-visit
    callee: audit
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 90ms, waited: 0%}
`,
			Good: `service: shop
operations:
  - name: log-visit
    callee: audit
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
    timeout: 2s
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 90ms, waited: 100%}
`,
		},
		Reads: []string{"mode", "evidence.calls", "evidence.waited"},
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "waited", Doc: "share of calls up to which nobody counts as waiting", Unit: lint.Share, Default: 0.05},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			if !ok || !e.Waited.Set() || e.Waited.Value > p.Param("waited") {
				return
			}
			waited := fmt.Sprintf("in only %s of %s: the rest ended unseen", manifest.FormatShare(e.Waited.Value), callsOf(e))
			if e.Waited.Value == 0 {
				waited = fmt.Sprintf("in none of %s: all of them ended unseen", callsOf(e))
			}
			p.Report(s.Mode.Range, fmt.Sprintf("%q is declared sync, but the caller waited %s", s.Name.Value, waited),
				"wait for the result, or hand the work to a queue or an outbox and declare mode: async", measuredHere(e))
		},
	}
}
