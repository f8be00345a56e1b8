package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// criticalWorkLost finds critical work that one failure ends.
func criticalWorkLost() *lint.Rule {
	return &lint.Rule{
		Code: "WN421", Name: "critical-work-may-be-lost", Severity: diag.Error, Since: "0.1.0",
		Summary: "critical work is delivered at most once",
		Doc: lint.Doc{
			Why: "A consumer that acknowledges before doing the work loses the message if it crashes in between. One " +
				"that gives up after the first failure loses it to any hiccup. If the journey fails without this work, " +
				"the message must come back until the work is done.",
			Fix: "Acknowledge after the work is done, deduplicate, and allow several deliveries with a pause in " +
				"between before you set a message aside.",
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
		Modes:    detachedModes(),
		Given:    manifest.GivenCritical,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Critical.Value {
				return
			}
			ack, deliveries := s.Delivery.Ack, s.Delivery.MaxDeliveries
			switch {
			case ack.Value == "before":
				p.Report(ack.Range, fmt.Sprintf("%q is critical, but its consumer acknowledges before doing the work, so a crash in between loses it", s.Name.Value),
					"acknowledge after the work is done, and deduplicate")
			case s.LossOK.Value:
				p.Report(s.LossOK.Range, fmt.Sprintf("%q is critical, so its journey fails without it, but loss_ok says it may be lost", s.Name.Value),
					"make its delivery durable, or change the journey so that it succeeds without it",
					diag.Related{Range: s.Critical.Range, Message: "it's declared critical here"})
			case !deadLettersElsewhere(s) && lacksDeadLetter(s): // that is async-without-dlq
			case deliveries.Set() && deliveries.Value == 1 && s.Answers[decide.Retryability] == decide.Yes:
				p.LowerSeverity().Report(deliveries.Range, fmt.Sprintf("%q is critical and safe to retry, but it gets only one delivery", s.Name.Value),
					"allow several deliveries with a pause in between, and deduplicate")
			}
		},
	}
}

// acknowledgedTooSoon reports whether critical-work-may-be-lost says of a consumer that it
// acknowledges before its work: the broker then delivers nothing again and puts nothing aside.
func acknowledgedTooSoon(s *lint.Subject) bool {
	return s.Critical.Value && s.Delivery.Ack.Value == "before"
}
