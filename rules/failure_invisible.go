package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// failureInvisible finds failures that nobody sees.
func failureInvisible() *lint.Rule {
	return &lint.Rule{
		Code: "WN507", Name: "failure-invisible", Severity: diag.Warning, Since: "0.1.0",
		Summary: "critical work can fail without anyone being told",
		Doc: lint.Doc{
			Why: "The caller is long gone. Without an alert, a notification, or a compensation, it's the customer who " +
				"finds out.",
			Fix: "Alert on the dead-letter queue, notify the person affected, or undo the work.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    critical: yes
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    critical: yes
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, alarm: yes}
`,
			Sources: []string{"az-idem"},
		},
		Reads: []string{"mode", "critical", "compensation", "reply.notify", "delivery.alarm", "delivery.dead_letter", "delivery.type", "loss_ok"},
		Modes: detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Compensation.Set() || s.Delivery.Alarm.Value || s.Reply.Notify.Or("none") != "none" {
				return
			}
			switch {
			case s.Delivery.Range.IsValid() && lacksDeadLetter(s): // that is async-without-dlq
			case !s.Critical.Set():
				p.Missing("critical")
			case s.Critical.Value && !s.Delivery.Range.IsValid():
				p.Missing("delivery")
			case s.Critical.Value:
				p.Report(s.Critical.Range, fmt.Sprintf("%q is critical and its caller doesn't wait, but nobody is told when it fails", s.Name.Value),
					"alert on the dead-letter queue, notify the person affected, or undo the work")
			}
		},
	}
}
