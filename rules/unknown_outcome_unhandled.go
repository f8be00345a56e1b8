package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// unknownOutcomeUnhandled finds changes elsewhere whose timeout leaves nobody knowing.
func unknownOutcomeUnhandled() *lint.Rule {
	return &lint.Rule{
		Code: "WN313", Name: "unknown-outcome-unhandled", Severity: diag.Warning, Since: "0.1.0",
		Summary: "after a lost response, nobody knows whether a change happened, and a retry may do it twice",
		Doc: lint.Doc{
			Why: "A timeout isn't a failure: the other side may have done the work. Without an idempotency key, the " +
				"caller can neither retry nor give up safely, and without reconciliation, money or stock drifts apart " +
				"unnoticed. A user who gets no response presses the button again.",
			Fix: "Send an idempotency key and query the state after a timeout. If the other side offers neither, " +
				"reconcile both sides every day (guard reconcile).",
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
		Reads:    []string{"mode", "kind", "boundary", "timeout", "idempotent", "guards", "audience", "retry.attempts"},
		Optional: []string{"guards", "boundary", "timeout", "audience", "retry.attempts"},
		Modes:    decide.SetOf(decide.Sync),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Kind.Value != "command" || guarded(s, decide.GuardReconcile) {
				return
			}
			switch {
			case s.Boundary.Value != manifest.ThirdParty || !s.Timeout.Set():
				// A machine goes by retry.attempts: see retry-non-idempotent.
				if s.Audience.Value == "human" && s.Idempotent.Set() && !s.Idempotent.Value && s.Retry.Attempts.Value <= 1 {
					p.Once(fmt.Sprintf("a user who gets no response from %s tries again, and the work is done twice", s.Callee.Or("the callee"))).
						Report(s.Idempotent.Range, quote(s), "create an idempotency key with the form, send it along, and store it with the change")
				}
			case !s.Idempotent.Set():
				p.Missing("idempotent")
			case !s.Idempotent.Value:
				p.Once(fmt.Sprintf("after a timeout, nobody knows whether %s did the work, and a retry may do it twice", s.Callee.Or("the other side"))).
					Report(s.Idempotent.Range, quote(s), "send an idempotency key and query the state after a timeout, or reconcile both sides every day (guard reconcile)")
			}
		},
	}
}
