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
		{name: "retries on both sides of such a service", code: "WN305", src: `service: orders
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
		{name: "what is written behind a queue is read too soon", code: "WN420", severity: diag.Warning, found: true, src: `service: gateway
operations:
  - {name: create, callee: writer, mode: async, delivery: {broker: kafka, dead_letter: dlq, idempotency: key}` + rest + `}
  - {name: get, callee: reader, mode: sync, kind: query, timeout: 1s, reads: products, answers: {immediacy: yes, retryability: yes, latency: 100ms, coupling: yes}}
---
service: writer
operations:
  - {name: store, callee: db, mode: sync, timeout: 1s, writes: products, answers: {immediacy: yes, retryability: yes, latency: 50ms, coupling: no}}
---
service: web
journeys:
  - {name: add-and-look, steps: [gateway/create, writer/store, gateway/get]}
`},
		{name: "what the caller waits for is there when it is read", code: "WN420", src: `service: gateway
operations:
  - {name: create, callee: writer, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: yes, latency: 100ms, coupling: yes}}
  - {name: get, callee: reader, mode: sync, kind: query, timeout: 1s, reads: products, answers: {immediacy: yes, retryability: yes, latency: 100ms, coupling: yes}}
---
service: writer
operations:
  - {name: store, callee: db, mode: sync, timeout: 1s, writes: products, answers: {immediacy: yes, retryability: yes, latency: 50ms, coupling: no}}
---
service: web
journeys:
  - {name: add-and-look, steps: [gateway/create, writer/store, gateway/get]}
`},
		{name: "what an ordered message blocks is ordered-poison", code: "WN401", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: kafka, type: stream, ordering: key, idempotency: key}` + rest + `}
`},
		{name: "an ordered message blocks those with its key", code: "WN428", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: kafka, type: stream, ordering: key, idempotency: key}` + rest + `}
`},
		{name: "ordered messages that the broker gives up need a dead-letter queue", code: "WN401", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: rabbitmq, ordering: key, idempotency: key}` + rest + `}
`},
		{name: "without a dead-letter queue there is no limit either", code: "WN404", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: kafka, idempotency: key}` + rest + `}
`},
		{name: "a limit of JetStream is another matter than where messages go", code: "WN404", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: JetStream, idempotency: key}` + rest + `}
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
		{name: "retries on a path that no request takes", code: "WN305", src: pathThatNobodyTakes},
		{name: "timeouts on a path that no request takes", code: "WN302", src: pathThatNobodyTakes},
		{name: "an outgoing webhook with all its facts", code: "WN506", src: `service: webhooks
operations:
  - {name: post-to-subscriber, callee: subscriber, mode: sync, kind: event, boundary: third-party, timeout: 10s, guards: [circuit-breaker], answers: {immediacy: yes, retryability: yes, latency: 3s, coupling: yes}}
`},
		{name: "a step that gains nothing from a queue", code: "WN208", src: `service: checkout
journeys: [{name: order, steps: [empty-cart]}]
operations:
  - {name: empty-cart, callee: cart, mode: sync, kind: command, timeout: 1s, boundary: own-team, critical: no, idempotent: yes, answers: {immediacy: no, retryability: no, latency: 20ms, coupling: no}}
`},
		{name: "a query is sent to no queue", code: "WN101", src: `service: booking
operations:
  - {name: read-user, callee: users, mode: sync, kind: query, timeout: 1s, boundary: own-team, answers: {immediacy: no, retryability: yes, latency: 50ms, coupling: yes}}
`},
		{name: "a saga step is async or hybrid", code: "WN101", src: `service: ordering
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: check-stock, callee: catalog, mode: async, kind: event, answers: {immediacy: later, retryability: yes, latency: 200ms, coupling: yes}, delivery: {broker: bus, dead_letter: d1, max_deliveries: 5, idempotency: key, queue_limit: 9, correlation: yes}}
  - {name: charge-order, callee: payment, mode: async, kind: event, answers: {immediacy: later, retryability: yes, latency: 2s, coupling: yes}, delivery: {broker: bus, dead_letter: d2, max_deliveries: 5, idempotency: key, queue_limit: 9, correlation: yes}}
