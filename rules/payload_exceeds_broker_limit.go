package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// payloadExceedsBrokerLimit finds messages that their broker refuses.
func payloadExceedsBrokerLimit() *lint.Rule {
	return &lint.Rule{
		Code: "WN411", Name: "payload-exceeds-broker-limit", Severity: diag.Error, Since: "0.1.0",
		Summary: "a message is larger than its broker accepts",
		Doc: lint.Doc{
			Why: "The broker rejects it at run time, usually with the first big customer.",
			Fix: "Store the payload and send a reference to it (claim check).",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: servicebus-standard, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, payload: 2MB}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: servicebus-standard, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, payload: 40KB}
`,
			Sources: []string{"az-cc", "sb-q", "sqs", "rmq-l", "nats"},
		},
		Reads: []string{"delivery.payload", "delivery.broker", "brokers"},
		Given: manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			payload := s.Delivery.Payload
			if !payload.Set() {
				return
			}
			limit := messageLimit(s)
			if limit == 0 {
				p.Missing("delivery.broker with a known limit")
			} else if payload.Value > limit {
				p.Stating(s.Delivery.Broker.Range).Report(payload.Range, fmt.Sprintf("a message of %q has %s, but %s accepts at most %s and rejects it at run time", s.Name.Value,
					manifest.FormatSize(payload.Value), s.Delivery.Broker.Value, manifest.FormatSize(limit)),
					"store the payload and send a reference to it (claim check)")
			}
		},
	}
}

// messageLimit returns how many bytes a message may have, or 0 when that is not
// known: what the manifest says of its broker, else the product's default.
func messageLimit(s *lint.Subject) int64 {
	for i := range s.Document.Brokers {
		if b := &s.Document.Brokers[i]; b.Name.Value == s.Delivery.Broker.Value && b.MaxMessage.Set() {
			return b.MaxMessage.Value
		}
	}
	if broker := brokerOf(s); broker != nil {
		return int64(broker.MaxMessage)
	}
	return 0
}
