package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// unknownOutcomeUnhandled finds changes elsewhere whose timeout leaves nobody knowing.
func unknownOutcomeUnhandled() *lint.Rule {
	return &lint.Rule{
		Code: "WN313", Name: "unknown-outcome-unhandled", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a timeout of a change in another company's system leaves its outcome unknown, and nothing finds it out",
		Doc: lint.Doc{
			Why: "A timeout is no failure: the other side may have done it. Without a key the caller can neither " +
				"repeat it nor let it be, and without a comparison of both sides money or stock drifts apart " +
				"unnoticed.",
			Fix: "Send an idempotency key and ask for the state after a timeout; where the other side offers neither, " +
				"compare both sides every day (guard reconcile).",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 2s
    kind: command
    boundary: third-party
    idempotent: no
    guards: [circuit-breaker]
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 2s
    kind: command
    boundary: third-party
    idempotent: no
    guards: [circuit-breaker, reconcile]
`,
			Sources: []string{"stripe-idem", "helland"},
		},
		Reads:    []string{"mode", "kind", "boundary", "timeout", "idempotent", "guards"},
		Optional: []string{"guards"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Works(decide.Sync) || s.Kind.Value != "command" || s.Boundary.Value != "third-party" || !s.Timeout.Set() || guarded(s, "reconcile") {
				return
			}
			switch {
			case !s.Idempotent.Set():
				p.Missing("idempotent")
			case !s.Idempotent.Value:
				p.Once(fmt.Sprintf("after a timeout nobody knows whether %s did it, and a repeat may do it twice", s.Callee.Or("the other side"))).
					Report(s.Idempotent.Range, quote(s), "send an idempotency key and ask for the state after a timeout, or compare both sides every day")
			}
		},
	}
}
