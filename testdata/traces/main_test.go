package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/evidence"
	"waitornot/decide/evidence/trace"
)

// What is measured of generated traces is what is true of them: every operation
// once and nothing else, quantiles within one percent of the exact ones.
func TestMeasured(t *testing.T) {
	dir := t.TempDir()
	truth := filepath.Join(dir, "truth")
	var text, log bytes.Buffer
	if err := run([]string{"-size", "12MB", "-seed", "3", "-truth", truth}, &text, &log); err != nil {
		t.Fatal(err)
	}
	store := trace.NewStore(trace.Options{Workers: 2, Memory: 1 << 20, Spill: func() (trace.SpillFile, error) {
		return os.Create(filepath.Join(dir, "spill"))
	}})
	if err := store.Read(context.Background(), "generated", &text); err != nil {
		t.Fatal(err)
	}
	result, err := store.Result(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if result.Report.Broken > 0 || result.Report.Orphans > 0 || result.Report.Spilled == 0 {
		t.Errorf("%+v", result.Report)
	}
	seen := map[string]*evidence.Sighting{}
	for i, s := range result.Sightings {
		if s.Name != "" {
			seen[s.Caller+" "+s.Callee+" "+s.Text] = &result.Sightings[i]
		}
	}
	exact, err := os.ReadFile(truth)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(exact)), "\n")
	if len(seen) != len(want) {
		t.Errorf("%d operations, want %d", len(seen), len(want))
	}
	for _, line := range want {
		name, numbers, _ := strings.Cut(strings.NewReplacer(":id", "{id}", ":sku", "{sku}").Replace(line), " calls=")
		s := seen[name]
		if s == nil {
			t.Errorf("%s was not found among %d operations", name, len(seen))
			continue
		}
		var calls, p50, p95, p99 int64
		if _, err := fmt.Sscanf(numbers, "%d p50=%d p95=%d p99=%d", &calls, &p50, &p95, &p99); err != nil {
			t.Fatal(err)
		}
		m := s.Measured
		if m.Calls != calls || !near(m.P50, p50) || !near(m.P95, p95) || !near(m.P99, p99) {
			t.Errorf("%s: %d calls, %s, %s, %s; want %s", name, m.Calls, m.P50, m.P95, m.P99, numbers)
		}
		facts(t, name, s)
	}
}

func near(got time.Duration, want int64) bool {
	return math.Abs(float64(got.Microseconds()-want)) <= .01*float64(want)
}

// facts holds what the generator does: who waits, what is repeated, what runs
// side by side.
func facts(t *testing.T, name string, s *evidence.Sighting) {
	m := s.Measured
	mode, attempts, parallel, each := decide.Sync, 1.0, 0.0, 1.0
	switch s.Callee {
	case "audit":
		mode = decide.Async
	case "mailer":
		mode, attempts = decide.Async, 1.02
	case "payment":
		attempts = 1.1
	case "prices":
		parallel, each = 1, 3
	}
	if s.Mode != mode || math.Abs(m.Attempts-attempts) > .03 || m.Parallel < parallel-.01 || m.Parallel > parallel+.01 || m.PerRequest != each {
		t.Errorf("%s: %s, %.3f attempts, %.3f parallel, %.3f each request", name, s.Mode, m.Attempts, m.Parallel, m.PerRequest)
	}
}

func TestGenerator(t *testing.T) {
	var one, two bytes.Buffer
	for _, out := range []*bytes.Buffer{&one, &two} {
		if err := run([]string{"-size", "300kB"}, out, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) || one.Len() < 300_000 {
		t.Errorf("%d and %d bytes", one.Len(), two.Len())
	}
	for _, args := range [][]string{{"-size", "x"}, {"y"}} {
		if err := run(args, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}
