package manifest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/diag/diagtest"
)

// An operation reaches from its first key to its last character.
func TestOperationRanges(t *testing.T) {
	text, want := diagtest.Marked(`operations:
  - ‹name: a
    answers: {latency: yes}› # comment
  # comment
  - ‹{name: b, answers: {latency: yes, coupling: },

      }›
  - ‹answers:
      latency: yes
    name: c
    description: |
      long
      text›

  - ‹name: d
    answers: {}
    tags:
      - x
      - y› # z
  - ‹{"name":"e","answers":{}}›
  - ‹name: f
    answers:
      coupling   :›
  - ‹answers: {}
    name: &anchor g
    tags: [a: b, c]›
  - ‹name: h
    answers: {}
    tags: &tags [ a, # ]
                  b ]›
  - ‹name: i
    answers: {}
    tags: *tags›
`)
	_, ops := read(text)
	var got []diag.Range
	for _, op := range ops {
		got = append(got, op.Range)
	}
	slices.SortFunc(want, func(a, b diag.Range) int { return a.Start.Compare(b.Start) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Aliases stand where they are written; what a mapping merges in stands where
// it was first written.
func TestAliases(t *testing.T) {
	op := only(t, `x-common: &common
  timeout: 2s
  callee: mailer
  retry: &retry {attempts: 3}
x-more: &more {owner: 1}
operations:
  - name: a
    answers: &answers {immediacy: yes, latency: 2s}
    <<: [*common, {callee: other, kind: job}]
    timeout: 5s
journeys:
  - name: j
    steps: &steps [a, [a]]
  - name: k
    steps: *steps
`)
	for what, got := range map[string]string{
		"5s":      op.Timeout.Value.String() + " " + place(op.Timeout.Range),
		"mailer":  op.Callee.Value + " " + place(op.Callee.Range),
		"job":     op.Kind.Value + " " + place(op.Kind.Range),
		"retry":   fmt.Sprint(op.Retry.Attempts.Value) + " " + place(op.Retry.Range),
		"answers": place(op.Answers.Range),
	} {
		want := map[string]string{
			"5s": "5s 10:14-10:16", "mailer": "mailer 3:11-3:17", "job": "job 9:41-9:44",
			"retry": "3 4:17-4:30", "answers": "8:23-8:52",
		}[what]
		if got != want {
			t.Errorf("%s is %s, want %s", what, got, want)
		}
	}
}

// The example of the format is read whole, with every value in its field.
func TestExample(t *testing.T) {
	file, ops := read(`version: 1
service: checkout
description: >
  Takes orders.
owner: shop
stack: dotnet
availability: 99.95%
platform: aws-api-gateway
platform_timeout: 60s
operations:
  - name: place-order
    description: Take the order.
    caller: web
    callee: orders
    mode: hybrid
    kind: command
    audience: human
    answers: {immediacy: later, retryability: no, latency: 900ms, coupling: unknown}
    timeout: 2s
    typical: 400ms
    retry: {attempts: 2, backoff: 0, jitter: on, on: [throttled], within: 3s}
    guards: [circuit-breaker, bulkhead]
    availability: 0.999
    boundary: own-team
    critical: yes
    idempotent: false
    writes: orders-db
    also_writes: search-index
    reads: stock-db
    publishes: order-placed
    consistency: eventual
    compensation: cancel-order
    cacheable: no
    loss_ok: OFF
    freshness: 1h
    platform: azure-app-service
    platform_timeout: 4m
    holds: lock
    calls: 3
    pool_name: http
    pool: 100
    traffic: {mean: 40/s, peak: 600/m, capacity: 3600/h, burst: 30s}
    delivery:
      broker: rabbit
      channel: orders
      type: queue
      consumers: [billing, shipping]
      dead_letter: no
      max_deliveries: unlimited
      idempotency: key
      outbox: "yes"
      ordering: key
      ttl: 1h
      queue_limit: 1000
      processing: 5s
      visibility: 30s
      workers: 4
      lock_renewal: yes
      idempotency_kept: 24h
      ack: after
      backoff: 0s
      poison: skip
      retention: 96h
      dead_letter_retention: 336h
      lag_alarm: yes
      payload: 256KiB
      complete_within: 1m
      alarm: yes
      correlation: yes
    triggered_by: request
    after: [web/place-order]
    gate: yes
    read_back: no
    reply: {status: /orders/1, notify: sse, accept_within: 80ms, retry_after: 2s, durable: yes}
    waivers:
      - {rule: WN101, reason: it moves in spring, owner: shop, until: 2027-03-31}
    tags: [money, "2024"]
defaults: {timeout: 1s}
callees: {bank: {boundary: third-party}}
journeys:
  - {name: buy, description: Buy a thing., steps: [place-order, [a/b, c/d]], slo: 99.9%, budget: 1s}
brokers:
  - {name: rabbit, kind: rabbitmq, availability: 99%, clustered: yes, max_message: 16MB}
`)
	if len(file.Findings) > 0 || len(ops) != 1 || len(file.Documents) != 1 {
		t.Fatalf("%d operations, findings:\n%s", len(ops), lines(file.Findings))
	}
	// every key of the schema is in the example, and none of its fields is unset
	for _, unset := range unsetFields(ops[0]) {
		if unset != "Answers.given[2]" && unset != "Answers.given[3]" { // a duration, and unknown
			t.Errorf("%s is not set", unset)
		}
	}
	for _, unset := range unsetFields(*file.Documents[0]) {
		if !strings.HasPrefix(unset, "Callees[0].Facts.") { // few keys of an operation are inherited
			t.Errorf("%s is not set", unset)
		}
	}
	op := ops[0]
	d := op.Delivery
	for what, ok := range map[string]bool{
		"mode": op.Mode.Value == decide.Hybrid, "consumers": d.Consumers.Value == 2, "dead letter": d.DeadLetter.Value == "" && d.DeadLetter.Set(),
		"max deliveries": d.MaxDeliveries.Value == 0, "outbox": d.Outbox.Value, "payload": d.Payload.Value == 256<<10,
		"peak": op.Traffic.Peak.Value == 10, "capacity": op.Traffic.Capacity.Value == 1, "loss": !op.LossOK.Value,
		"until": op.Waivers[0].Until.Value.Format("02.01.2006") == "31.03.2027", "steps": len(file.Documents[0].Journeys[0].Steps[1].Parallel) == 2,
		"from": op.From() == "web", "id": op.ID() == "checkout/place-order",
	} {
		if !ok {
			t.Errorf("%s is wrong in %+v", what, op)
		}
	}
}