---
service: catalog
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: stock-checked, callee: ordering, mode: async, kind: event, answers: {immediacy: later, retryability: yes, latency: 150ms, coupling: yes}, delivery: {broker: bus, dead_letter: d3, max_deliveries: 5, idempotency: key, queue_limit: 9, correlation: yes}}
`},
		{name: "the reply of a saga is no ring", code: "WN416", src: `service: ordering
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: check-stock, callee: catalog, mode: async, kind: event, answers: {immediacy: later, retryability: yes, latency: 200ms, coupling: yes}, delivery: {broker: bus, dead_letter: d1, max_deliveries: 5, idempotency: key, queue_limit: 9, correlation: yes}}
  - {name: charge-order, callee: payment, mode: async, kind: event, answers: {immediacy: later, retryability: yes, latency: 2s, coupling: yes}, delivery: {broker: bus, dead_letter: d2, max_deliveries: 5, idempotency: key, queue_limit: 9, correlation: yes}}
---
service: catalog
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: stock-checked, callee: ordering, mode: async, kind: event, answers: {immediacy: later, retryability: yes, latency: 150ms, coupling: yes}, delivery: {broker: bus, dead_letter: d3, max_deliveries: 5, idempotency: key, queue_limit: 9, correlation: yes}}
`},
		{name: "an outer p99 below the inner one", code: "WN215", severity: diag.Warning, found: true, src: `service: front
operations:
  - {name: buy, callee: shop, mode: sync, timeout: 9s, boundary: own-team, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
journeys:
  - {name: buy, steps: [buy, shop/mail]}
---
service: shop
operations:
  - {name: mail, callee: mailer, mode: sync, timeout: 8s, boundary: own-team, answers: {immediacy: yes, retryability: no, latency: 5s, coupling: no}}
`},
		{name: "critical work whose first failure is final", code: "WN421", severity: diag.Warning, found: true, src: `service: shop
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: remove-stock, callee: catalog, mode: async, kind: event, critical: yes, answers: {immediacy: no, retryability: yes, latency: 100ms, coupling: yes}, delivery: {broker: bus, dead_letter: dlq, alarm: yes, max_deliveries: 1, idempotency: none, queue_limit: 1000, correlation: yes, outbox: yes}}
`},
		{name: "critical work that is done twice after a crash", code: "WN402", severity: diag.Error, found: true, src: `service: shop
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: remove-stock, callee: catalog, mode: async, kind: event, critical: yes, answers: {immediacy: no, retryability: yes, latency: 100ms, coupling: yes}, delivery: {broker: bus, dead_letter: dlq, alarm: yes, max_deliveries: 1, idempotency: none, queue_limit: 1000, correlation: yes, outbox: yes}}
`},
		{name: "a compensation that is no operation", code: "WN419", severity: diag.Warning, found: true, src: `service: shop
journeys: [{name: o, steps: [reserve, charge]}]
operations:
  - {name: reserve, callee: stock, mode: sync, kind: command, timeout: 1s, boundary: own-team, compensation: relase-stok, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
  - {name: charge, callee: bank, mode: sync, kind: command, timeout: 1s, boundary: own-team, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
`},
		{name: "reading the store of another service", code: "WN216", severity: diag.Warning, found: true, src: `service: ordering
owner: orders
operations:
  - {name: store, callee: ordering-db, mode: sync, kind: command, timeout: 1s, boundary: own-team, writes: ordering-db, answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: no}}
---
service: order-processor
owner: jobs
operations:
  - {name: find-due, callee: ordering-db, mode: sync, kind: query, timeout: 5s, boundary: own-team, answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: yes}}
`},
		{name: "a person waits 46 s", code: "WN314", severity: diag.Warning, found: true, src: `service: webapp
operations:
  - {name: get-basket, callee: basket, mode: sync, kind: query, audience: human, boundary: own-team, timeout: 10s, retry: {attempts: 4, backoff: 2s, jitter: yes}, answers: {immediacy: yes, retryability: no, latency: 30ms, coupling: yes}}
`},
		{name: "a poller is no batch", code: "WN210", src: `service: worker
