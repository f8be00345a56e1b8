package rules

import (
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// unboundedQueue finds queues that can grow without end.
func unboundedQueue() *lint.Rule {
	return &lint.Rule{
		Code: "WN405", Name: "unbounded-queue", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a queue has no limit",
		Doc: lint.Doc{
			Why: "When work arrives faster than it gets done, an unbounded queue grows until memory runs out or the " +
				"work is no longer useful.",
			Fix: "Bound it, and decide what happens when it's full: reject, drop the oldest, or slow the sender down.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    loss_ok: yes
    delivery: {type: process, queue_limit: unlimited}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    loss_ok: yes
    delivery: {type: process, queue_limit: 1000}
`,
			Sources: []string{"primer", "aws-rel04"},
		},
		Reads: []string{"mode", "delivery.queue_limit", "delivery.ttl", "delivery.type"},
		Modes: detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			limit := s.Delivery.QueueLimit
			if s.Delivery.TTL.Set() {
				p = p.LowerSeverity() // it bounds the age of what waits, not how much waits
			}
			switch {
			case limit.Set() && limit.Value == 0:
				p.Once(queues(s)+" has no limit, so a backlog grows until memory runs out or the work is no longer useful").
					Report(limit.Range, quote(s), "bound the queue, and decide what happens when it's full: reject, drop the oldest, or slow the sender down")
			case !limit.Set() && !s.Delivery.TTL.Set():
				p.Missing("delivery.queue_limit or delivery.ttl")
			}
		},
	}
}

// queues names where messages wait: limits are set once for a broker, by a policy.
func queues(s *lint.Subject) string {
	switch {
	case s.Delivery.Type.Value == "process":
		return "the queue in the memory of " + caller(s.From())
	case s.Delivery.Broker.Set():
		return "a queue on " + s.Delivery.Broker.Value
	}
	return "the queue to " + s.Callee.Or("the consumer")
}
