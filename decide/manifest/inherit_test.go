package manifest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"waitornot/decide/diag"
)

// Operations take what they don't say themselves from their callee, then from the
// defaults, each value with the place where it is written.
func TestInherit(t *testing.T) {
	t.Parallel()
	file, ops := Read(Source{Name: "x", Data: []byte(`service: shop
operations:
  - {name: pay, callee: bank, mode: sync, answers: {}, retry: {backoff: 1s}, timeout: 5s}
  - {name: mail, callee: mailer, mode: async, answers: {}, delivery: {dead_letter: dlq}}
  - {name: look, callee: stock, mode: sync, answers: {}, guards: [cache]}
callees:
  bank: {boundary: third-party, retry: {attempts: 3, jitter: yes}, timeout: 3s, guards: [circuit-breaker]}
  mailer: {delivery: {max_deliveries: 5}}
defaults: {boundary: own-team, timeout: 2s, guards: [bulkhead], delivery: {broker: rabbitmq, dead_letter: other, consumers: 2}}
`)}, Options{})
	if len(file.Findings) > 0 || len(ops) != 3 {
		t.Fatalf("%d operations, findings %v", len(ops), file.Findings)
	}
	pay, mail, look := &ops[0], &ops[1], &ops[2]
	at := func(name string, r diag.Range, line uint32) {
		t.Helper()
		if r.Start.Line != line {
			t.Errorf("%s is from line %d, want %d", name, r.Start.Line, line)
		}
	}
	if pay.Timeout.Value != 5*time.Second || pay.Boundary.Value != ThirdParty || pay.Retry.Attempts.Value != 3 || pay.Retry.Backoff.Value != time.Second || len(pay.Guards) != 1 || pay.Guards[0].Value != "circuit-breaker" {
		t.Errorf("pay is %+v", pay)
	}
	at("pay's timeout", pay.Timeout.Range, 3)
	at("pay's retry", pay.Retry.Range, 3)
	at("its attempts", pay.Retry.Attempts.Range, 7)
	at("its boundary", pay.Boundary.Range, 7)
	if mail.Delivery.Broker.Value != "rabbitmq" || mail.Delivery.DeadLetter.Value != "dlq" || mail.Delivery.MaxDeliveries.Value != 5 || mail.Delivery.Consumers.Value != 2 || mail.Boundary.Value != OwnTeam {
		t.Errorf("mail is %+v", mail)
	}
	at("mail's broker", mail.Delivery.Broker.Range, 9)
	if look.Delivery.Broker.Set() || look.Delivery.Range.IsValid() || look.Guards[0].Value != "cache" || look.Timeout.Value != 2*time.Second || look.Retry.Range.IsValid() {
		t.Errorf("look is %+v", look)
	}
}

// What an operation inherits is told with its value and its place; what it says itself is not.
func TestInherited(t *testing.T) {
	t.Parallel()
	type said struct {
		document *Document
		ops      []Operation
	}
	_, read := Map(Source{Name: "x", Data: []byte(`service: shop
defaults: {boundary: own-team, timeout: 2s, availability: 99.95%, delivery: {payload: 2KB, consumers: [a, b], outbox: no, dead_letter: no, max_deliveries: unlimited}}
callees:
  bank: {boundary: third-party, retry: {attempts: 3, on: [connect, timeout]}}
operations:
  - {name: pay, callee: bank, mode: sync, answers: {}, retry: {backoff: 1s}, timeout: 2s}
  - {name: mail, callee: mailer, mode: async, answers: {}, delivery: {broker: rabbitmq}}
`)}, Options{}, func(d *Document, ops []Operation) said { return said{d, ops} })
	var got []string
	for i := range read[0].ops {
		for _, o := range read[0].document.Inherited(&read[0].ops[i]) {
			got = append(got, read[0].ops[i].Name.Value+": "+o.String())
		}
	}
	want := []string{
		"pay: retry.attempts 3 (from callees.bank, line 4)", "pay: retry.on connect, timeout (from callees.bank, line 4)",
		"pay: availability 99.95% (from defaults, line 2)", "pay: boundary third-party (from callees.bank, line 4)",
		"mail: timeout 2s (from defaults, line 2)", "mail: availability 99.95% (from defaults, line 2)", "mail: boundary own-team (from defaults, line 2)",
		"mail: delivery.consumers 2 (from defaults, line 2)", "mail: delivery.dead_letter no (from defaults, line 2)", "mail: delivery.max_deliveries unlimited (from defaults, line 2)",
		"mail: delivery.outbox no (from defaults, line 2)", "mail: delivery.payload 2KB (from defaults, line 2)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("inherited:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
