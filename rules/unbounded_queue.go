package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// unboundedQueue finds queues that can grow without end.
func unboundedQueue() *lint.Rule {
	return &lint.Rule{
		Code: "WN405", Name: "unbounded-queue", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a queue has no limit",
		Doc: lint.Doc{
			Why: "When work comes faster than it is done, a queue without a limit grows until memory or the use of its " +
				"work is gone.",
			Fix: "Bound it, and decide what happens when it is full: reject, drop the oldest or slow the sender down.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    loss_ok: yes
    delivery: {type: process}
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
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !detached(s) {
				return
			}
			limit := s.Delivery.QueueLimit
			if s.Delivery.TTL.Set() {
				p = p.LowerSeverity() // it bounds the age of what waits, not how much waits
			}
			switch {
			case limit.Set() && limit.Value == 0, !limit.Set() && s.Delivery.Type.Value == "process":
				p.Report(or(limit.Range, s.Delivery.Type.Range), fmt.Sprintf("the queue of %q has no limit, so a backlog grows until memory or its use is gone", s.Name.Value), "bound the queue, and decide what happens when it is full: refuse, drop the oldest, or slow the sender down")
			case !limit.Set() && !s.Delivery.TTL.Set():
				p.Missing("delivery.queue_limit or delivery.ttl")
			}
		},
	}
}