operations:
  - {name: find-due, callee: db, mode: sync, kind: job, audience: nobody, timeout: 5s, boundary: own-team, answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: no}}
  - {name: mail-invoice, callee: smtp, mode: sync, kind: command, audience: nobody, timeout: 5s, boundary: own-team, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`},
		{name: "a worker may wait for the mail that it sends", code: "WN101", src: `service: worker
operations:
  - {name: find-due, callee: db, mode: sync, kind: job, audience: nobody, timeout: 5s, boundary: own-team, answers: {immediacy: yes, retryability: yes, latency: 200ms, coupling: no}}
  - {name: mail-invoice, callee: smtp, mode: sync, kind: command, audience: nobody, timeout: 5s, boundary: own-team, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`},
		{name: "an acknowledgment that is cut off", code: "WN303", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: export, callee: exporter, mode: hybrid, idempotent: yes, timeout: 100ms, reply: {status: /x, notify: email, durable: yes, accept_within: 300ms}, answers: {immediacy: later, retryability: yes, latency: 40s, coupling: no}}
`},
		{name: "after says which request leads to a call", code: "WN302", severity: diag.Warning, found: true, src: `service: web
operations:
  - {name: pay, callee: payment, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: no}}
---
service: delivery
operations:
  - {name: delivered, callee: payment, mode: async, kind: event, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
---
service: payment
operations:
  - {name: charge, callee: bank, mode: sync, timeout: 30s, after: [web/pay], answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
`},
		{name: "after says that a message leads to a call", code: "WN302", src: `service: web
operations:
  - {name: pay, callee: payment, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: no}}
---
service: delivery
operations:
  - {name: delivered, callee: payment, mode: async, kind: event, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
---
service: payment
operations:
  - {name: charge, callee: bank, mode: sync, timeout: 30s, after: [delivery/delivered], answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
`},
		{name: "workers of one of two queues", code: "WN427", severity: diag.Warning, found: true, src: `operations:
  - {name: place-order, caller: shop, callee: orders, mode: async, delivery: {broker: rabbitmq, dead_letter: d, idempotency: key, workers: 50, processing: 500ms}, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
  - {name: read-order, caller: web, callee: orders, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: no}}
  - {name: book-stock, caller: orders, callee: stock, mode: sync, timeout: 500ms, after: [place-order], traffic: {capacity: 20/s}, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: no}}
`},
		{name: "a followed call slower than its journey's step", code: "WN215", severity: diag.Warning, found: true, src: `service: web
journeys: [{name: buy, steps: [buy]}]
operations:
  - {name: buy, callee: shop, mode: sync, timeout: 9s, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
---
service: shop
operations:
  - {name: mail, callee: mailer, mode: sync, timeout: 8s, after: [web/buy], answers: {immediacy: yes, retryability: no, latency: 5s, coupling: no}}
`},
		{name: "a database and its search index", code: "WN413", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: save, callee: catalogue, mode: sync, kind: command, timeout: 1s, writes: products-db, also_writes: search-index, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
`},
		{name: "a search index that a relay keeps up", code: "WN413", src: `service: shop
operations:
  - {name: save, callee: catalogue, mode: sync, kind: command, timeout: 1s, writes: products-db, also_writes: search-index, delivery: {outbox: yes}, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
`},
		{name: "a verb that names no gate", code: "WN104", src: `service: shop
operations:
  - {name: verify-email, callee: mailer, mode: sync, kind: command, timeout: 1s, answers: {immediacy: yes, retryability: yes, latency: 100ms, coupling: no}}
`},
		{name: "two services of one owner write a store", code: "WN213", severity: diag.Info, found: true, src: `service: orders
owner: sales
operations:
  - {name: store, callee: db, mode: sync, kind: command, timeout: 1s, writes: db, answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: no}}
---
service: refunds
owner: sales
operations:
  - {name: mark, callee: db, mode: sync, kind: command, timeout: 1s, writes: db, answers: {immediacy: yes, retryability: no, latency: 50ms, coupling: no}}
`},
		{name: "a gateway whose limit is raised", code: "WN304", src: `service: shop
platform: aws-api-gateway
platform_timeout: 90s
operations:
  - {name: read, callee: stock, mode: sync, kind: query, timeout: 60s, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
`},
		{name: "all attempts together have a deadline", code: "WN304", src: `service: shop
platform: aws-api-gateway
operations:
  - {name: read, callee: stock, mode: sync, kind: query, timeout: 20s, retry: {attempts: 3, jitter: yes, within: 25s}, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
`},
		{name: "a repeat after a refusal only", code: "WN308", src: `service: shop
operations:
  - {name: book, callee: hotel, mode: sync, kind: command, timeout: 2s, retry: {attempts: 3, backoff: 1s, jitter: yes, on: [throttled, unavailable]}, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
`},
		{name: "a repeat after a timeout, too", code: "WN308", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: book, callee: hotel, mode: sync, kind: command, timeout: 2s, retry: {attempts: 3, backoff: 1s, jitter: yes, on: [throttled, timeout]}, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: yes}}
`},
		{name: "an engine paces the attempts", code: "WN307", src: `service: shop
operations:
  - {name: book, callee: hotel, mode: async, kind: command, idempotent: yes, retry: {attempts: 3}, delivery: {broker: temporal}, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`},
		{name: "an engine keeps what fails", code: "WN401", src: `service: shop
operations:
  - {name: book, callee: hotel, mode: async, kind: command, idempotent: yes, delivery: {broker: step-functions}, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`},
		{name: "MQTT has no dead-letter queue", code: "WN401", src: `service: meter
operations:
  - {name: report, callee: platform, mode: async, kind: event, delivery: {broker: mqtt, idempotency: key}, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`},
		{name: "a record of a stream blocks the rest by default", code: "WN404", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: index, callee: search, mode: async, kind: event, loss_ok: yes, delivery: {broker: dynamodb-streams, idempotency: key}, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}}
`},
		{name: "a lock of the broker's default", code: "WN408", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, idempotency: key, processing: 45s}` + rest + `}
`},
		{name: "a lock that client libraries renew", code: "WN408", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: servicebus-standard, dead_letter: dlq, idempotency: key, processing: 45s}` + rest + `}
`},
		{name: "a lock that the consumer renews", code: "WN408", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: sqs, dead_letter: dlq, idempotency: key, processing: 45s, visibility: 30s, lock_renewal: yes}` + rest + `}
`},
		{name: "a ttl bounds the age, not how many wait", code: "WN405", severity: diag.Info, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key, ttl: 1h, queue_limit: unlimited}` + rest + `}
