package rules

import (
	"slices"
	"testing"

	"waitornot/decide/diag"
)

// Manifests of systems that exist, each with the facts of one fault or of one false
// finding.
func TestRealSystems(t *testing.T) {
	const rest = ", answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}"
	for _, test := range []struct {
		name, src, code string
		severity        diag.Severity // 0 and absent: the rule is silent
		found           bool
	}{
		{name: "a message may lead to a call as well as a request", code: "WN302", src: `service: orders
operations:
  - {name: validate-card, callee: payment, mode: sync, kind: query, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
---
service: delivery
operations:
  - {name: delivered, callee: payment, mode: async, kind: event, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
---
service: payment
operations:
  - {name: capture, callee: bank, mode: sync, timeout: 30s, answers: {immediacy: yes, retryability: yes, latency: 3s, coupling: no}}
`},
		{name: "retries on both sides of such a service", code: "WN305", severity: diag.Warning, found: true, src: `service: orders
operations:
  - {name: validate-card, callee: payment, mode: sync, kind: query, timeout: 1s, retry: {attempts: 4}, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
---
service: delivery
operations:
  - {name: delivered, callee: payment, mode: async, kind: event, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
---
service: payment
operations:
  - {name: capture, callee: bank, mode: sync, timeout: 30s, retry: {attempts: 5}, answers: {immediacy: yes, retryability: yes, latency: 3s, coupling: no}}
`},
		{name: "an outgoing webhook", code: "WN506", src: `service: webhooks
operations:
  - {name: post-to-subscriber, callee: subscriber, mode: sync, kind: event, boundary: third-party, timeout: 10s, answers: {immediacy: yes, retryability: yes, latency: 3s, coupling: yes}}
`},
		{name: "a fast step that gains nothing from a queue", code: "WN208", src: `service: checkout
journeys: [{name: order, steps: [empty-cart]}]
operations:
  - {name: empty-cart, callee: cart, mode: sync, kind: command, timeout: 1s, critical: no, answers: {immediacy: no, retryability: no, latency: 20ms, coupling: no}}
`},
		{name: "a step whose mode disagrees is told once", code: "WN208", src: `service: checkout
journeys: [{name: order, steps: [mail]}]
operations:
  - {name: mail, callee: mailer, mode: sync, timeout: 5s, critical: no` + rest + `}
`},
		{name: "a wait of 22 s that nobody can be spared", code: "WN209", severity: diag.Warning, found: true, src: `service: chat
operations:
  - {name: answer, callee: model, mode: sync, audience: human, timeout: 30s, answers: {immediacy: yes, retryability: no, latency: 22s, coupling: no}}
`},
		{name: "a poller of 200 ms", code: "WN210", src: `service: worker
operations:
  - {name: find-due, callee: db, mode: sync, kind: job, audience: nobody, timeout: 5s, answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: no}}
`},
		{name: "two different events", code: "WN207", src: `service: shop
operations:
  - {name: order-placed, callee: stock, mode: sync, kind: event, publishes: order-placed, timeout: 1s, answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}}
  - {name: price-changed, callee: search, mode: sync, kind: event, publishes: price-changed, timeout: 1s, answers: {immediacy: yes, retryability: yes, latency: 80ms, coupling: yes}}
`},
		{name: "a request with a reply over core NATS", code: "WN211", src: `service: shop
brokers: [{name: bus, kind: nats}]
operations:
  - {name: price, callee: pricing, mode: sync, timeout: 1s, delivery: {broker: bus}, answers: {immediacy: yes, retryability: no, latency: 80ms, coupling: no}}
`},
		{name: "pauses between attempts count", code: "WN306", severity: diag.Error, found: true, src: `operations:
  - {name: price, caller: web, callee: shop, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
  - {name: read, caller: shop, callee: stock, mode: sync, kind: query, timeout: 300ms, retry: {attempts: 3, backoff: 500ms, jitter: yes}, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
`},
		{name: "attempts behind a gateway", code: "WN304", severity: diag.Error, found: true, src: `service: shop
platform: aws-api-gateway
operations:
  - {name: read, callee: stock, mode: sync, kind: query, timeout: 20s, retry: {attempts: 3, jitter: yes}, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
`},
		{name: "delivered once, and sent twice", code: "WN402", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, max_deliveries: 1}` + rest + `}
`},
		{name: "SQS without a limit", code: "WN404", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, loss_ok: yes, delivery: {broker: sqs, idempotency: key}` + rest + `}
`},
		{name: "a redrive policy has a limit", code: "WN404", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, idempotency: key}` + rest + `}
`},
		{name: "a lock as long as the p99", code: "WN408", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, idempotency: key, processing: 30s, visibility: 30s}` + rest + `}
`},
		{name: "a lock with little margin", code: "WN408", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, idempotency: key, processing: 30s, visibility: 59s}` + rest + `}
`},
		{name: "a lock of twice the p99", code: "WN408", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, idempotency: key, processing: 30s, visibility: 1m}` + rest + `}
`},
		{name: "no dead-letter queue is said once", code: "WN507", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, critical: yes, delivery: {broker: rabbitmq, max_deliveries: 5, idempotency: key}` + rest + `}
`},
		{name: "a mailed export needs a status page less", code: "WN501", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: export, callee: exporter, mode: hybrid, idempotent: yes, reply: {notify: email, durable: yes}, answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}}
`},
		{name: "repeats that an inbox recognizes", code: "WN403", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: pay, callee: bank, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, max_deliveries: 5, idempotency: inbox}, answers: {immediacy: no, retryability: no, latency: 2s, coupling: yes}}
`},
		{name: "a stream has no dead-letter queue of its own", code: "WN401", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: track, callee: analytics, mode: async, delivery: {broker: kafka, type: stream, max_deliveries: 5, idempotency: key}` + rest + `}
`},
		{name: "a callee that never catches up", code: "WN311", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: read, callee: stock, mode: sync, timeout: 1s, guards: [load-shedding], traffic: {mean: 300/s, capacity: 300/s}, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: no}}
`},
		{name: "a peak that the callee just sustains", code: "WN311", src: `service: shop
operations:
  - {name: read, callee: stock, mode: sync, timeout: 1s, traffic: {mean: 100/s, peak: 300/s, capacity: 300/s}, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: no}}
`},
		{name: "a misspelled compensation", code: "WN419", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: reserve, callee: stock, mode: sync, timeout: 1s, compensation: relase-stok, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
  - {name: release-stock, callee: stock, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
`},
		{name: "a compensation of a service that wasn't read", code: "WN419", src: `service: shop
operations:
  - {name: reserve, callee: stock, mode: sync, timeout: 1s, compensation: stock/release, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			all := run(t, test.src)
			at := slices.IndexFunc(all, func(f diag.Finding) bool { return f.Code == test.code })
			if (at >= 0) != test.found {
				t.Fatalf("%s found: %v, want %v; all: %+v", test.code, at >= 0, test.found, all)
			}
			if at >= 0 && all[at].Severity != test.severity {
				t.Errorf("%s is %v, want %v", test.code, all[at].Severity, test.severity)
			}
		})
	}
}
