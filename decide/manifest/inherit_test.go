package manifest

import (
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
