package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// dedupWindowTooShort finds repeats that come after they are forgotten.
func dedupWindowTooShort() *lint.Rule {
	return &lint.Rule{
		Code: "WN424", Name: "dedup-window-too-short", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a duplicate can arrive after the deduplication window has closed",
		Doc: lint.Doc{
			Why: "Redeliveries and messages replayed from the dead-letter queue come minutes or days later. A broker " +
				"forgets message ids within minutes (Amazon SQS FIFO 5, Azure Service Bus 10, NATS 2 by default), and " +
				"a key kept for a day won't catch a message replayed after a weekend.",
			Fix: "Record handled messages in your own store, and keep those records longer than redelivery and " +
				"dead-letter retention combined.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, idempotency_kept: 1h, dead_letter_retention: 336h}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, idempotency_kept: 400h, dead_letter_retention: 336h}
`,
			Sources: []string{"sqs", "sb-dd", "nats", "az-idem"},
		},
		Reads:    []string{"mode", "delivery.idempotency", "delivery.idempotency_kept", "delivery.dead_letter_retention", "delivery.max_deliveries", "delivery.visibility", "delivery.backoff", "delivery.broker"},
		Optional: []string{"delivery.broker", "delivery.idempotency", "delivery.max_deliveries"},
		Modes:    detachedModes(),
		Given:    manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			kept, at := s.Delivery.IdempotencyKept.Value, s.Delivery.IdempotencyKept.Range
			if broker := brokerOf(s); !at.IsValid() && s.Delivery.Idempotency.Value == "broker" && broker != nil {
				kept, at = broker.DedupWindow.Duration, s.Delivery.Idempotency.Range
			}
			last, why := lastRepeat(s)
			switch {
			case kept == 0:
				p.Missing("delivery.idempotency_kept")
			case last == 0:
				p.Missing("delivery.dead_letter_retention")
			case kept < last:
				p.Stating(s.Delivery.DeadLetterRetention.Range, s.Delivery.MaxDeliveries.Range).Report(at, fmt.Sprintf("duplicates of %q are recognized for %s, but one can arrive after %s (%s)", s.Name.Value, manifest.FormatDuration(kept), span(last), why),
					"record handled messages in your own store, and keep those records longer than that")
			}
		},
	}
}

// lastRepeat returns how late a repeat can come, and why; 0 when that is not known.
func lastRepeat(s *lint.Subject) (time.Duration, string) {
	d := &s.Delivery
	if kept := d.DeadLetterRetention; kept.Set() {
		return kept.Value, "replayed from the dead-letter queue"
	}
	pause := max(d.Visibility.Value, d.Backoff.Value)
	if n := d.MaxDeliveries.Value; n > 1 && pause > 0 {
		return repeated(pause, n-1), fmt.Sprintf("the last of %s deliveries", amount(float64(n)))
	}
	return 0, ""
}
