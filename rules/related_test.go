package rules_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
	"waitornot/decide/manifest"
	"waitornot/rules"
)

// A finding about a long way points at its first eight places, and at all of a short one.
func TestRelatedPlacesAreFew(t *testing.T) {
	t.Parallel()
	for services, want := range map[int]int{5: 5, 12: 8} {
		var text strings.Builder
		for i := range services {
			fmt.Fprintf(&text, "---\nservice: s%d\noperations:\n- {name: o, callee: s%d, mode: sync, answers: {}}\n", i, (i+1)%services)
		}
		src := manifest.Source{Name: "a.yaml", Data: []byte(text.String())}
		r, err := lint.Run(context.Background(), []lint.Opener{func() (manifest.Source, error) { return src, nil }},
			lint.Options{Rules: rules.All(), Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		most := 0
		for _, f := range r.Findings {
			most = max(most, len(f.Related))
		}
		if most != want && most != want-1 { // the finding itself stands at one of them
			t.Errorf("a ring of %d: %d places, want %d", services, most, want)
		}
	}
}

// A consumer that is busy for just the share that is still fine isn't reported; one that is
// busier is.
func TestBusyUpToItsLimit(t *testing.T) {
	t.Parallel()
	for mean, want := range map[string]int{"8/s": 0, "8.01/s": 1} {
		text := "service: shop\noperations:\n- {name: a, callee: b, mode: async, answers: {}, delivery: {broker: rabbitmq, workers: 1}, traffic: {mean: " + mean + ", peak: 9/s, burst: 1s, capacity: 10/s}}\n"
		src := manifest.Source{Name: "a.yaml", Data: []byte(text)}
		r, err := lint.Run(context.Background(), []lint.Opener{func() (manifest.Source, error) { return src, nil }},
			lint.Options{Rules: rules.All(), Table: linttest.Table(t), Limits: decide.DefaultLimits(), Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, f := range r.Findings {
			if f.Rule == "queue-slow-drain" && strings.Contains(f.Message, "busy") {
				got++
			}
		}
		if got != want {
			t.Errorf("at %s of 10 a second: %d findings, want %d", mean, got, want)
		}
	}
}
