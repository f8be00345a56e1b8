package rules

import (
	"fmt"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// retryWithoutJitter finds retries that march in lockstep.
func retryWithoutJitter() *lint.Rule {
	return &lint.Rule{
		Code: "WN307", Name: "retry-without-jitter", Severity: diag.Warning, Since: "0.1.0",
		Summary: "retries have no random pause between attempts",
		Doc: lint.Doc{
			Why: "Callers that failed together retry together, and hit the recovering callee all at the same time.",
			Fix: "Use exponential backoff with full jitter, once, in the client.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 1s
    kind: query
    retry: {attempts: 3, backoff: 100ms}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 1s
    kind: query
    retry: {attempts: 3, backoff: 100ms, jitter: yes}
`,
			Sources: []string{"aws-rel05", "sre"},
		},
		Reads: []string{"retry.attempts", "retry.backoff", "retry.jitter", "delivery.broker"},
		Given: manifest.GivenRetry,
		Void: func(g *graph.Graph) func(graph.OperationID) bool {
			below := repeatedBelow(g)
			return func(id graph.OperationID) bool { return toldByMode(g, id) || below()[id] }
		},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			var lacks, fix string
			switch backoff, jitter := s.Retry.Backoff.Set(), s.Retry.Jitter.Value; {
			case s.Retry.Attempts.Value <= 1, backoff && jitter, engine(s):
				return
			case jitter:
				lacks, fix = "backoff", "wait longer before each attempt"
			case backoff:
				lacks, fix = "jitter", "randomize the pause (full jitter)"
			default:
				lacks, fix = "backoff and jitter", "wait longer before each attempt, and randomize the pause"
			}
			p.Once(whoRepeats(s)+" in lockstep, so callers that failed together retry together").
				Report(s.Retry.Attempts.Range, fmt.Sprintf("%q (%s without %s)", s.Name.Value, amountOf(float64(s.Retry.Attempts.Value), "attempt"), lacks), fix)
		},
	}
}

// whoRepeats names who repeats whose calls: one client, or the whole service where its
// defaults say how.
func whoRepeats(s *lint.Subject) string {
	if byDefault(s, s.Retry.Attempts.Range) {
		return caller(s.From()) + " retries failed calls"
	}
	return client(s, "retries failed calls to")
}

// byDefault reports whether a number of attempts is the one of the document's defaults, which
// is written once for all that its service calls.
func byDefault(s *lint.Subject, at diag.Range) bool {
	d := s.Document.Defaults
	return d != nil && at.IsValid() && d.Retry.Attempts.Range == at
}
