package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// syncOverAsync finds request and reply over a queue.
func syncOverAsync() *lint.Rule {
	return &lint.Rule{
		Code: "WN211", Name: "sync-over-async", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a caller waits for a response that comes back over a queue",
		Doc: lint.Doc{
			Why: "The transport has changed, but the coupling hasn't: the caller still stops when the callee does, and " +
				"now also when the broker does.",
			Fix: "Call the callee directly, or return an acknowledgment and let the caller go.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
    delivery: {broker: rabbitmq, channel: card-requests}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
`,
			Sources: []string{"az-arr", "az-qbll"},
		},
		Reads: []string{"mode", "delivery.broker", "delivery.type"},
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Delivery.Broker.Set() && s.Delivery.Type.Value != "process" && !requestReply(s) {
				p.Report(s.Delivery.Broker.Range,
					fmt.Sprintf("the caller of %q waits for a response over %s, so it still stops when the callee does, and now also when the broker does", s.Name.Value, s.Delivery.Broker.Value),
					"call the callee directly, or acknowledge right away and deliver the outcome later")
			}
		},
	}
}

// requestReply reports whether the broker is core NATS, which stores nothing and
// was made for requests with a reply; a stream is JetStream.
func requestReply(s *lint.Subject) bool {
	broker := brokerOf(s)
	return broker != nil && broker.ID == "nats" && s.Delivery.Type.Value != "stream"
}
