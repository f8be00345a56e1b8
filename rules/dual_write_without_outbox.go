package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// dualWriteWithoutOutbox finds two writes that can come apart.
func dualWriteWithoutOutbox() *lint.Rule {
	return &lint.Rule{
		Code: "WN413", Name: "dual-write-without-outbox", Severity: diag.Error, Since: "0.1.0",
		Summary: "a service writes to a store and sends a message, and a crash in between loses one of them",
		Doc: lint.Doc{
			Why: "A database and a broker share no transaction. A crash in between leaves an order without its event, " +
				"or an event without its order.",
			Fix: "Write the message to an outbox table in the same transaction, and let a relay send it.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    writes: orders-db
    publishes: order-placed
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    writes: orders-db
    publishes: order-placed
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, outbox: yes}
`,
			Sources: []string{"az-outbox", "modulith"},
		},
		Reads:    []string{"writes", "also_writes", "publishes", "delivery.outbox"},
		Optional: []string{"delivery.outbox"},
		Given:    manifest.GivenWrites,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Delivery.Outbox.Value {
				return
			}
			if s.AlsoWrites.Set() {
				p.Report(s.AlsoWrites.Range, fmt.Sprintf("%q writes to %s and %s without a shared transaction, so a crash in between leaves them inconsistent", s.Name.Value, s.Writes.Value, s.AlsoWrites.Value),
					"write to the first one and its outbox in one transaction, and let a relay or change data capture update the second",
					diag.Related{Range: s.Writes.Range, Message: "the first store is written here"})
			}
			if s.Publishes.Set() {
				p.Once(caller(s.From())+" writes to a store and publishes without an outbox, so a crash in between loses one of the two").
					Report(s.Publishes.Range, fmt.Sprintf("%q (%s, %s)", s.Name.Value, s.Writes.Value, s.Publishes.Value),
						"write the message to an outbox in the same transaction, and let a relay send it",
						diag.Related{Range: s.Writes.Range, Message: "the store is written here"})
			}
		},
	}
}
