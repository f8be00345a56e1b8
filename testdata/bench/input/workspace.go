package input

import (
	"bufio"
	"fmt"
)

// Member writes the manifest of one of many services that call each other, about 270
// bytes an operation, with a finding here and there and a journey.
func Member(b *bufio.Writer, i, services, operations int) {
	fmt.Fprintf(b, "version: 1\nservice: service-%d\noperations:\n", i)
	for k := range operations {
		fmt.Fprintf(b, "  - name: send-receipt-%d\n    description: The receipt is handled before the next step of the order starts.\n    callee: service-%d\n", k, (i+1+k)%services)
		switch {
		case k%20 == 7:
			b.WriteString("    mode: sync\n    answers: {immediacy: no, retryability: yes, latency: 900ms, coupling: yes}\n    timeout: 2s\n")
		case k%2 == 0:
			b.WriteString("    mode: sync\n    answers: {immediacy: yes, retryability: no, latency: 120ms, coupling: no}\n    timeout: 2s\n    guards: [circuit-breaker, bulkhead]\n    boundary: in-process\n")
		default:
			b.WriteString("    mode: async\n    answers: {immediacy: no, retryability: yes, latency: 900ms, coupling: yes}\n" +
				"    delivery: {broker: rabbitmq, dead_letter: receipts.dlq, max_deliveries: 5, idempotency: key, outbox: true}\n")
		}
	}
	fmt.Fprintf(b, "journeys:\n  - {name: order-%d, steps: [send-receipt-0, send-receipt-1, send-receipt-2], slo: 99.9%%, budget: 30s}\n", i)
}
