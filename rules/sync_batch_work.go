package rules

import (
	"fmt"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// syncBatchWork finds jobs that hold their caller.
func syncBatchWork() *lint.Rule {
	return &lint.Rule{
		Code: "WN210", Name: "sync-batch-work", Severity: diag.Error, Since: "0.1.0",
		Summary: "a caller waits for batch work",
		Doc: lint.Doc{
			Why: "A batch grows with the data until no connection can be held that long, and a lost connection loses " +
				"the whole run.",
			Fix: "Start it as a job, answer with its address, and let the caller ask for the outcome or be told.",
			Bad: `service: shop
operations:
  - name: close-books
    callee: ledger
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 9s, coupling: yes}
    kind: job
    timeout: 20s
`,
			Good: `service: shop
operations:
  - name: start-export
    callee: exporter
    mode: hybrid
    answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}
    kind: job
    idempotent: yes
    reply: {status: /exports/status, notify: email, durable: yes}
`,
			Sources: []string{"az-bg", "az-arr"},
		},
		Reads:    []string{"mode", "kind", "answers"},
		Optional: []string{"answers.immediacy", "answers.retryability", "answers.coupling"},
		Params: []lint.Param{
			{Name: "limit", Doc: "a job that takes no longer is not reported", Unit: lint.Seconds, Default: 1},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Works(decide.Sync) && s.Decision.Possible.Has(decide.Sync) && s.Kind.Value == "job" {
				switch latency := s.Operation.Answers.Latency; {
				case s.Answers[decide.Latency] == decide.Unknown:
					p.Missing("answers.latency")
					return
				case s.Answers[decide.Latency] == decide.No, latency.Set() && latency.Value.Seconds() <= p.Param("limit"):
					return
				}
				p.Report(s.Kind.Range, fmt.Sprintf("%q is a job, and its caller holds a connection for as long as the batch grows", s.Name.Value),
					"start it, answer with its address, and deliver the outcome later")
			}
		},
	}
}
