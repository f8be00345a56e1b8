package rules

import (
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// timeoutMissing finds waits without an end.
func timeoutMissing() *lint.Rule {
	return &lint.Rule{
		Code: "WN301", Name: "timeout-missing", Severity: diag.Error, Since: "0.1.0",
		Summary: "a remote call has no timeout",
		Doc: lint.Doc{
			Why: "By default, Go's HTTP client, Python requests, and axios wait forever; .NET's HttpClient waits 100 " +
				"seconds. One hanging callee then ties up every thread of its caller.",
			Fix: "Base the timeout on a measured percentile: the p99.9 if one false timeout in a thousand is " +
				"acceptable.",
			Bad: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
`,
			Good: `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}
    timeout: 2s
`,
			Sources: []string{"aws-rel05", "smells", "to-go", "to-py", "to-axios", "to-net"},
		},
		Reads: []string{"mode", "callee", "timeout", "boundary"},
		Modes: decide.SetOf(decide.Sync),
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if remote(s) && !s.Timeout.Set() {
				p.Once(client(s, "waits for")+" without a timeout, so if it hangs, the caller is stuck forever").
					Report(diag.Range{}, quote(s), "set a timeout a little above its p99.9, plus a circuit breaker if the call crosses to another team or company")
			}
		},
	}
}
