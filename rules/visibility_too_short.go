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
		Summary: "a message is delivered again while it's still being processed",
		Doc: lint.Doc{
			Why: "If the visibility timeout or lock expires before the work is done, a second consumer starts the same " +
				"work in parallel.",
			Fix: "Make the visibility timeout several times the p99 of processing, or renew the lock while working.",
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
		Reads:    []string{"mode", "delivery.visibility", "delivery.processing", "delivery.lock_renewal", "delivery.broker"},
		Optional: []string{"delivery.broker"},
		Modes:    detachedModes(),
		Given:    manifest.GivenDelivery,
		Params: []lint.Param{
			{Name: "margin", Doc: "how many times the p99 of processing the lock must last; a shorter one is reported, one severity lower", Unit: lint.Count, Default: 2},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			processing := s.Delivery.Processing
			if s.Delivery.LockRenewal.Value || !s.Delivery.Visibility.Set() && !processing.Set() {
				return
			}
			lock, at, origin := lockOf(s)
			switch {
			case lock == 0:
				p.Missing("delivery.visibility")
			case !processing.Set():
				p.Missing("delivery.processing")
			case float64(lock) < p.Param("margin")*float64(processing.Value):
				report := p
				if lock > processing.Value {
					report = p.LowerSeverity()
				}
				report.Report(at, fmt.Sprintf("a message of %q is locked for %s%s, but processing takes %s in 99 of 100 cases and longer in the rest: a second consumer starts the same work in parallel", s.Name.Value,
					manifest.FormatDuration(lock), origin, manifest.FormatDuration(processing.Value)),
					fmt.Sprintf("lock messages for at least %s, or renew the lock while working",
						manifest.FormatDuration(time.Duration(p.Param("margin")*float64(processing.Value)))), diag.Related{Range: processing.Range, Message: "the p99 of processing is declared here"})
			}
		},
	}
}

// lockOf returns how long a message is locked while it is handled, where that stands and
// where it comes from: what the manifest gives, else the broker's default, or as long as its usual
// clients renew the lock by themselves. 0 when that is not known.
func lockOf(s *lint.Subject) (time.Duration, diag.Range, string) {
	if v := s.Delivery.Visibility; v.Set() {
		return v.Value, v.Range, ""
	}
	broker := brokerOf(s)
	if broker == nil {
		return 0, diag.Range{}, ""
	}
	lock := max(broker.Visibility.Duration, broker.Renewal.Duration)
	return lock, s.Delivery.Processing.Range, fmt.Sprintf(" (the default of %s)", broker.Name)
}
