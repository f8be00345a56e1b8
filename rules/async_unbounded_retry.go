package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// asyncUnboundedRetry finds redelivery without end.
func asyncUnboundedRetry() *lint.Rule {
	return &lint.Rule{
		Code: "WN404", Name: "async-unbounded-retry", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a message that fails is redelivered forever",
		Doc: lint.Doc{
			Why: "A single poison message then ties up a worker indefinitely. JetStream, Amazon SQS, Google Pub/Sub, " +
				"and plain Kafka consumers keep retrying until the message expires unless you set a limit.",
			Fix: "Limit the number of deliveries, and move messages that still fail to a dead-letter queue.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: unlimited, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"nats", "temporal"},
		},
		Reads:    []string{"mode", "delivery.max_deliveries", "delivery.dead_letter", "delivery.broker", "delivery.ordering", "delivery.type"},
		Optional: []string{"delivery.dead_letter"},
		Modes:    detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Delivery.Type.Value == "process" || s.Delivery.Ordering.Or("none") != "none" || engine(s) {
				return // what an ordered message without end blocks is ordered-poison
			}
			deliveries := s.Delivery.MaxDeliveries
			switch {
			case deliveries.Set() && deliveries.Value == 0:
				endless(p, s).Report(deliveries.Range, quote(s), limitDeliveries)
			case deliveries.Set():
			case limitedByDeadLetter(s): // that is async-without-dlq, and its fix limits deliveries, too
			case unlimitedByDefault(s):
				endless(p, s).Report(s.Delivery.Broker.Range, quote(s)+" (the default of "+s.Delivery.Broker.Value+")", limitDeliveries)
			default:
				p.Missing("delivery.max_deliveries")
			}
		},
	}
}

const limitDeliveries = "limit deliveries (to 5, say), and move messages that still fail to a dead-letter queue"

// endless says once for a consumer that its messages come back forever.
func endless(p *lint.Pass, s *lint.Subject) *lint.Pass {
	return p.Stating(s.Delivery.Broker.Range).Once("messages that " + consumer(s) + " are redelivered forever if they keep failing, so a single poison message ties up a worker")
}

// unlimitedByDefault reports whether the operation's broker redelivers without
// end when nothing is set.
func unlimitedByDefault(s *lint.Subject) bool {
	broker := brokerOf(s)
	return broker != nil && broker.Deliveries.Unlimited && !(broker.DeadLetterLimits && s.Delivery.DeadLetter.Value != "")
}

// limitedByDeadLetter reports whether async-without-dlq finds something, and the queue that it
// asks for sets a limit, as a redrive policy does.
func limitedByDeadLetter(s *lint.Subject) bool {
	broker := brokerOf(s)
	return broker != nil && broker.DeadLetterLimits && lacksDeadLetter(s) && !acknowledgedTooSoon(s)
}
