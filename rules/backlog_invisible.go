package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// backlogInvisible finds queues that can fill unseen.
func backlogInvisible() *lint.Rule {
	return &lint.Rule{
		Code: "WN425", Name: "backlog-invisible", Severity: diag.Warning, Since: "0.1.0",
		Summary: "messages can pile up without anyone being alerted",
		Doc: lint.Doc{
			Why: "A consumer that's too slow or has stopped doesn't fail anything: you get no errors and no dead " +
				"letters, just messages that keep getting older. The age of the oldest message is the first sign, and " +
				"often the only one before users call.",
			Fix: "Alert on the age of the oldest message, or on consumer lag.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, complete_within: 5m, lag_alarm: no}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: rabbitmq, dead_letter: x.dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, complete_within: 5m, lag_alarm: yes}
`,
			Sources: []string{"yanacek"},
		},
		Reads: []string{"mode", "critical", "delivery.complete_within", "delivery.lag_alarm", "delivery.type"},
		Modes: detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			alarm, within := s.Delivery.LagAlarm, s.Delivery.CompleteWithin
			switch {
			case !s.Critical.Value && !within.Set() || s.Delivery.Type.Value == "process":
			case !alarm.Set():
				p.Missing("delivery.lag_alarm")
			case !alarm.Value:
				want := "is critical"
				if within.Set() {
					want = "should be done within " + manifest.FormatDuration(within.Value)
				}
				p.Stating(within.Range).Report(alarm.Range, fmt.Sprintf("%q %s, but nobody gets alerted when its messages wait too long", s.Name.Value, want),
					"alert on the age of the oldest message, or on consumer lag")
			}
		},
	}
}
