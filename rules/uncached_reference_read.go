package rules

import (
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// uncachedReferenceRead finds reads of data that could be kept.
func uncachedReferenceRead() *lint.Rule {
	return &lint.Rule{
		Code: "WN212", Name: "uncached-reference-read", Severity: diag.Info, Since: "0.1.0", Strict: true,
		Summary: "a caller keeps waiting for data that it could keep a copy of",
		Doc: lint.Doc{
			Why: "A copy refreshed by events answers right away and survives an outage of the data's owner. Chains of " +
				"calls for reference data are how one slow service becomes everyone's problem.",
			Fix: "Keep a copy that's refreshed by the owner's events, or cache the response.",
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
		Modes: decide.SetOf(decide.Sync),
		Given: manifest.GivenCacheable,
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if remote(s) && s.Kind.Value == "query" && s.Cacheable.Value && !guarded(s, decide.GuardCache) {
				p.Once(client(s, "asks")+" every time for data that it could keep a copy of").
					Report(s.Cacheable.Range, quote(s), "keep a copy that's refreshed by the owner's events, or cache the response")
			}
		},
	}
}
