package rules

import (
	"strings"
	"testing"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// ruleOf returns the rule with a code.
func ruleOf(t *testing.T, code string) *lint.Rule {
	t.Helper()
	for _, r := range All() {
		if r.Code == code {
			return r
		}
	}
	t.Fatalf("no rule %s", code)
	return nil
}

// A rule that has more than one thing to say says each, from its limit on, and no sooner: what
// its example doesn't show.
func TestEveryWayToSpeak(t *testing.T) {
	t.Parallel()
	const (
		call  = "mode: sync, timeout: 2s, answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}, "
		queue = "mode: async, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}, "
		late  = "mode: async, answers: {immediacy: no, retryability: too-late, latency: 2s, coupling: yes}, "
		seen  = "source: traces, from: 2025-01-01, calls: 12345, waited: 100%"
	)
	for _, tt := range []struct {
		code, facts string
		severity    diag.Severity // 0 when the rule has nothing to say
		says        string
	}{
		{"WN609", call + "evidence: {" + seen + ", to: 2025-10-02, p99: 400ms}", diag.Info, "is 91 days old, more than 90"},
		{"WN609", call + "evidence: {" + seen + ", to: 2025-10-03, p99: 400ms}", 0, ""},
		{"WN604", call + "evidence: {" + seen + ", to: 2025-12-31, p99: 4001ms}", diag.Warning, "its p99 was 4.001s over 12,345 calls: the timeout isn't enforced"},
		{"WN604", call + "evidence: {" + seen + ", to: 2025-12-31, p99: 4s}", 0, ""},
		{"WN604", call + "evidence: {" + seen + ", to: 2025-12-31, p99: 400ms, timed_out: 1%}", diag.Warning, "1% of the attempts of \"o\" hit their timeout of 2s"},
		{"WN604", call + "evidence: {" + seen + ", to: 2025-12-31, p99: 400ms, timed_out: 0.9%}", 0, ""},
		{"WN406", queue + "traffic: {mean: 20/s}, delivery: {workers: 2, processing: 100ms}", diag.Warning, "can only handle 20/s, so its queue only grows if every message takes its p99"},
		{"WN406", queue + "traffic: {mean: 19.9/s}, delivery: {workers: 2, processing: 100ms}", 0, ""},
		{"WN406", queue + "traffic: {mean: 20/s, capacity: 20/s}", diag.Error, "can only handle 20/s, so its queue only grows"},
		{"WN403", late + "delivery: {max_deliveries: 5}", diag.Warning, "is useless later, but it's delivered up to 5 times and never expires"},
		{"WN403", late + "delivery: {max_deliveries: 5, ttl: 1m}", 0, ""},
		{"WN403", late + "delivery: {max_deliveries: 1}", 0, ""},
	} {
		found := runRules(t, "service: s\noperations:\n- {name: o, callee: t, "+tt.facts+"}\n", ruleOf(t, tt.code))
		switch {
		case tt.severity == 0 && len(found) == 0:
		case len(found) != 1 || found[0].Code != tt.code || found[0].Severity != tt.severity || !strings.Contains(found[0].Message, tt.says):
			t.Errorf("%s of %s: %v, want %s: %q", tt.code, tt.facts, found, tt.severity, tt.says)
		}
	}
}
