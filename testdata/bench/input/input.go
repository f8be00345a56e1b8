// Package input makes the manifests that benchmarks read.
package input

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
)

// Manifest returns what Write writes.
func Manifest(operations int, seed uint64) []byte {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	Write(w, operations, seed)
	w.Flush()
	return b.Bytes()
}

// Write writes a manifest of one service with the given number of operations,
// about 270 bytes each, as a team would write it. The same arguments give the
// same bytes.
func Write(b *bufio.Writer, operations int, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	b.WriteString("version: 1\nservice: checkout                    # the default caller\noperations:\n")
	for i := range operations {
		operation(b, r, i)
	}
	b.WriteString("journeys:\n  - {name: place-order, steps: [")
	for i := range min(operations, 5) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(opName(i))
	}
	b.WriteString("], slo: 99.9%, budget: 30s}\n")
}

var (
	verbs   = []string{"authorize", "send", "update", "index", "fetch", "export", "publish", "refresh", "cancel", "reserve"}
	objects = []string{"payment", "receipt", "inventory", "catalogue", "profile", "statement", "thumbnail", "order", "shipment", "price"}
	callees = []string{"payment-gateway", "mailer", "warehouse", "search", "accounts", "ledger", "media", "orders", "carrier", "pricing"}
)

func opName(i int) string {
	return fmt.Sprintf("%s-%s-%d", verbs[i%len(verbs)], objects[i/len(verbs)%len(objects)], i)
}

func operation(b *bufio.Writer, r *rand.Rand, i int) {
	object := i / len(verbs) % len(objects)
	fmt.Fprintf(b, "  - name: %s\n", opName(i))
	if i%3 == 0 {
		fmt.Fprintf(b, "    description: The %s is handled before the next step of the order starts.\n", objects[object])
	}
	fmt.Fprintf(b, "    callee: %s\n", callees[object])
	if i%2 == 0 {
		fmt.Fprintf(b, "    mode: sync\n    answers: {immediacy: yes, retryability: %s, latency: %dms, coupling: %s}\n",
			yesNo(r), 20+r.IntN(900), yesNo(r))
		fmt.Fprintf(b, "    timeout: %ds\n    guards: [circuit-breaker, bulkhead]\n", 1+r.IntN(5))
		if i%4 == 0 {
			fmt.Fprintf(b, "    retry: {attempts: %d, backoff: 100ms, jitter: yes}\n", 2+r.IntN(3))
		}
		return
	}
	fmt.Fprintf(b, "    mode: async\n    answers: {immediacy: no, retryability: yes, latency: %dms, coupling: %s}\n", 600+r.IntN(5000), yesNo(r))
	fmt.Fprintf(b, "    delivery: {broker: rabbitmq, dead_letter: %s.dlq, max_deliveries: %d, idempotency: key, outbox: true}\n",
		objects[object], 3+r.IntN(5))
	if i%16 == 1 {
		b.WriteString("    waivers:\n      - {rule: shared-broker-spof, reason: second broker lands in spring, owner: payments, until: 2027-03-31}\n")
	}
}

func yesNo(r *rand.Rand) string {
	if r.IntN(2) == 0 {
		return "no"
	}
	return "yes"
}
