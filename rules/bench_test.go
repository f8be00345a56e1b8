package rules

import (
	"fmt"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

// many writes a manifest of operations in services that call each other, with
// five journeys for every two services.
func many(operations, services int) string {
	var b strings.Builder
	each := max(operations/services, 1)
	for s := range services {
		fmt.Fprintf(&b, "---\nversion: 1\nservice: s%d\navailability: 99.99%%\njourneys:\n", s)
		for j := range 2 + s%2 {
			fmt.Fprintf(&b, "  - {name: j%d, steps: [o%d, o%d, o%d], slo: 99%%, budget: 20s}\n", j, j%each, (j+1)%each, (j+2)%each)
		}
		b.WriteString("operations:\n")
		for o := range each {
			callee := (s*7 + o*13 + 1) % services
			if o%2 == 0 {
				fmt.Fprintf(&b, "  - name: o%d\n    description: Charge the card before the order is confirmed.\n    callee: leaf%d\n    mode: sync\n"+
					"    answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}\n    timeout: 2s\n    guards: [circuit-breaker, bulkhead]\n", o, callee)
			} else {
				fmt.Fprintf(&b, "  - name: o%d\n    callee: s%d\n    mode: async\n    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}\n"+
					"    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, outbox: true}\n", o, callee)
			}
		}
	}
	return b.String()
}

// BenchmarkCatalogue reads a manifest and passes every rule over it. The time
// for each operation stays about the same however many there are.
func BenchmarkCatalogue(b *testing.B) {
	table, err := embedded.Table()
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []struct{ operations, services int }{{10, 1}, {100, 2}, {1_000, 20}, {10_000, 200}, {100_000, 2_000}} {
		b.Run(fmt.Sprintf("operations=%d", size.operations), func(b *testing.B) {
			src := manifest.Source{Name: "many.yaml", Data: []byte(many(size.operations, size.services))}
			open := func() (manifest.Source, error) { return src, nil }
			b.ReportAllocs()
			for b.Loop() {
				r, err := lint.Run(b.Context(), []lint.Opener{open}, lint.Options{Rules: All(), Table: table, Limits: decide.DefaultLimits()})
				if err != nil || r.Operations != size.operations {
					b.Fatal(err, r.Operations)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size.operations), "ns/operation")
		})
	}
}