`},
		{name: "what is worthless within the hour", code: "WN409", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: code, callee: sms, mode: async, freshness: 5m, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key}` + rest + `}
`},
		{name: "what is worthless tomorrow", code: "WN409", severity: diag.Info, found: true, src: `service: shop
operations:
  - {name: offer, callee: mailer, mode: async, freshness: 24h, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key}` + rest + `}
`},
		{name: "nobody wants it later, and it expires", code: "WN403", src: `service: shop
operations:
  - {name: ring, callee: phone, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key, max_deliveries: 5, ttl: 1m}, answers: {immediacy: no, retryability: too-late, latency: 2s, coupling: yes}}
`},
		{name: "a repeat that a key can't make harmless", code: "WN403", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: cut, callee: machine, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, max_deliveries: 5}, answers: {immediacy: no, retryability: unsafe, latency: 2s, coupling: yes}}
`},
		{name: "a payload that EventBridge refuses", code: "WN411", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: placed, callee: orders, mode: async, kind: event, delivery: {broker: eventbridge, dead_letter: dlq, idempotency: key, payload: 300KB}` + rest + `}
`},
		{name: "a broker that is known not to be clustered", code: "WN417", severity: diag.Warning, found: true, src: `service: shop
brokers: [{name: bus, kind: rabbitmq, clustered: no}]
operations:
  - {name: a, callee: x, mode: async, delivery: {broker: bus, dead_letter: dlq, idempotency: key}` + rest + `}
  - {name: b, callee: y, mode: async, delivery: {broker: bus, dead_letter: dlq, idempotency: key}` + rest + `}
  - {name: c, callee: z, mode: async, delivery: {broker: bus, dead_letter: dlq, idempotency: key}` + rest + `}
`},
		{name: "a broker that nobody declares", code: "WN417", src: `service: shop
operations:
  - {name: a, callee: x, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key}` + rest + `}
  - {name: b, callee: y, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key}` + rest + `}
  - {name: c, callee: z, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key}` + rest + `}
`},
		{name: "a pool that one call fills at its p99", code: "WN310", severity: diag.Info, found: true, src: `service: shop
operations:
  - {name: read, callee: stock, mode: sync, kind: query, timeout: 2s, typical: 20ms, pool: 100, traffic: {peak: 60/s}, answers: {immediacy: yes, retryability: no, latency: 1200ms, coupling: no}}
`},
		{name: "a pool with room at the p99", code: "WN310", src: `service: shop
operations:
  - {name: read, callee: stock, mode: sync, kind: query, timeout: 2s, pool: 100, traffic: {peak: 60/s}, answers: {immediacy: yes, retryability: no, latency: 500ms, coupling: no}}
`},
		{name: "the accepting call of a hybrid has no timeout", code: "WN508", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: export, callee: exporter, mode: hybrid, idempotent: yes, reply: {status: /x, durable: yes, accept_within: 100ms}, answers: {immediacy: later, retryability: yes, latency: 40s, coupling: yes}}
