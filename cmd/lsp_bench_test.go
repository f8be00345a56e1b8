//go:build unix

package cmd

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// percentile returns the value that a share of times doesn't exceed.
func percentile(times []time.Duration, share float64) time.Duration {
	slices.Sort(times)
	return times[min(len(times)-1, int(float64(len(times))*share))]
}

// manyServices returns a folder of services with ten operations each, and one with a
// thousand.
func manyServices(b *testing.B, services int) string {
	dir := b.TempDir()
	for i := range services {
		size := 10
		if i == 0 {
			size = 1000
		}
		writeFile(b, filepath.Join(dir, fmt.Sprintf("s%04d", i), "waitornot.yaml"), oneService(i, services, size))
	}
	return dir
}

// oneService returns the manifest of a service, about 270 bytes an operation as the ones
// of testdata/bench have, with a finding here and there.
func oneService(i, services, operations int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nservice: service-%d\noperations:\n", i)
	for k := range operations {
		fmt.Fprintf(&b, "  - name: send-receipt-%d\n    description: The receipt is handled before the next step of the order starts.\n    callee: service-%d\n", k, (i+1+k)%services)
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
	fmt.Fprintf(&b, "journeys:\n  - {name: order-%d, steps: [send-receipt-0, send-receipt-1, send-receipt-2], slo: 99.9%%, budget: 30s}\n", i)
	return b.String()
}

// processTime returns the time that the processors spent on this process so far, the client
// of the benchmark included.
func processTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// A keystroke in a file of 1,000 operations within 200 services, up to the findings; and
// a hover and a completion at the same place.
func BenchmarkLSPKeystroke(b *testing.B) {
	dir := manyServices(b, 200)
	c := startLSP(b, dir, `{"general": {"positionEncodings": ["utf-16"]}}`)
	const name = "s0000/waitornot.yaml"
	c.openFile(name)
	middle := strings.Index(c.texts[name], "-500\n")
	var times []time.Duration
	used := processTime(b)
	b.ResetTimer()
	for i := range b.N {
		from, to, key := middle, middle, "x"
		if i%2 == 1 {
			to, key = middle+1, ""
		}
		old := c.texts[name]
		change := map[string]any{"range": lspRange{c.position(old, from), c.position(old, to)}, "text": key}
		c.texts[name] = old[:from] + key + old[to:]
		version := c.versions[name] + 1
		start := time.Now()
		c.notify("textDocument/didChange", map[string]any{
			"textDocument": map[string]any{"uri": c.uri(name), "version": version}, "contentChanges": []any{change},
		})
		for c.versions[name] < version {
			c.take(c.next())
		}
		times = append(times, time.Since(start))
		c.settle(name, version)
	}
	b.ReportMetric(float64(processTime(b)-used)/1e6/float64(b.N), "ms-CPU")
	b.ReportMetric(float64(percentile(times, .95))/1e6, "ms-p95")
	b.ReportMetric(float64(percentile(times, .5))/1e6, "ms-p50")
	for method, at := range map[string]map[string]any{"hover": c.before(name, "-500\n"), "completion": c.before(name, "    callee")} {
		times = times[:0]
		for range b.N {
			start := time.Now()
			if err := c.request("textDocument/"+method, at, nil); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(start))
		}
		b.ReportMetric(float64(percentile(times, .95))/1e6, method+"-ms-p95")
	}
}

// Opening a folder of 2,000 services up to the first findings, and one check of it.
func BenchmarkLSPIndex(b *testing.B) {
	dir := manyServices(b, 2000)
	const name = "s0001/waitornot.yaml"
	b.Run("lsp", func(b *testing.B) {
		for range b.N {
			c := startLSP(b, dir, `{}`)
			c.openFile(name)
			b.StopTimer() // the rest is the client's reading of what other files show
			c.stop()
			b.StartTimer()
		}
	})
	b.Run("check", func(b *testing.B) {
		for range b.N {
			var out, errs bytes.Buffer
			Main(context.Background(), []string{"check", "--format", "json"}, Streams{
				In: strings.NewReader(""), Out: &out, Err: &errs, Dir: dir, Env: func(string) string { return "" }, Now: time.Now,
			})
		}
	})
}
