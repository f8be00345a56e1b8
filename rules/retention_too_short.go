package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// retentionTooShort finds messages that are gone before anybody comes.
func retentionTooShort() *lint.Rule {
	return &lint.Rule{
		Code: "WN429", Name: "retention-too-short", Severity: diag.Warning, Since: "0.1.0",
		Summary: "messages expire before an outage or a weekend is over",
		Doc: lint.Doc{
			Why: "What the broker drops is lost without an error. In Amazon SQS standard queues, a message's age keeps " +
				"counting in the dead-letter queue, so if that queue's retention isn't longer than its source's, " +
				"messages are gone before anyone has looked.",
			Fix: "Keep messages longer than the longest outage you plan for, and dead letters longer than that plus a " +
				"long weekend.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, retention: 96h, dead_letter_retention: 96h}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, retention: 96h, dead_letter_retention: 336h}
`,
			Sources: []string{"aws-dlq", "sqs"},
		},
		Reads:    []string{"mode", "loss_ok", "freshness", "delivery.retention", "delivery.dead_letter_retention", "delivery.broker"},
		Optional: []string{"delivery.broker"},
		Modes:    detachedModes(),
		Given:    manifest.GivenDelivery,
		Params: []lint.Param{
			{Name: "outage", Doc: "the longest outage that messages should survive", Unit: lint.Seconds, Default: 86400},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.LossOK.Value {
				return
			}
			kept, dead := s.Delivery.Retention, s.Delivery.DeadLetterRetention
			source := kept.Value
			if broker := brokerOf(s); !kept.Set() && broker != nil {
				source = broker.Retention.Duration
			}
			outage := time.Duration(p.Param("outage") * float64(time.Second))
			switch {
			case dead.Set() && source > 0 && dead.Value <= source:
				p.Stating(kept.Range).Report(dead.Range, fmt.Sprintf("dead letters of %q are kept for %s, no longer than the queue keeps messages (%s), so they're gone before anyone has looked", s.Name.Value,
					manifest.FormatDuration(dead.Value), manifest.FormatDuration(source)), "keep dead letters longer than the queue keeps messages")
			case !kept.Set():
				p.Missing("delivery.retention")
			case kept.Value < outage && !(s.Freshness.Set() && s.Freshness.Value <= kept.Value):
				p.Report(kept.Range, fmt.Sprintf("a message of %q is gone after %s, so a longer consumer outage loses work (plan for at least %s)", s.Name.Value,
					manifest.FormatDuration(kept.Value), manifest.FormatDuration(outage)), "keep messages longer than the longest outage you plan for")
			}
		},
	}
}
