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
			Why: "The clients of Go, Python requests and axios wait forever by default, that of .NET for 100 seconds. " +
				"One callee that hangs then holds every thread of its caller.",
			Fix: "Set a timeout from a measured percentile: the p99.9 when one false timeout in a thousand is " +
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
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Works(decide.Sync) && remote(s) && !s.Timeout.Set() {
				p.Once(client(s, "waits for")+" without a timeout, so one hang there holds the caller forever").
					Report(diag.Range{}, quote(s), "give the client a timeout a little above its p99.9, and where it leaves the team a circuit breaker that counts them")
			}
		},
	}
}
