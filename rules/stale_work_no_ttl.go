package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// staleWorkNoTtl finds messages that are worked on too late.
func staleWorkNoTTL() *lint.Rule {
	return &lint.Rule{
		Code: "WN409", Name: "stale-work-no-ttl", Severity: diag.Warning, Since: "0.1.0",
		Summary: "messages are kept long after they're useful",
		Doc: lint.Doc{
			Why: "After an outage, consumers first work through messages that nobody needs anymore, while fresh ones " +
				"wait behind them.",
			Fix: "Make messages expire once their outcome is useless: set a TTL on the queue or the message.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    freshness: 10m
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    freshness: 10m
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, ttl: 10m}
`,
			Sources: []string{"aws-rel04", "yanacek"},
		},
		Reads: []string{"mode", "freshness", "delivery.ttl"},
		Modes: detachedModes(),
		Given: manifest.GivenFreshness,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Delivery.Range.IsValid() {
				p.Missing("delivery.ttl")
				return
			}
			if s.Freshness.Value >= time.Hour {
				p = p.LowerSeverity()
			}
			if ttl := s.Delivery.TTL; !ttl.Set() || ttl.Value > s.Freshness.Value {
				p.Report(or(ttl.Range, s.Freshness.Range), fmt.Sprintf("a message of %q is useless after %s but never expires, so after an outage it delays fresh ones", s.Name.Value, manifest.FormatDuration(s.Freshness.Value)),
					fmt.Sprintf("make messages expire after %s", manifest.FormatDuration(s.Freshness.Value)))
			}
		},
	}
}
