package rules

import (
	"strings"
	"testing"
)

// Rules speak of operations that give little: they find what holds anyway, or a strict run hears
// what they lack.
func TestLittleGiven(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ code, facts, says string }{
		{"WN301", "mode: sync", "without a timeout"},
		{"WN304", "mode: sync, platform: aws-api-gateway, answers: {latency: 40s}", "may take 40s"},
		{"WN312", "mode: sync, holds: transaction", "for as long as t takes"},
		{"WN310", "mode: sync, pool: 1, answers: {latency: 1s}", "missing traffic.peak"},
		{"WN316", "mode: sync, pool: 1, timeout: 1m, answers: {latency: 1s}", "missing traffic.peak"},
		{"WN401", "mode: async", "missing delivery (for"},
		{"WN402", "mode: async", "missing delivery (for"},
		{"WN403", "mode: async, answers: {retryability: no}", "missing delivery.max_deliveries"},
		{"WN404", "mode: async", "missing delivery.max_deliveries"},
		{"WN405", "mode: async", "missing delivery.queue_limit or delivery.ttl"},
		{"WN406", "mode: async, delivery: {workers: 1, processing: 1s}", "missing traffic.mean"},
		{"WN407", "mode: async, traffic: {mean: 9/s, capacity: 10/s}", "are busy 90% of the time"},
		{"WN409", "mode: async, freshness: 1m", "missing delivery.ttl"},
		{"WN425", "mode: async, critical: yes", "missing delivery.lag_alarm"},
		{"WN421", "mode: async, critical: yes, loss_ok: yes", "loss_ok says it may be lost"},
		{"WN501", "mode: hybrid", "missing reply (for"},
		{"WN502", "mode: async, audience: human, answers: {retryability: yes}", "missing reply.notify"},
		{"WN504", "mode: hybrid", "missing reply.durable"},
		{"WN508", "mode: hybrid", "missing reply.accept_within"},
		{"WN507", "mode: async", "missing critical"},
		{"WN507", "mode: async, critical: yes", "missing delivery (for"},
	} {
		var says []string
		for _, f := range runStrict(t, "service: s\noperations:\n- {name: o, callee: t, "+tt.facts+"}\n", ruleOf(t, tt.code)) {
			says = append(says, f.Message)
		}
		if all := strings.Join(says, "\n"); !strings.Contains(all, tt.says) {
			t.Errorf("%s of %s says %q, want %q", tt.code, tt.facts, all, tt.says)
		}
	}
}
