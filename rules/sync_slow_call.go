package rules

import (
	"fmt"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// syncSlowCall finds waits that people do not sit out.
func syncSlowCall() *lint.Rule {
	return &lint.Rule{
		Code: "WN209", Name: "sync-slow-call", Severity: diag.Warning, Since: "0.1.0",
		Summary: "users wait longer for a response than they stay engaged",
		Doc: lint.Doc{
			Why: "After about a second, people lose their train of thought; after about ten, their attention. Until " +
				"then, every waiting call ties up a thread and a connection.",
			Fix: "Make it hybrid if an acknowledgment is enough, stream what you already have, or make it faster.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 12s, coupling: no}
    audience: human
    timeout: 20s
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 2s, coupling: no}
    audience: human
    timeout: 4s
`,
			Sources: []string{"nielsen", "net-comm", "az-arr"},
		},
		Reads: []string{"mode", "answers.latency", "audience"},
		Modes: decide.SetOf(decide.Sync),
		Params: []lint.Param{
			{Name: "noticed", Doc: "seconds above which a wait is reported, one severity lower", Unit: lint.Seconds, Default: 3},
			{Name: "attention", Doc: "seconds above which a wait is reported", Unit: lint.Seconds, Default: 10},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Decision.Possible.Has(decide.Sync) {
				return
			}
			latency := s.Operation.Answers.Latency
			if missing := lacking(fact{"answers.latency as a duration", latency.Set()}, fact{"audience", s.Audience.Set()}); len(missing) > 0 {
				p.Missing(missing...)
				return
			}
			seconds := latency.Value.Seconds()
			if s.Audience.Value != "human" || seconds <= p.Param("noticed") {
				return
			}
			limit, effect := p.Param("noticed"), "they lose their train of thought"
			if seconds > p.Param("attention") {
				limit, effect = p.Param("attention"), "you've lost their attention"
			}
			message := fmt.Sprintf("users wait up to %s for %q; after %s, %s", manifest.FormatDuration(latency.Value), s.Name.Value,
				manifest.FormatDuration(time.Duration(limit*float64(time.Second))), effect)
			fix := "stream what you already have, show progress, or acknowledge right away and deliver the outcome later"
			if seconds > p.Param("attention") {
				p.Report(latency.Range, message, fix)
			} else {
				p.LowerSeverity().Report(latency.Range, message, fix)
			}
		},
	}
}
