package rules

import (
	"fmt"
	"strings"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// hybridAcceptUnguarded finds acknowledgements that can hang.
func hybridAcceptUnguarded() *lint.Rule {
	return &lint.Rule{
		Code: "WN508", Name: "hybrid-accept-unguarded", Severity: diag.Warning, Since: "0.1.0",
		Summary: "the call that accepts the work has no timeout or, across a boundary, no breaker",
		Doc: lint.Doc{
			Why: "Only the work runs behind the acknowledgement: the acceptance itself is a call that somebody waits " +
				"for. Without a timeout a callee that hangs holds the caller as a synchronous call would, and the " +
				"hybrid has gained nothing.",
			Fix: "Give the accepting call a timeout of its own, far below that of the work, and a circuit breaker " +
				"where it crosses to another team or company.",
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
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Works(decide.Hybrid) || !remote(s) || s.Delivery.Type.Value == "process" {
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
			if b := s.Boundary.Value; (b == manifest.ThirdParty || b == manifest.OtherTeam) && !guarded(s, "circuit-breaker", "fallback", "retry-budget") {
				lacks = append(lacks, "circuit breaker")
			}
			if len(lacks) > 0 {
				p.Once(fmt.Sprintf("%s to accept work without a %s, so a hang there holds the caller as a synchronous call would", client(s, "waits for"), strings.Join(lacks, " and a "))).
					Report(s.Reply.AcceptWithin.Range, quote(s), "give the accepting call a short timeout, and a breaker where it leaves the team")
			}
		},
	}
}
