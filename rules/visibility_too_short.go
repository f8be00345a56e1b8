package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// visibilityTooShort finds locks that run out too early.
func visibilityTooShort() *lint.Rule {
	return &lint.Rule{
		Code: "WN408", Name: "visibility-too-short", Severity: diag.Error, Since: "0.1.0",
		Summary: "a message is handed out again while it is still being handled",
		Doc: lint.Doc{
			Why: "When the lock runs out before the work is done, a second consumer starts the same work beside the " +
				"first.",
			Fix: "Make the visibility timeout several times the p99 of handling, or renew the lock while working.",
			Bad: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: sqs, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, processing: 45s, visibility: 30s}
`,
			Good: `service: shop
operations:
  - name: send-receipt
    callee: mailer
    mode: async
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
    delivery: {broker: sqs, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, processing: 45s, visibility: 2m}
`,
			Sources: []string{"cfnlint"},
		},
		Reads: []string{"mode", "delivery.visibility", "delivery.processing"},
		Params: []lint.Param{
			{Name: "margin", Doc: "how many times the p99 of handling the lock must last; below it is reported one severity lower", Unit: lint.Count, Default: 2},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			visibility, processing := s.Delivery.Visibility, s.Delivery.Processing
			switch {
			case !detached(s) || !visibility.Set() && !processing.Set():
			case !visibility.Set():
				p.Missing("delivery.visibility")
			case !processing.Set():
				p.Missing("delivery.processing")
			case float64(visibility.Value) < p.Param("margin")*float64(processing.Value):
				report := p
				if visibility.Value > processing.Value {
					report = p.LowerSeverity()
				}
				report.Report(visibility.Range, fmt.Sprintf("a message of %q is locked for %s, but handling takes %s in 99 of 100 cases and longer in the rest", s.Name.Value,
					manifest.FormatDuration(visibility.Value), manifest.FormatDuration(processing.Value)),
					fmt.Sprintf("lock messages for at least %s, or renew the lock while working",
						manifest.FormatDuration(time.Duration(p.Param("margin")*float64(processing.Value)))), diag.Related{Range: processing.Range, Message: "the p99 of handling is given here"})
			}
		},
	}
}
