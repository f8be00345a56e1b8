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
		Summary: "work is acknowledged before it's stored durably",
		Doc: lint.Doc{
			Why: "An acknowledgment is a promise. Work that exists only in memory dies with its process, and nobody " +
				"ever knows it existed.",
			Fix: "Store the work before you acknowledge it, or declare loss_ok: yes if you can afford to lose it.",
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
			Sources: []string{"fastapi-bg", "az-arr"},
		},
		Reads:    []string{"mode", "reply.durable", "delivery.type", "loss_ok", "triggered_by"},
		Optional: []string{"triggered_by"},
		Modes:    detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.LossOK.Value {
				return
			}
			switch inMemory := s.Delivery.Type.Value == "process"; {
			case s.Reply.Durable.Set() && !s.Reply.Durable.Value:
				p.Report(s.Reply.Durable.Range, fmt.Sprintf("%q is acknowledged before it's stored, so a crash loses work that was promised", s.Name.Value), "store the work before you acknowledge it; if you can afford to lose it, declare loss_ok: yes")
			case inMemory && !s.Reply.Durable.Value && asked(s):
				p.Report(s.Delivery.Type.Range, fmt.Sprintf("%q waits in the memory of a single process, so a restart loses work that was promised", s.Name.Value), "store the work before you acknowledge it; if you can afford to lose it, declare loss_ok: yes")
			case s.Works(decide.Hybrid) && !s.Reply.Durable.Set():
				p.Missing("reply.durable")
			}
		},
	}
}
