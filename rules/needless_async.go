package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// needlessAsync finds brokers that are not needed.
func needlessAsync() *lint.Rule {
	return &lint.Rule{
		Code: "WN103", Name: "needless-async", Severity: diag.Info, Since: "0.1.0",
		Summary: "a broker sits between two parts of the same process",
		Doc: lint.Doc{
			Why: "A queue adds delay, a broker to run, and messages that can arrive twice. Within one process, there's " +
				"no outage to be isolated from, so none of this buys you anything.",
			Fix: "Call it directly. If you can afford to lose the work, use a bounded in-process channel; if you " +
				"can't, use a job table.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 20ms, coupling: no}
    boundary: in-process
    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 20ms, coupling: no}
    boundary: in-process
    loss_ok: yes
    delivery: {type: process, queue_limit: 100}
`,
			Sources: []string{"primer", "az-qbll"},
		},
		Reads: []string{"mode", "boundary", "answers.latency", "answers.coupling", "delivery.broker"},
		Modes: decide.SetOf(decide.Async),
		Given: manifest.GivenDelivery,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Decision.Possible.Has(decide.Async) || !s.Delivery.Broker.Set() {
				return
			}
			if s.Boundary.Value == manifest.InProcess && s.Answers[decide.Latency] == decide.No && s.Answers[decide.Coupling] == decide.No {
				p.Report(s.Delivery.Broker.Range,
					fmt.Sprintf("%q stays within its process and is fast, yet goes through %s, which adds delay and duplicates for nothing", s.Name.Value, s.Delivery.Broker.Value),
					"call it directly, or use a job table or a bounded channel")
			}
		},
	}
}
