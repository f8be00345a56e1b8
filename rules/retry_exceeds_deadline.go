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
			Why: "The last attempts run when nobody waits for them anymore. They only add load while the callee is " +
				"struggling.",
			Fix: "Make fewer attempts, or give each one less time: all attempts and the pauses between them must fit within the caller's own timeout.",
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
			below := repeatedBelow(g)
			innerCalls(g, func(id graph.OperationID, each, limit time.Duration, outer graph.OperationID) {
				o := g.Operation(id)
				total, tooMany := outlasts(o, each, limit)
				if !tooMany || below()[id] {
					return
				}
				reportOperation(p, g, id, graph.FactAttempts,
					fmt.Sprintf("%s of %q and the pauses between them take up to %s, but nobody waits longer than %s for %s", amountOf(float64(o.Attempts()), "attempt"), o.Name, span(total),
						manifest.FormatDuration(limit), serviceName(g, o.Caller)),
					"make fewer attempts, or give each one less time",
					related(g, outer, graph.FactTimeout, "this is the longest timeout among its callers"))
			})
		},
	}
}

// outlasts returns how long all attempts take with the pauses between them, and whether the
// caller's own caller, who waits for limit, has gone by then. An attempt that outlasts it alone
// is timeout-inversion.
func outlasts(o *graph.Operation, each, limit time.Duration) (total time.Duration, tooMany bool) {
	total = graph.RetryTime(o.Attempts(), each, o.Backoff())
	if o.Rates != nil && o.Rates.Within > 0 {
		total = min(total, o.Rates.Within)
	}
	return total, o.Attempts() > 1 && each < limit && total > limit
}
