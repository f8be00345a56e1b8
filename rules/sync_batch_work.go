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
		Summary: "a caller waits for a batch job",
		Doc: lint.Doc{
			Why: "A batch grows with the data until no connection can be held open that long, and a dropped connection " +
				"loses the whole run.",
			Fix: "Start it as a job, return its URL, and let the caller poll for the outcome or get notified.",
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
		Reads:    []string{"mode", "kind", "answers", "triggered_by"},
		Optional: []string{"answers.immediacy", "answers.retryability", "answers.coupling", "triggered_by"},
		Modes:    decide.SetOf(decide.Sync),
		Params: []lint.Param{
			{Name: "limit", Doc: "jobs that take no longer than this aren't reported", Unit: lint.Seconds, Default: 1},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Decision.Possible.Has(decide.Sync) && s.Kind.Value == "job" && asked(s) {
				switch latency := s.Operation.Answers.Latency; {
				case s.Answers[decide.Latency] == decide.Unknown:
					p.Missing("answers.latency")
					return
				case s.Answers[decide.Latency] == decide.No, latency.Set() && latency.Value.Seconds() <= p.Param("limit"):
					return
				}
				p.Report(s.Kind.Range, fmt.Sprintf("%q is a batch job, and its caller holds a connection open for as long as it runs, which grows with the data", s.Name.Value),
					"start it as a job, return its URL, and deliver the outcome later")
			}
		},
	}
}

// asked reports whether somebody may have asked for the operation: nothing says that a
// message, a timer, a workflow or the caller's own start sets it off.
func asked(s *lint.Subject) bool { return s.TriggeredBy.Or("request") == "request" }
