package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// asyncWithoutDlq finds queues without a dead-letter queue.
func asyncWithoutDlq() *lint.Rule {
	return &lint.Rule{
		Code: "WN401", Name: "async-without-dlq", Severity: diag.Error, Since: "0.1.0",
		Summary: "messages that can't be processed have nowhere to go",
		Doc: lint.Doc{
			Why: "A message that always fails is either redelivered forever or silently dropped. RabbitMQ drops it " +
				"from a quorum queue after 20 failed deliveries (since 4.0; since 4.3, a nack with requeue doesn't " +
				"count, and classic queues have no limit). JetStream leaves it in the stream. If you need strict " +
				"ordering, a dead-letter queue breaks it: see ordered-poison.",
			Fix: "Add a dead-letter queue, an alert on it, and a way to replay its messages.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"rmq-q", "nats", "checkov", "app-aws", "az-cc"},
		},
		Reads:    []string{"mode", "delivery.dead_letter", "delivery.type", "delivery.ordering", "delivery.broker", "loss_ok", "delivery.max_deliveries", "delivery.poison"},
		Optional: []string{"delivery.max_deliveries", "delivery.poison"},
		Modes:    detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.LossOK.Value || s.Delivery.Type.Value == "process" || deadLettersElsewhere(s) || acknowledgedTooSoon(s) {
				return
			}
			if s.Delivery.Type.Value == "stream" || s.Delivery.Ordering.Or("none") != "none" {
				p = p.LowerSeverity() // parking one message breaks the order of the rest
			}
			switch {
			case !s.Delivery.Range.IsValid():
				p.Missing("delivery")
			case s.Delivery.DeadLetter.Set() && s.Delivery.DeadLetter.Value == "":
				noDlq(p, s).Report(s.Delivery.DeadLetter.Range, quote(s), addDlq)
			case blocksOrdered(s): // that is ordered-poison: what fails has to go aside with its whole key
			case !s.Delivery.DeadLetter.Set():
				noDlq(p, s).ReportEdit(s.Delivery.Range, quote(s), addDlq, false,
					p.AddPair(s.Delivery.Range, "dead_letter", s.Name.Value+".dlq")...)
			}
		},
	}
}

// deadLettersElsewhere reports whether the broker keeps what fails by itself, as engines do, or
// can't keep it at all, as with MQTT: then a dead-letter queue is nothing that one could add.
func deadLettersElsewhere(s *lint.Subject) bool {
	broker := brokerOf(s)
	return broker != nil && (broker.Engine || broker.NoDeadLetters)
}

const addDlq = "add a dead-letter queue, an alert on it, and a way to replay its messages"

// lacksDeadLetter reports whether async-without-dlq finds something.
func lacksDeadLetter(s *lint.Subject) bool {
	return !s.LossOK.Value && s.Delivery.Type.Value != "process" && s.Delivery.DeadLetter.Value == ""
}

// noDlq says once for a consumer what its messages lack.
func noDlq(p *lint.Pass, s *lint.Subject) *lint.Pass {
	return p.Stating(s.Delivery.Broker.Range).Once("messages that " + consumer(s) + " have no dead-letter queue, so one that always fails is lost or blocks the rest")
}
