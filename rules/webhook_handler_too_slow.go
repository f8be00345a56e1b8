package rules

import (
	"fmt"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// webhookHandlerTooSlow finds webhooks that invite duplicates.
func webhookHandlerTooSlow() *lint.Rule {
	return &lint.Rule{
		Code: "WN506", Name: "webhook-handler-too-slow", Severity: diag.Warning, Since: "0.1.0",
		Summary: "a webhook is answered only after its work is done",
		Doc: lint.Doc{
			Why: "Webhook senders give up after a few seconds (Shopify 5, GitHub 10) and may send the event again. " +
				"Work that's done before the response is then done twice.",
			Fix: "Store the event, return a 2xx, and do the work afterward.",
			Bad: `service: shop
operations:
  - name: receive-payment-event
    caller: payment-provider
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 4s, coupling: yes}
    timeout: 20s
    kind: event
    boundary: third-party
    guards: [fallback]
`,
			Good: `service: shop
operations:
  - name: receive-payment-event
    caller: payment-provider
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}
    timeout: 2s
    kind: event
    boundary: third-party
    guards: [fallback]
`,
			Sources: []string{"stripe-wh", "github-wh", "shopify-wh"},
		},
		Reads: []string{"mode", "kind", "boundary", "caller", "callee", "answers.latency"},
		Modes: decide.SetOf(decide.Sync),
		Params: []lint.Param{
			{Name: "limit", Doc: "how long a webhook may take to respond, in seconds", Unit: lint.Seconds, Default: 1},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !incoming(s) || s.Kind.Value != "event" || s.Boundary.Value != "third-party" {
				return
			}
			latency := s.Operation.Answers.Latency
			if !latency.Set() {
				p.Missing("answers.latency as a duration")
			} else if latency.Value.Seconds() > p.Param("limit") {
				p.Report(latency.Range, fmt.Sprintf("the sender of %q waits %s for a response, longer than %s: it gives up and may send the event again", s.Name.Value, manifest.FormatDuration(latency.Value),
					manifest.FormatDuration(time.Duration(p.Param("limit")*float64(time.Second)))),
					"store the event, return a 2xx right away, and do the work afterward")
			}
		},
	}
}

// incoming reports whether somebody else calls the service that declares the
// operation. What the service calls itself is an outgoing webhook.
func incoming(s *lint.Subject) bool {
	return s.Operation.Service != "" && s.From() != s.Operation.Service && s.Callee.Value == s.Operation.Service
}
