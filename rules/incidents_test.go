package rules

import (
	"slices"
	"strings"
	"testing"

	"waitornot/decide/diag"
)

// The facts before ten public incidents, as far as a manifest says them. Their causes are
// seen: the rule that each names, and of one whose cause is nothing that a manifest says,
// what spread it.
func TestIncidents(t *testing.T) {
	for _, test := range []struct {
		incident, cause, src string
		says                 string
	}{
		{"Kinesis, November 2020: a sign-in waited for usage data that it didn't need", "WN101", `service: cognito
operations:
  - {name: check-password, callee: user-store, mode: sync, kind: query, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 120ms, coupling: yes}}
  - {name: record-usage, callee: kinesis, mode: sync, kind: event, boundary: other-team, pool: 500, traffic: {peak: 5000/s}, timeout: 5s, answers: {immediacy: no, retryability: yes, latency: 40ms, coupling: yes}}
`, "record-usage"},
		{"Roblox, October 2021: discovery and telemetry waited for each other", "WN202", `service: discovery
operations:
  - {name: report-health, callee: telemetry, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: yes, latency: 50ms, coupling: yes}}
---
service: telemetry
operations:
  - {name: find-collector, callee: discovery, mode: sync, timeout: 500ms, answers: {immediacy: yes, retryability: yes, latency: 50ms, coupling: yes}}
`, "discovery → telemetry → discovery"},
		{"Slack, January 2021: two callees shared one pool, and a hang filled it", "WN316", `service: web
operations:
  - {name: load-channel, callee: channels, mode: sync, timeout: 30s, pool: 1500, pool_name: workers, traffic: {peak: 6000/s}, answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: yes}}
  - {name: load-user, callee: users, mode: sync, timeout: 30s, pool: 1500, pool_name: workers, traffic: {peak: 6000/s}, answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: yes}}
`, "all of the caller's 1,500 places (180,000 calls would be in flight)"},
		{"GitHub, August 2023: a queue took hours to empty", "WN407", `service: hooks
operations:
  - {name: deliver-webhook, callee: receivers, mode: async, traffic: {mean: 800/s, peak: 3000/s, burst: 1h, capacity: 1000/s}, delivery: {broker: rabbitmq, dead_letter: d, max_deliveries: 5, idempotency: key, complete_within: 5m, workers: 500}, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`, "needs 10h to drain its queue, longer than 5m"},
		{"DynamoDB, September 2015: storage servers asked for more than the metadata service could give", "WN311", `service: storage-server
operations:
  - {name: get-membership, callee: metadata, mode: sync, timeout: 1s, traffic: {peak: 5000/s, capacity: 600/s}, answers: {immediacy: yes, retryability: yes, latency: 950ms, coupling: yes}}
`, "receives 5,000/s at its peak, but metadata can only sustain 600/s"},
		{"Square, March 2017: 500 attempts of a call whose caller waited 2 s", "WN306", `service: point-of-sale
operations:
  - {name: authenticate, callee: multipass, mode: sync, timeout: 2s, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
---
service: multipass
operations:
  - {name: update-session, callee: redis, mode: sync, timeout: 1s, retry: {attempts: 500, backoff: 1ms, jitter: yes}, idempotent: yes, answers: {immediacy: yes, retryability: yes, latency: 5ms, coupling: yes}}
`, "500 attempts"},
		{"CircleCI, July 2015: a backlog outlived its builds", "WN407", `service: push-hooks
operations:
  - {name: enqueue-build, callee: build-queue, mode: hybrid, kind: job, freshness: 30m, traffic: {mean: 20/s, peak: 120/s, burst: 1h, capacity: 30/s}, delivery: {broker: main-db, dead_letter: d, max_deliveries: 5, idempotency: key}, reply: {notify: push, status: /builds, durable: yes}, answers: {immediacy: later, retryability: yes, latency: 5m, coupling: yes}}
`, "needs 9h to drain its queue, longer than 30m, after which it's useless"},
		{"Cloudflare, June 2025: a store promised more than what it waited for", "WN205", `service: access
journeys: [{name: log-in, steps: [read-session], slo: 99.99%}]
operations:
  - {name: read-session, callee: kv, mode: sync, kind: query, timeout: 1s, availability: 99.99%, answers: {immediacy: yes, retryability: no, latency: 30ms, coupling: yes}}
---
service: kv
operations:
  - {name: read-origin, callee: other-cloud, mode: sync, kind: query, timeout: 500ms, boundary: third-party, guards: [circuit-breaker], availability: 99.9%, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: yes}}
`, "is available at most 99.9% of"},
		{"webhooks of a shop: answered too late, and done twice", "WN308", `service: shop-platform
operations:
  - {name: order-paid, callee: app, mode: async, kind: event, writes: orders, idempotent: no, retry: {attempts: 19, backoff: 1s, jitter: yes}, answers: {immediacy: no, retryability: yes, latency: 8s, coupling: yes}}
`, "(19 attempts)"},
		{"five layers with three attempts each", "WN305", layersThatRetry(), "can become 243 calls"},
	} {
		found := run(t, test.src)
		at := slices.IndexFunc(found, func(f diag.Finding) bool { return f.Code == test.cause && strings.Contains(f.Message, test.says) })
		if at < 0 {
			t.Errorf("%s: no %s says %q, but %+v", test.incident, test.cause, test.says, found)
		}
	}
}

// layersThatRetry is a chain of five services with three attempts between each two.
func layersThatRetry() string {
	var b strings.Builder
	names := []string{"web", "api", "orders", "stock", "store", "db"}
	for i, name := range names[:5] {
		b.WriteString("---\nservice: " + name + "\noperations:\n  - {name: call, callee: " + names[i+1] +
			", mode: sync, timeout: 1s, retry: {attempts: 3, backoff: 10ms, jitter: yes}, answers: {immediacy: yes, retryability: yes, latency: 100ms, coupling: yes}}\n")
	}
	return b.String()
}

// When the answers say that nobody waits, what would guard or shorten the wait isn't said
// besides: going on without waiting ends it.
func TestNoEchoOfTheMode(t *testing.T) {
	const src = `service: shop
operations:
  - {name: note-visit, callee: metrics, mode: sync, kind: event, boundary: third-party, timeout: 30s, pool: 10, traffic: {peak: 100/s}, retry: {attempts: 2, within: 40s}, idempotent: yes, answers: {immediacy: IMMEDIACY, retryability: yes, latency: 200ms, coupling: yes}}
---
service: web
operations:
  - {name: open, callee: shop, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: no}}
`
	codes := func(immediacy string) []string {
		var list []string
		for _, f := range run(t, strings.Replace(src, "IMMEDIACY", immediacy, 1)) {
			list = append(list, f.Code)
		}
		slices.Sort(list)
		return list
	}
	if got, want := codes("yes"), []string{"WN302", "WN307", "WN309", "WN310", "WN316"}; !slices.Equal(got, want) {
		t.Errorf("needed now: %v, want %v", got, want)
	}
	if got, want := codes("no"), []string{"WN101"}; !slices.Equal(got, want) {
		t.Errorf("not needed: %v, want %v", got, want)
	}
}
