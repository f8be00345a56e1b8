package rules

import (
	"slices"
	"strings"
	"testing"

	"waitornot/decide/diag"
)

// inMode are the manifests that take the place of a bad one, whose fault is none in the mode.
var inMode = map[string]string{
	"mode-disagrees async": `service: shop
operations:
  - name: authorize-card
    callee: gateway
    mode: async
    answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}
`,
	"timeout-below-p99 hybrid": `service: shop
operations:
  - name: place-order
    callee: orders
    mode: hybrid
    timeout: 1s
    answers: {immediacy: yes, retryability: yes, latency: 20s, coupling: yes}
    reply: {accept_within: 2s}
`,
	"user-facing-async-no-notification async": `service: shop
operations:
  - name: export-orders
    callee: exporter
    mode: async
    audience: human
    answers: {retryability: yes, latency: 20s, coupling: yes}
    reply: {notify: none}
`,
}

// modesOf are the modes that the rules of a group are about, by their codes' first digit, and
// those of the rules that differ from their group.
var modesOf = map[string]string{
	"WN2": "sync", "WN3": "sync", "WN4": "async hybrid", "WN5": "async hybrid", "WN6": "sync",
	"mode-disagrees": "sync async hybrid", "needless-async": "async",
	"timeout-below-p99": "sync hybrid", "request-outlives-caller": "sync", "webhook-handler-too-slow": "sync",
	"hybrid-without-status-endpoint": "hybrid", "hybrid-without-idempotency-key": "hybrid", "hybrid-accept-unguarded": "hybrid",
	"async-but-caller-waits": "async",
}

// A rule finds the fault of its bad manifest in each mode that it is about, and nothing in the
// others.
func TestModes(t *testing.T) {
	for _, r := range All() {
		if r.Modes == 0 {
			continue
		}
		want := modesOf[r.Name]
		if want == "" {
			want = modesOf[r.Code[:3]]
		}
		for _, mode := range []string{"sync", "async", "hybrid"} {
			src := r.Doc.Bad
			if other := inMode[r.Name+" "+mode]; other != "" {
				src = other
			}
			for _, other := range []string{"sync", "async", "hybrid"} {
				src = strings.ReplaceAll(src, "mode: "+other, "mode: "+mode)
			}
			found := slices.ContainsFunc(run(t, src), func(f diag.Finding) bool { return f.Code == r.Code })
			if found != strings.Contains(" "+want+" ", " "+mode+" ") {
				t.Errorf("%s (%s) in mode %s: found %t", r.Name, r.Code, mode, found)
			}
		}
	}
}
