package rules

import (
	"fmt"
	"time"

	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// retryExceedsDeadline finds attempts for which nobody waits.
func retryExceedsDeadline() *lint.Rule {
	return &lint.Rule{
		Code: "WN306", Name: "retry-exceeds-deadline", Severity: diag.Error, Since: "0.1.0",
		Summary: "all attempts together take longer than the caller waits",
		Doc: lint.Doc{
			Why: "The last attempts run when nobody waits for them any more. They only add load while the callee is in " +
				"trouble.",
			Fix: "Make fewer attempts or give each less time: all attempts and the pauses between them must fit into the caller's own timeout.",
			Bad: `operations:
  - name: price
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 600ms
    kind: query
    retry: {attempts: 3, backoff: 10ms, jitter: yes}
`,
			Good: `operations:
  - name: price
    caller: web
    callee: shop
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 1s
  - name: read-stock
    caller: shop
    callee: stock
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}
    timeout: 300ms
    kind: query
    retry: {attempts: 3, backoff: 10ms, jitter: yes}
`,
			Sources: []string{"az-tf", "az-retry"},
		},
		Reads:    []string{"retry.attempts", "retry.backoff", "retry.within", "timeout", "mode", "caller", "callee", "after"},
		Optional: []string{"mode", "caller", "callee", "retry.backoff"},
		Graph: func(p *lint.Pass, g *graph.Graph) {
			innerCalls(g, func(id graph.OperationID, each, limit time.Duration, outer graph.OperationID) {
				o := g.Operation(id)
				total := graph.RetryTime(o.Attempts(), each, o.Backoff())
				if o.Rates != nil && o.Rates.Within > 0 {
					total = min(total, o.Rates.Within)
				}
				// An attempt that outlasts the caller alone is timeout-inversion.
				if o.Attempts() < 2 || each >= limit || total <= limit {
					return
				}
				reportOperation(p, g, id, graph.FactAttempts,
					fmt.Sprintf("%s of %q and the pauses between them take up to %s, but nobody waits longer than %s for %s", amountOf(float64(o.Attempts()), "attempt"), o.Name, span(total),
						manifest.FormatDuration(limit), serviceName(g, o.Caller)),
					"make fewer attempts, or give each less time",
					related(g, outer, graph.FactTimeout, "the most patient caller waits this long"))
			})
		},
	}
}
