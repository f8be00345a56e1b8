package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// asyncButCallerWaits finds calls that are declared not to be waited for, and are.
func asyncButCallerWaits() *lint.Rule {
	return &lint.Rule{
		Code: "WN602", Name: "async-but-caller-waits", Severity: diag.Warning, Since: "0.1.0",
		Summary: "an operation is declared async, but its callers wait until it's done",
		Doc: lint.Doc{
			Why: "The caller is as slow as its callee and fails along with it, but the declared mode hides that, so budgets, journeys, and plans leave it out.",
			Fix: "Hand the work off without waiting for it to finish. If the caller really must wait, answer immediacy: yes and declare mode: sync.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, outbox: yes}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 1.9s, waited: 100%}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, outbox: yes}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, p99: 1.9s, waited: 0%}
`,
		},
		Reads: []string{"mode", "evidence.calls", "evidence.waited", "evidence.polled"},
		Modes: decide.SetOf(decide.Async),
		Given: manifest.GivenEvidence,
		Params: []lint.Param{
			{Name: "waited", Doc: "share of calls above which the caller counts as waiting", Unit: lint.Share, Default: 0.95},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			e, ok := evidenceOf(s)
			if !ok || !e.Waited.Set() || e.Polled.Value || e.Waited.Value < p.Param("waited") {
				return
			}
			p.Report(s.Mode.Range, fmt.Sprintf("%q is declared async, but the caller waited until it was done in %s of %s", s.Name.Value,
				manifest.FormatShare(e.Waited.Value), callsOf(e)),
				"hand the work off without waiting for it to finish; if the caller must wait, answer immediacy: yes and declare mode: sync", measuredHere(e))
		},
	}
}
