package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// remoteCallInTransaction finds calls that hold a transaction or a lock while they wait.
func remoteCallInTransaction() *lint.Rule {
	return &lint.Rule{
		Code: "WN312", Name: "remote-call-in-transaction", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a caller holds a transaction or a lock while it waits for another system",
		Doc: lint.Doc{
			Why: "The rows stay locked and the connection stays taken for as long as the other side takes: up to the " +
				"whole timeout if it hangs. Everyone who needs those rows or a connection ends up waiting for a system " +
				"they never called.",
			Fix: "Commit first and call afterward: store the intent (status started), make the call, then store the " +
				"outcome in a second transaction.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 2s
    holds: transaction
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 2s
`,
			Sources: []string{"release-it"},
		},
		Reads: []string{"mode", "callee", "boundary", "holds", "timeout"},
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenHolds,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !remote(s) || s.Writes.Set() && s.Writes.Value == s.Callee.Value {
				return
			}
			held := "an open transaction"
			if s.Holds.Value == "lock" {
				held = "a lock"
			}
			long := "for as long as " + s.Callee.Value + " takes"
			if s.Timeout.Set() {
				long = "for up to " + manifest.FormatDuration(s.Timeout.Value)
			}
			p.Stating(s.Timeout.Range).Once(fmt.Sprintf("%s while it holds %s, so everyone who needs the same rows waits too, %s", client(s, "waits for"), held, long)).
				Report(s.Holds.Range, quote(s), "store the intent and commit, make the call, then store the outcome in a second transaction")
		},
	}
}
