package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// syncWithoutBreaker finds waits for others without a breaker.
func syncWithoutBreaker() *lint.Rule {
	return &lint.Rule{
		Code: "WN309", Name: "sync-without-breaker", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a caller waits for someone else's system without a circuit breaker or a fallback",
		Doc: lint.Doc{
			Why: "While the other side is down, every call waits out its timeout before it fails. A circuit breaker " +
				"fails immediately and lets the other side recover. If one bad replica would open the breaker for all " +
				"of them, a retry budget limits the load in the same way: it stops retries, not calls.",
			Fix: "Put a circuit breaker or a retry budget in the client, once, and a fallback if one makes sense.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    boundary: third-party
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    boundary: third-party
    guards: [circuit-breaker]
`,
			Sources: []string{"az-cb", "smells"},
		},
		Reads: []string{"mode", "callee", "timeout", "boundary", "guards"},
		Modes: decide.SetOf(decide.Sync),
		Void:  waitsNeedlessly,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			switch {
			case remote(s) && !s.Timeout.Set(): // that is timeout-missing: a breaker counts failures, and a hang is none
			case guarded(s, decide.GuardBreaker, decide.GuardFallback, decide.GuardRetryBudget):
			case !s.Boundary.Set():
				p.Missing("boundary")
			case s.Boundary.Value == manifest.ThirdParty || s.Boundary.Value == manifest.OtherTeam:
				p.Once(fmt.Sprintf("%s, which belongs to another %s, without a circuit breaker, so an outage there holds every call for the whole timeout",
					client(s, "waits for"), party(s.Boundary.Value))).
					Report(s.Boundary.Range, quote(s), "put a circuit breaker or a retry budget in the client, or respond with a fallback")
			}
		},
	}
}

// party names whom the other side of a boundary belongs to.
func party(boundary string) string {
	if boundary == manifest.ThirdParty {
		return "company"
	}
	return "team"
}
