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
		Summary: "all attempts together keep users waiting longer than they stay",
		Doc: lint.Doc{
			Why: "When the callee hangs, each attempt runs into its timeout, plus the pauses in between. The p99 tells " +
				"you nothing about such a day. Users leave long before the last attempt, and a page reload starts all " +
				"the attempts over.",
			Fix: "Give all attempts together a deadline that users will sit through (retry.within), and divide it " +
				"among them.",
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
		Modes:    decide.SetOf(decide.Sync),
		Given:    manifest.GivenTimeout | manifest.GivenRetry,
		Params: []lint.Param{
			{Name: "attention", Doc: "how long a user may wait for all attempts", Unit: lint.Seconds, Default: 10},
		},
		// Attempts for which nobody waits are told by retry-exceeds-deadline, and those in a
		// row of layers by retry-storm.
		Void: func(g *graph.Graph) func(graph.OperationID) bool {
			below, late := repeatedBelow(g), map[graph.OperationID]bool{}
			innerCalls(g, func(id graph.OperationID, each, limit time.Duration, _ graph.OperationID) {
				if _, tooMany := outlasts(g.Operation(id), each, limit); tooMany {
					late[id] = true
				}
			})
			return func(id graph.OperationID) bool { return late[id] || below()[id] }
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Audience.Value != "human" || s.Retry.Attempts.Value < 2 {
				return
			}
			attention := time.Duration(p.Param("attention") * float64(time.Second))
			worst := allAttempts(s)
			// An operation that is as slow on a good day is sync-slow-call.
			if worst <= attention || s.Operation.Answers.Latency.Value > attention {
				return
			}
			hangs := s.Callee.Or("the callee")
			if byDefault(s, s.Retry.Attempts.Range) {
				hangs = "what " + caller(s.From()) + " calls"
			}
			p.Stating(s.Timeout.Range, s.Retry.Attempts.Range).Once(fmt.Sprintf("when %s hangs, users wait longer than %s, and by then you've lost their attention", hangs, manifest.FormatDuration(attention))).
				Report(s.Retry.Attempts.Range, fmt.Sprintf("%q (%s of %s and the pauses: %s)", s.Name.Value, amountOf(float64(s.Retry.Attempts.Value), "attempt"),
					manifest.FormatDuration(s.Timeout.Value), span(worst)),
					"give all attempts together a deadline that users will sit through (retry.within), and divide it among them")
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
