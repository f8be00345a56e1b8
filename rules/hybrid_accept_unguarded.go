package rules

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// hybridAcceptUnguarded finds acknowledgments that can hang.
func hybridAcceptUnguarded() *lint.Rule {
	return &lint.Rule{
		Code: "WN508", Name: "hybrid-accept-unguarded", Severity: diag.Warning, Since: "0.1.0",
		Summary: "the call that accepts the work has no timeout or, across a boundary, no circuit breaker",
		Doc: lint.Doc{
			Why: "Only the work runs in the background; someone still waits for the call that accepts it. Without a " +
				"timeout, a callee that hangs blocks the caller just as a synchronous call would, and hybrid has " +
				"gained you nothing.",
			Fix: "Give the accepting call its own timeout, much shorter than the work takes, and a circuit breaker if " +
				"it crosses to another team or company.",
			Bad: `service: shop
operations:
  - name: export-orders
    callee: exports
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 2m, coupling: yes}
    kind: command
    idempotent: yes
    reply: {status: /exports, notify: email, durable: yes, accept_within: 200ms}
`,
			Good: `service: shop
operations:
  - name: export-orders
    callee: exports
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 2m, coupling: yes}
    kind: command
    idempotent: yes
    timeout: 1s
    reply: {status: /exports, notify: email, durable: yes, accept_within: 200ms}
`,
			Sources: []string{"az-arr", "az-cb"},
		},
		Reads: []string{"mode", "callee", "timeout", "boundary", "guards", "reply.accept_within"},
		Modes: decide.SetOf(decide.Hybrid),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !remote(s) || s.Delivery.Type.Value == "process" {
				return
			}
			if !s.Reply.AcceptWithin.Set() {
				p.Missing("reply.accept_within") // it may be a message that nobody answers
				return
			}
			var lacks []string
			if !s.Timeout.Set() {
				lacks = append(lacks, "timeout")
			}
			if b := s.Boundary.Value; (b == manifest.ThirdParty || b == manifest.OtherTeam) && !guarded(s, decide.GuardBreaker, decide.GuardFallback, decide.GuardRetryBudget) {
				lacks = append(lacks, "circuit breaker")
			}
			if len(lacks) > 0 {
				p.Once(fmt.Sprintf("%s to accept work without a %s, so if it hangs, the caller is blocked just as in a synchronous call", client(s, "waits for"), strings.Join(lacks, " and a "))).
					Report(s.Reply.AcceptWithin.Range, quote(s), "give the accepting call a short timeout, and a circuit breaker if it crosses to another team or company")
			}
		},
	}
}
