package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// ackBeforeDurable finds promises that die with a process.
func ackBeforeDurable() *lint.Rule {
	return &lint.Rule{
		Code: "WN504", Name: "ack-before-durable", Severity: diag.Error, Since: "0.1.0",
		Summary: "work is acknowledged while it exists in memory only",
		Doc: lint.Doc{
			Why: "An acknowledgement is a promise. A task in memory dies with its process, and nobody knows that it " +
				"was there.",
			Fix: "Store the work before acknowledging it, or declare loss_ok: yes when losing it is acceptable.",
			Bad: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    idempotent: yes
    reply: {status: /exports/status, notify: email, durable: no}
`,
			Good: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    idempotent: yes
    reply: {status: /exports/status, notify: email, durable: yes}
`,
			Sources: []string{"sevalla", "az-arr"},
		},
		Reads: []string{"mode", "reply.durable", "delivery.type", "loss_ok"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !detached(s) || s.LossOK.Value {
				return
			}
			switch inMemory := s.Delivery.Type.Value == "process"; {
			case s.Reply.Durable.Set() && !s.Reply.Durable.Value:
				p.Report(s.Reply.Durable.Range, fmt.Sprintf("%q is acknowledged before it is stored, so a crash loses what was promised", s.Name.Value), "store the work before acknowledging it; if losing it is acceptable, say so (loss_ok: yes)")
			case inMemory && !s.Reply.Durable.Value:
				p.Report(s.Delivery.Type.Range, fmt.Sprintf("%q waits in the memory of one process, so a restart loses what was promised", s.Name.Value), "store the work before acknowledging it; if losing it is acceptable, say so (loss_ok: yes)")
			case s.Works(decide.Hybrid) && !s.Reply.Durable.Set():
				p.Missing("reply.durable")
			}
		},
	}
}
