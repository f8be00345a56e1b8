package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// requestOutlivesCaller finds requests over a broker that nobody waits for any more.
func requestOutlivesCaller() *lint.Rule {
	return &lint.Rule{
		Code: "WN426", Name: "request-outlives-caller", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a request over a broker waits there longer than its caller waits for the reply",
		Doc: lint.Doc{
			Why: "When the callee falls behind, it processes requests whose callers have already given up, while " +
				"callers that are still waiting queue up behind them. It never catches up with work that anyone still " +
				"needs.",
			Fix: "Make the message expire no later than the caller's timeout.",
			Bad: `service: shop
operations:
  - name: quote-price
    callee: pricing
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    delivery: {broker: nats, type: queue, ttl: 10m}
`,
			Good: `service: shop
operations:
  - name: quote-price
    callee: pricing
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
    delivery: {broker: nats, type: queue, ttl: 1s}
`,
			Sources: []string{"eip-expiration"},
		},
		Reads: []string{"mode", "timeout", "delivery.broker", "delivery.ttl"},
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenTimeout | manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			ttl := s.Delivery.TTL
			switch {
			case !s.Delivery.Broker.Set():
			case !ttl.Set():
				p.Missing("delivery.ttl")
			case ttl.Value > s.Timeout.Value:
				p.Report(ttl.Range, fmt.Sprintf("a request of %q stays queued for up to %s, but its caller gives up after %s: from then on the callee works for nobody", s.Name.Value,
					manifest.FormatDuration(ttl.Value), manifest.FormatDuration(s.Timeout.Value)),
					fmt.Sprintf("make the message expire after %s", manifest.FormatDuration(s.Timeout.Value)),
					diag.Related{Range: s.Timeout.Range, Message: "the caller's timeout is set here"})
			}
		},
	}
}
