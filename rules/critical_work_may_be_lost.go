package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// criticalWorkLost finds critical work that one failure ends.
func criticalWorkLost() *lint.Rule {
	return &lint.Rule{
		Code: "WN421", Name: "critical-work-may-be-lost", Severity: diag.Error, Since: "0.1.0",
		Summary: "critical work is delivered at most once",
		Doc: lint.Doc{
			Why: "A consumer that acknowledges before it works loses the message when it crashes in between, and one " +
				"that gives up after the first failure loses it to every hiccup. What its journey fails without must " +
				"come back until it is done.",
			Fix: "Acknowledge after the work, recognize repeats, and deliver several times with a pause before a " +
				"message is put aside.",
			Bad: `service: shop
operations:
  - name: remove-stock
    callee: catalog
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    critical: yes
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, alarm: yes, idempotency: key, queue_limit: 1000, ack: before}
`,
			Good: `service: shop
operations:
  - name: remove-stock
    callee: catalog
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    critical: yes
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, alarm: yes, idempotency: key, queue_limit: 1000, ack: after}
`,
			Sources: []string{"yanacek", "rmq-c"},
		},
		Reads:    []string{"mode", "critical", "loss_ok", "delivery.ack", "delivery.max_deliveries", "answers.retryability"},
		Optional: []string{"answers.retryability", "delivery.max_deliveries"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !detached(s) || !s.Critical.Value {
				return
			}
			ack, deliveries := s.Delivery.Ack, s.Delivery.MaxDeliveries
			switch {
			case ack.Value == "before":
				p.Report(ack.Range, fmt.Sprintf("%q is critical, and its consumer acknowledges before it works: a crash in between loses it", s.Name.Value),
					"acknowledge after the work, and recognize repeats")
			case s.LossOK.Value:
				p.Report(s.LossOK.Range, fmt.Sprintf("%q is critical, but loss_ok says that losing it is acceptable: its journey fails without it", s.Name.Value),
					"make its delivery durable, or build the journey so that it succeeds without it",
					diag.Related{Range: s.Critical.Range, Message: "it's declared critical here"})
			case deliveries.Set() && deliveries.Value == 1 && s.Answers[decide.Retryability] == decide.Yes:
				p.LowerSeverity().Report(deliveries.Range, fmt.Sprintf("%q is critical and a repeat would help, but its first failure is final", s.Name.Value),
					"deliver it several times with a pause in between, and recognize repeats")
			}
		},
	}
}
