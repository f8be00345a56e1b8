package rules

import (
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// uncachedReferenceRead finds reads of data that could be kept.
func uncachedReferenceRead() *lint.Rule {
	return &lint.Rule{
		Code: "WN212", Name: "uncached-reference-read", Severity: diag.Info, Since: "0.1.0", Strict: true,
		Summary: "a caller waits again and again for data that it could keep",
		Doc: lint.Doc{
			Why: "A copy that is refreshed by events answers at once and survives the outage of its owner. Chains of " +
				"calls for reference data are how one slow service becomes everybody's.",
			Fix: "Keep a copy that the owner's events refresh, or cache the answer.",
			Bad: `service: shop
operations:
  - name: read-price
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 40ms, coupling: yes}
    kind: query
    cacheable: yes
    timeout: 300ms
`,
			Good: `service: shop
operations:
  - name: read-price
    callee: catalogue
    mode: sync
    answers: {immediacy: yes, retryability: no, latency: 40ms, coupling: yes}
    kind: query
    cacheable: yes
    timeout: 300ms
    guards: [cache]
`,
			Sources: []string{"net-comm"},
		},
		Reads: []string{"mode", "kind", "cacheable", "boundary", "guards", "callee"},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Works(decide.Sync) && remote(s) && s.Kind.Value == "query" && s.Cacheable.Value && !guarded(s, "cache") {
				p.Once(client(s, "asks")+" each time for data that it may keep").
					Report(s.Cacheable.Range, quote(s), "keep a copy that the owner's events refresh, or cache the answer")
			}
		},
	}
}
