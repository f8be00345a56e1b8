package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// queueNeverDrains finds queues that only grow.
func queueNeverDrains() *lint.Rule {
	return &lint.Rule{
		Code: "WN406", Name: "queue-never-drains", Severity: diag.Error, Since: "0.1.0",
		Summary: "work arrives faster than it gets done",
		Doc: lint.Doc{
			Why: "At full utilization, a queue only grows. Retries and a bigger queue don't help; only more capacity " +
				"or less work does.",
			Fix: "Add workers, process messages in batches, or send fewer messages.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    traffic: {mean: 50/s, capacity: 40/s}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    traffic: {mean: 20/s, capacity: 40/s}
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Sources: []string{"mm1", "yanacek"},
		},
		Reads:    []string{"mode", "traffic.mean", "traffic.capacity", "delivery.workers", "delivery.processing"},
		Optional: []string{"delivery.workers", "delivery.processing"},
		Modes:    detachedModes(),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			capacity, exact := capacityOf(s)
			if !s.Traffic.Mean.Set() || capacity == 0 {
				p.Missing(lacking(fact{"traffic.mean", s.Traffic.Mean.Set()},
					fact{"traffic.capacity (or delivery.workers and delivery.processing)", capacity != 0})...)
				return
			}
			if mean := s.Traffic.Mean.Value; mean >= capacity {
				message := fmt.Sprintf("%q receives %s on average but can only handle %s, so its queue only grows", s.Name.Value, rateText(mean), rateText(capacity))
				if exact {
					p.Report(s.Traffic.Mean.Range, message, "add capacity, or send less")
				} else {
					p.LowerSeverity().Report(s.Traffic.Mean.Range, message+" if every message takes its p99", "add workers, process messages in batches, or send less")
				}
			}
		},
	}
}

// capacityOf returns how many messages a second the consumers can handle, and
// whether the manifest says so. Otherwise it is the workers over the p99 of one
// message, which is less than they can do; 0 when that is not known either.
func capacityOf(s *lint.Subject) (perSecond float64, exact bool) {
	if s.Traffic.Capacity.Set() {
		return s.Traffic.Capacity.Value, true
	}
	if !s.Delivery.Workers.Set() || s.Delivery.Processing.Value <= 0 {
		return 0, false
	}
	return graph.Capacity(s.Delivery.Workers.Value, s.Delivery.Processing.Value), false
}
