package input

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"strings"
)

const waited = "{name: %s, callee: %s, mode: sync, timeout: 2s, answers: {immediacy: yes, retryability: no, latency: 10ms, coupling: no}}\n"

// Service writes a manifest of one service as Write does, without journeys.
func Service(b *bufio.Writer, name string, operations int) {
	w := writer{Writer: b, Shape: &Shape{perDoc: operations}, r: rand.New(rand.NewPCG(uint64(operations), 1))}
	w.line(0, "service: ", name)
	w.line(0, "operations:")
	for i := range operations {
		for j, p := range operation(w.r, i, false) {
			lead := ""
			if j == 0 {
				lead = "- "
			}
			w.pair(2, lead, p)
		}
	}
}

// Journeys writes five times as many operations as journeys, of five steps each.
func Journeys(b *bufio.Writer, journeys int) {
	fmt.Fprint(b, "service: shop\noperations:\n")
	for i := range 5 * journeys {
		fmt.Fprintf(b, "  - "+waited, fmt.Sprintf("step-%d", i), callees[i%len(callees)])
	}
	fmt.Fprint(b, "journeys:\n")
	for j := range journeys {
		names := make([]string, 5)
		for k := range names {
			names[k] = fmt.Sprintf("step-%d", 5*j+k)
		}
		fmt.Fprintf(b, "  - {name: journey-%d, steps: [%s], budget: 5s}\n", j, strings.Join(names, ", "))
	}
}

// LongJourney writes one journey of many steps.
func LongJourney(b *bufio.Writer, steps int) {
	fmt.Fprint(b, "service: shop\noperations:\n")
	names := make([]string, steps)
	for i := range names {
		names[i] = fmt.Sprintf("step-%d", i)
		fmt.Fprintf(b, "  - "+waited, names[i], callees[i%len(callees)])
	}
	fmt.Fprintf(b, "journeys:\n  - {name: long, budget: 500s, steps: [%s]}\n", strings.Join(names, ", "))
}

// Chain writes services each of which waits for the next.
func Chain(b *bufio.Writer, services int) {
	for i := range services {
		fmt.Fprintf(b, "---\nservice: s%d\noperations:\n  - "+waited, i, "call", fmt.Sprintf("s%d", i+1))
	}
}