`},
		{name: "retries at the same moment", code: "WN307", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: read, callee: stock, mode: sync, kind: query, timeout: 100ms, retry: {attempts: 3, backoff: 50ms, jitter: no}, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: yes}}
`},
		{name: "an event that writes is repeated", code: "WN308", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: placed, callee: stock, mode: sync, kind: event, writes: stock-db, timeout: 100ms, idempotent: no, retry: {attempts: 3, backoff: 50ms, jitter: yes}, answers: {immediacy: yes, retryability: no, latency: 20ms, coupling: yes}}
`},
		{name: "one worker of whom 85 % is used", code: "WN407", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, traffic: {mean: 85/s, capacity: 100/s}, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key, workers: 1}` + rest + `}
`},
		{name: "200 workers of whom 85 % are used", code: "WN407", src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, traffic: {mean: 85/s, capacity: 100/s}, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key, workers: 200}` + rest + `}
`},
		{name: "a redelivery overtakes with one worker, too", code: "WN428", severity: diag.Info, found: true, src: `service: shop
operations:
  - {name: move, callee: depot, mode: async, delivery: {broker: rabbitmq, dead_letter: dlq, idempotency: key, ordering: key, workers: 1, max_deliveries: 5, poison: skip}` + rest + `}
`},
		{name: "a dead-letter queue breaks a strict order", code: "WN401", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: move, callee: depot, mode: async, delivery: {broker: sqs, type: session, idempotency: key, ordering: key, max_deliveries: 5}` + rest + `}
`},
		{name: "critical work may be lost before it is stored", code: "WN421", severity: diag.Error, found: true, src: `service: shop
operations:
  - {name: pay-out, callee: bank, mode: async, critical: yes, loss_ok: yes, delivery: {type: in-process, idempotency: key}` + rest + `}
`},
		{name: "an alarm on dead letters sees no backlog", code: "WN425", severity: diag.Warning, found: true, src: `service: shop
operations:
  - {name: mail, callee: mailer, mode: async, critical: yes, traffic: {mean: 10/s}, delivery: {broker: rabbitmq, dead_letter: dlq, alarm: yes, lag_alarm: no, idempotency: key}` + rest + `}
`},
		{name: "an accepting call with a timeout and a breaker", code: "WN508", src: `service: shop
operations:
  - {name: export, callee: exporter, mode: hybrid, idempotent: yes, timeout: 2s, guards: [circuit-breaker], reply: {status: /x, durable: yes, accept_within: 100ms}, answers: {immediacy: later, retryability: yes, latency: 40s, coupling: yes}}
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

// pathThatNobodyTakes has an edge into payment from a queue: no request goes on from there.
const pathThatNobodyTakes = `service: api
operations:
  - {name: create-order, callee: orders, mode: sync, timeout: 4s, boundary: own-team, answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: no}}
---
service: orders
operations:
  - {name: validate-card, callee: payment, mode: sync, kind: query, timeout: 1s, boundary: own-team, retry: {attempts: 3, backoff: 50ms, jitter: yes}, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}
---
service: delivery
brokers: [{name: bus, kind: rabbitmq, clustered: yes}]
operations:
  - {name: delivered, callee: payment, mode: async, kind: event, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}, delivery: {broker: bus, dead_letter: dlq, max_deliveries: 5, idempotency: key, queue_limit: 1000, correlation: yes}}
---
service: payment
operations:
  - {name: capture, callee: bank, mode: sync, kind: command, timeout: 30s, boundary: third-party, idempotent: yes, guards: [circuit-breaker], retry: {attempts: 5, backoff: 1s, jitter: yes}, answers: {immediacy: yes, retryability: yes, latency: 3s, coupling: no}}
`

// The finding names the operation that is undone first, and what should undo it then.
func TestUnknownCompensationSaysWhatItUndoes(t *testing.T) {
	all := run(t, `service: shop
operations:
  - {name: reserve, callee: stock, mode: sync, kind: command, timeout: 1s, compensation: relase-stok, answers: {immediacy: yes, retryability: no, latency: 200ms, coupling: no}}
`)
	const want = `"reserve" is declared to be undone by "relase-stok", but shop declares no such operation, so nothing would be undone`
	if !slices.ContainsFunc(all, func(f diag.Finding) bool { return f.Message == want }) {
		t.Errorf("no finding says %s; all: %+v", want, all)
	}
}
