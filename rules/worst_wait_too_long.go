package rules

import (
	"fmt"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// worstWaitTooLong finds attempts that keep a person waiting.
func worstWaitTooLong() *lint.Rule {
	return &lint.Rule{
		Code: "WN314", Name: "worst-wait-too-long", Severity: diag.Warning, Since: "0.1.0",
		Summary: "all attempts together keep a person waiting longer than people stay",
		Doc: lint.Doc{
			Why: "When the callee hangs, each attempt runs into its timeout and the pauses come on top. The p99 says " +
				"nothing of that day; the person has left long before the last attempt, and a reload starts them all " +
				"again.",
			Fix: "Give all attempts together a deadline (retry.within) that a person sits out, and share it among " +
				"them.",
			Bad: `service: shop
operations:
  - name: get-basket
    callee: basket
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 30ms, coupling: yes}
    audience: human
    timeout: 10s
    kind: query
    retry: {attempts: 4, backoff: 2s, jitter: yes}
`,
			Good: `service: shop
operations:
  - name: get-basket
    callee: basket
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 30ms, coupling: yes}
    audience: human
    timeout: 500ms
    kind: query
    retry: {attempts: 3, backoff: 100ms, jitter: yes}
`,
			Sources: []string{"nielsen", "sre"},
		},
		Reads:    []string{"mode", "audience", "timeout", "retry.attempts", "retry.backoff", "retry.within", "answers.latency"},
		Optional: []string{"answers.latency", "retry.backoff"},
		Params: []lint.Param{
			{Name: "attention", Doc: "how long a person may wait for all attempts", Unit: lint.Seconds, Default: 10},
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if !s.Works(decide.Sync) || s.Audience.Value != "human" || !s.Timeout.Set() || s.Retry.Attempts.Value < 2 {
				return
			}
			attention := time.Duration(p.Param("attention") * float64(time.Second))
			worst := allAttempts(s)
			// An operation that is as slow on a good day is sync-slow-call.
			if worst <= attention || s.Operation.Answers.Latency.Value > attention {
				return
			}
			p.Once(fmt.Sprintf("when %s hangs, a person waits longer than %s, after which the attention is gone", s.Callee.Or("the callee"), manifest.FormatDuration(attention))).
				Report(s.Retry.Attempts.Range, fmt.Sprintf("%q (%s of %s and the pauses: %s)", s.Name.Value, amountOf(float64(s.Retry.Attempts.Value), "attempt"),
					manifest.FormatDuration(s.Timeout.Value), span(worst)),
					"give all attempts together a deadline that a person sits out, and share it among them")
		},
	}
}

// allAttempts returns how long a caller can be busy with an operation: all attempts with
// their pauses, and no longer than retry.within allows.
func allAttempts(s *lint.Subject) time.Duration {
	total := graph.RetryTime(max(s.Retry.Attempts.Value, 1), s.Timeout.Value, s.Retry.Backoff.Value)
	if within := s.Retry.Within; within.Set() {
		return min(total, within.Value)
	}
	return total
}
