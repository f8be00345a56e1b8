package rules

import (
	"cmp"
	"fmt"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// timeoutAbovePlatformLimit finds calls that their front door cuts off.
func timeoutAbovePlatformLimit() *lint.Rule {
	return &lint.Rule{
		Code: "WN304", Name: "timeout-above-platform-limit", Severity: diag.Error, Since: "0.1.0",
		Summary: "a call may take longer than its front door allows",
		Doc: lint.Doc{
			Why: "The gateway cuts the connection first. The client gets an error while the work goes on, and tries " +
				"again.",
			Fix: "Stay under the limit, or acknowledge right away and deliver the outcome later.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 45s
    platform: aws-api-gateway
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 10s
    platform: aws-api-gateway
`,
			Sources: []string{"aws-pg-async", "az-230", "lambda-to"},
		},
		Reads:    []string{"mode", "platform", "platform_timeout", "timeout", "retry.attempts", "retry.backoff", "retry.within", "answers.latency"},
		Optional: []string{"answers.latency", "retry.backoff"},
		Modes:    decide.SetOf(decide.Sync),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			platform, configured := s.Platform, s.PlatformTimeout
			if !platform.Set() {
				platform, configured = s.Document.Platform, cmp.Or(configured, s.Document.PlatformTimeout)
			}
			if !platform.Set() {
				return
			}
			limit := configured.Value
			if !configured.Set() {
				limit = platformLimit(platform.Value)
			}
			longest, at := s.Timeout.Value, s.Timeout.Range
			if n := s.Retry.Attempts.Value; n > 1 && s.Timeout.Set() && longest <= limit {
				longest, at = allAttempts(s), s.Retry.Attempts.Range
			}
			if latency := s.Operation.Answers.Latency; latency.Value > longest {
				longest, at = latency.Value, latency.Range
			}
			if limit > 0 && longest > limit {
				p.Stating(configured.Range).Report(at, fmt.Sprintf("%q may take %s, but %s cuts the connection after %s while the work goes on", s.Name.Value,
					span(longest), platform.Value, manifest.FormatDuration(limit)),
					"stay under the limit with all attempts combined, or acknowledge right away and deliver the outcome later",
					diag.Related{Range: platform.Range, Message: "the front door is named here"})
			}
		},
	}
}

// platformLimit returns how long a front door lets a request run, or 0 when
// that is not known.
func platformLimit(id string) time.Duration {
	if platform := limitsOnce().Platform(id); platform != nil {
		return platform.Timeout.Duration
	}
	return 0
}
