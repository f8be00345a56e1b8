package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/schematest"
)

// A simulated is what a test reads of a simulation's JSON.
type simulated struct {
	Rate     float64 `json:"requests_per_s"`
	Runs     int
	Same     []string `json:"same_as_first"`
	Scenario struct {
		Kind, Callee  string
		Times         float64
		Length, After float64
	}
	Variants []struct {
		As      string
		Changes []struct {
			Operation string
			To        *string
			With      []string
		}
		Assumed []struct {
			Fact, Instead string
			Operations    []string
		}
		Measured []struct {
			Operation, Fact, Source, From, To string
			Value                             float64
			Calls                             int
		}
		During struct {
			Success struct{ Mean float64 }
		}
		Steps []struct {
			Operation    string
			Detached     bool
			Attempts     struct{ Mean float64 }
			Lost         struct{ Mean float64 }
			DeadLettered struct{ Mean float64 } `json:"dead_lettered"`
			Waiting      struct{ Mean float64 } `json:"waiting_most"`
			Shed         struct{ Mean float64 }
		}
	}
}

// simulateText simulates a manifest.
func simulateText(t *testing.T, text string, args ...string) simulated {
	t.Helper()
	args = append([]string{"simulate", "--no-config", "--format", "json", "--runs", "2", "-"}, args...)
	code, out, errs := runMain(t, strings.NewReader(text), args...)
	if code != exitOK {
		t.Fatalf("simulate ends with %d: %s", code, errs)
	}
	var s simulated
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

const shopToSimulate = `
service: shop
journeys:
  - {name: buy, steps: [order, [price, stock], notify]}
operations:
  - {name: order, callee: orders, mode: sync, answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}, typical: 300ms, timeout: 2s, traffic: {mean: 30/s}}
  - {name: notify, callee: mail, mode: sync, kind: event, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}, traffic: {mean: 5/s, peak: 20/s, burst: 30s}}
---
service: orders
operations:
  - {name: price, callee: prices, mode: sync, kind: query, answers: {immediacy: yes, retryability: too-late, latency: 200ms, coupling: yes}, typical: 50ms, timeout: 1s, retry: {attempts: 6}}
  - {name: stock, callee: store, mode: sync, kind: query, answers: {immediacy: yes, retryability: no, latency: 300ms, coupling: no}, timeout: 1s, guards: [circuit-breaker]}
`

// A journey is prepared from its facts: its rate is the lowest of its steps, the rest comes
// from elsewhere; what no manifest gives is named; the verdicts and the safeguards that the
// answers oblige make the recommended variant.
func TestSimulatePrepares(t *testing.T) {
	t.Parallel()
	steps := strings.Replace(shopToSimulate, "[price, stock]", "[orders/price, orders/stock]", 1)
	s := simulateText(t, steps, "--journey", "buy")
	if s.Rate != 5 || s.Scenario.Kind != "down" || s.Scenario.Callee != "store" || s.Runs != 2 || len(s.Variants) != 2 {
		t.Fatalf("%+v", s)
	}
	declared, recommended := s.Variants[0], s.Variants[1]
	if len(declared.Changes) != 0 {
		t.Errorf("declared changes %v", declared.Changes)
	}
	if order, notify := declared.Steps[0].Attempts.Mean, declared.Steps[3].Attempts.Mean; order < 4*notify {
		t.Errorf("%.0f calls of order at 30 a second, %.0f of notify at 5", order, notify)
	}
	var changes []string
	for _, c := range recommended.Changes {
		to := "as declared"
		if c.To != nil {
			to = *c.To
		}
		changes = append(changes, fmt.Sprintf("%s %s %s", c.Operation, to, strings.Join(c.With, "+")))
	}
	want := []string{
		"shop/order as declared bulkhead+circuit-breaker", "orders/price as declared bounded-retry+bulkhead+circuit-breaker",
		"shop/notify async dead-letter-queue+idempotent-consumer+outbox",
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(changes, "\n"), w) {
			t.Errorf("the changes lack %q:\n%s", w, strings.Join(changes, "\n"))
		}
	}
	var assumed []string
	for _, a := range declared.Assumed {
		assumed = append(assumed, fmt.Sprintf("%s: %s: %s", a.Fact, a.Instead, strings.Join(a.Operations, ",")))
	}
	for _, w := range []string{
		"timeout: 30s: shop/notify", "typical: a third of the p99: orders/stock,shop/notify",
		"retry.backoff: the next attempt follows immediately: orders/price",
		"the breaker's numbers: opens when 50 of 100 calls fail, tries 10 calls after 60s: orders/stock",
	} {
		if !strings.Contains(strings.Join(assumed, "\n"), w) {
			t.Errorf("declared does not say %q:\n%s", w, strings.Join(assumed, "\n"))
		}
	}
	for _, a := range recommended.Assumed {
		if a.Fact == "timeout" {
			t.Errorf("recommended assumes a timeout for %v, which is detached there", a.Operations)
		}
	}
}

// What no manifest gives and was measured is measured, and said to be; what is declared
// counts, whatever was measured.
func TestSimulateReadsEvidence(t *testing.T) {
	t.Parallel()
	const manifest = `
service: shop
journeys: [{name: buy, steps: [pay, tell, log]}]
operations:
  - name: pay
    callee: bank
    mode: sync
    answers: {immediacy: no, retryability: yes, latency: no, coupling: yes}
    evidence: {source: traces, from: 2026-11-20, to: 2026-11-26, calls: 12345, mean: 40/s, peak: 120/s, p50: 110ms, p99: 470ms, errors: 10%, waited: 100%, gave_up: 2s, per_request: 2}
  - name: tell
    callee: mail
    mode: async
    answers: {immediacy: no, retryability: yes, latency: yes, coupling: yes}
    evidence: {source: prometheus, calls: 60, mean: 30/s, p50: 3ms, p99: 9ms, processing: 800ms, errors: 0%}
    delivery: {broker: mq, dead_letter: dlq}
  - name: log
    callee: logs
    mode: sync
    answers: {immediacy: yes, retryability: yes, latency: 50ms, coupling: no}
    typical: 20ms
    timeout: 1s
    availability: 99%
    traffic: {mean: 50/s}
    evidence: {source: traces, calls: 500, mean: 7/s, p50: 300ms, p99: 900ms, errors: 50%, waited: 100%, gave_up: 5s}
`
	s := simulateText(t, manifest, "--scenario", "burst")
	if s.Rate != 20 || s.Scenario.Times != 3 {
		t.Errorf("%g requests a second and %g times as many in a burst, want 20 and 3", s.Rate, s.Scenario.Times)
	}
	facts := func(variant int) string {
		var b strings.Builder
		for _, m := range s.Variants[variant].Measured {
			fmt.Fprintf(&b, "%s %s %g %s %d %s %s\n", m.Operation, m.Fact, m.Value, m.Source, m.Calls, m.From, m.To)
		}
		return b.String()
	}
	const days = "traces 12345 2026-11-20 2026-11-26\n"
	pay := "shop/pay traffic.mean 40 " + days + "shop/pay calls 2 " + days + "shop/pay answers.latency 0.47 " + days + "shop/pay typical 0.11 " + days
	rest := "shop/pay availability 0.9 " + days
	peak := "shop/pay traffic.peak 120 " + days
	tell := "shop/tell traffic.mean 30 prometheus 60  \nshop/tell answers.latency 0.8 prometheus 60  \n" +
		"shop/tell availability 1 prometheus 60  \nshop/tell reply.accept_within 0.009 prometheus 60  \n"
	if got, want := facts(0), pay+"shop/pay timeout 2 "+days+rest+peak+tell; got != want {
		t.Errorf("as declared it reads\n%swant\n%s", got, want)
	}
	if got, want := facts(1), pay+rest+tell; got != want { // who hands work over doesn't wait for it
		t.Errorf("as recommended it reads\n%swant\n%s", got, want)
	}
	for _, v := range s.Variants {
		for _, a := range v.Assumed {
			if slices.Contains([]string{"traffic.mean", "answers.latency", "availability", "timeout", "traffic.peak"}, a.Fact) {
				t.Errorf("%s assumes %s for %v", v.As, a.Fact, a.Operations)
			}
		}
	}
	if got := s.Variants[0].During.Success.Mean; got < .75 || got > .85 { // .9² of pay, .99 of log
		t.Errorf("%.3f of the requests succeed", got)
	}
	code, out, _ := runMain(t, strings.NewReader(manifest), "simulate", "--no-config", "--scenario", "burst", "--runs", "2", "-")
	for _, want := range []string{
		"20 requests a second (measured for pay), watched for",
		"\nMeasured, because no manifest declares it\n  pay: traffic.mean 40/s, calls 2, answers.latency 470ms, typical 110ms,\n    timeout 2s",
		"prometheus, only 60 calls)",
	} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("simulate ends with %d and doesn't say %q:\n%s", code, want, out)
		}
	}
}

// The facts of retries and deliveries count.
func TestSimulateReadsFacts(t *testing.T) {
	t.Parallel()
	const manifest = `
service: shop
journeys: [{name: buy, steps: [tell]}]
operations:
  - {name: tell, callee: mail, mode: %s, answers: {immediacy: no, retryability: yes, latency: 100ms, coupling: yes}, timeout: 1s, traffic: {mean: 50/s%s}%s}
`
	for _, test := range []struct {
		mode, traffic, facts string
		args                 []string
		ok                   func(s *simulated) bool
	}{
		{"async", "", ", delivery: {broker: mq, ack: before, workers: 10}", []string{"--scenario", "poison", "--times", "10"}, func(s *simulated) bool {
			return s.Variants[0].Steps[0].Lost.Mean > 400 && s.Variants[0].Steps[0].DeadLettered.Mean == 0
		}},
		{"async", "", ", delivery: {broker: mq, dead_letter: dlq, max_deliveries: 2, backoff: 0s, workers: 10}", []string{"--scenario", "poison", "--times", "10"}, func(s *simulated) bool {
			return s.Variants[0].Steps[0].DeadLettered.Mean > 400 && s.Variants[0].Steps[0].Waiting.Mean < 30
		}},
		{"async", "", ", delivery: {broker: mq, dead_letter: dlq, max_deliveries: 5, backoff: 10s, workers: 4, poison: block}", []string{"--scenario", "poison", "--times", "10"}, func(s *simulated) bool {
			return s.Variants[0].Steps[0].Waiting.Mean > 1000
		}},
		{"async", "", ", delivery: {broker: mq, queue_limit: 100, workers: 10}", nil, func(s *simulated) bool {
			return s.Variants[0].Steps[0].Waiting.Mean == 100
		}},
		{"sync", "", ", calls: 3", []string{"--scenario", "normal"}, func(s *simulated) bool {
			return s.Rate > 16.6 && s.Rate < 16.7 && s.Variants[0].Steps[0].Attempts.Mean > 40*60
		}},
		{"sync", ", capacity: 60/s", ", guards: [load-shedding]", []string{"--scenario", "slow", "--times", "5"}, func(s *simulated) bool {
			return s.Variants[0].Steps[0].Shed.Mean > 1000
		}},
		{"sync", "", ", retry: {attempts: 50, backoff: 10ms, within: 1500ms}", nil, func(s *simulated) bool {
			a := s.Variants[0].Steps[0].Attempts.Mean
			return a > 7*60*50 && a < 10*60*50 // each call of the outage makes two attempts
		}},
		{"sync", "", ", retry: {attempts: 50, backoff: 0s}, guards: [retry-budget]", []string{"--refuse"}, func(s *simulated) bool {
			return s.Variants[0].Steps[0].Attempts.Mean < 9*60*50
		}},
	} {
		s := simulateText(t, fmt.Sprintf(manifest, test.mode, test.traffic, test.facts), append(test.args, "--as", "declared")...)
		if !test.ok(&s) {
			t.Errorf("%s%s%s %v: %g requests a second, %+v", test.mode, test.traffic, test.facts, test.args, s.Rate, s.Variants[0].Steps)
		}
	}
}

// What a scenario leaves open comes from the manifests.
func TestSimulateScenarios(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args          []string
		callee        string
		times, length float64
	}{
		{[]string{"--scenario", "burst"}, "", 4, 30},
		{[]string{"--scenario", "slow"}, "store", 10, 120},
		{[]string{"--scenario", "down", "--callee", "mail", "--length", "1m"}, "mail", 0, 60},
		{[]string{"--scenario", "poison", "--callee", "mail"}, "mail", 100, 120},
		{[]string{"--scenario", "deploy", "--callee", "orders"}, "orders", 0, 120},
		{[]string{"--scenario", "normal"}, "", 0, 0},
	} {
		text := strings.Replace(shopToSimulate, "[price, stock], ", "", 1)
		s := simulateText(t, text, append(test.args, "--as", "declared")...)
		if s.Scenario.Callee != test.callee || s.Scenario.Times != test.times || len(s.Variants) != 1 {
			t.Errorf("%v: %+v", test.args, s.Scenario)
		}
	}
}

// The JSON of plans keeps to its schema when its changes are simulated.
func TestSimulatedPlanAgainstItsSchema(t *testing.T) {
	t.Parallel()
	s := schematest.Compile(t, filepath.Join("internal", "graphview", "plan.schema.json"))
	code, out, errs := runMain(t, nil, "plan", "--simulate", "--format", "json", "../testdata/manifests/bad/late")
	if code != exitOK || strings.Count(out, `"outages"`) != 3 {
		t.Fatalf("plan ends with %d: %s\n%s", code, errs, out)
	}
	if err := s.Validate(schematest.Parse(t, out)); err != nil {
		t.Error(err)
	}
}

// An interrupt ends a simulation, and nothing is written.
func TestSimulateInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out strings.Builder
	code := Main(ctx, []string{"simulate", "--no-config", "--runs", "100000", "-"}, Streams{
		In: strings.NewReader(shopToSimulate), Out: &out, Err: io.Discard, Env: os.Getenv, Now: time.Now,
	})
	if code != exitInterrupted || out.String() != "" {
		t.Errorf("simulate ends with %d and writes %q", code, out.String())
	}
}

// noCommands takes what makes commands out of a file, which no runner reads.
var noCommands = strings.NewReplacer("::", "", "##", "")

// inRunner runs a command as GitHub's runner does.
func inRunner(run []string, args ...string) (code int, out, errs string) {
	var o, e strings.Builder
	code = Main(context.Background(), append(run[:len(run):len(run)], args...), Streams{
		In: strings.NewReader(""), Out: &o, Err: &e, Now: time.Now,
		Env: func(name string) string {
			if name == "GITHUB_ACTIONS" {
				return "true"
			}
			return ""
		},
	})
	return code, o.String(), e.String()
}

// Names that try to command a terminal, a runner or a document reach none of them: not on
// standard output, not in a file, and not in the error that quotes what was asked for.
func TestSimulateHostileNames(t *testing.T) {
	t.Parallel()
	names := []string{
		"::error file=x::y", "##[add-mask]y", "##vso[task.complete]y", "a\x1b[2Jb", "a\x1b]0;t\x07b", "a\u009b31mb", "a\x7fb", "a\u202eb\u2066c",
		"a\u200bb", "a\u2028b", "a\n::error::b", "a\r::error::b", "a\tb", "</svg><script>alert(1)</script>", "]]>&amp;\"'", "%s%n%!", "a " + strings.Repeat("::error:: ", 20),
	}
	written := 0
	for _, name := range names {
		dir := t.TempDir()
		path := filepath.Join(dir, "m.yaml")
		q := quoteYAML(name)
		text := fmt.Sprintf(`
service: %[1]s
operations:
  - {name: %[1]s, callee: %[2]s, mode: sync, timeout: 1s, answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}, delivery: {broker: %[3]s}}
journeys:
  - {name: %[1]s, steps: [%[1]s], budget: 1s}
`, q, quoteYAML("c"+name), quoteYAML("b"+name))
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		journey := name + "/" + name
		for _, run := range [][]string{
			{"simulate", "--format", "text"}, {"simulate", "--format", "json"}, {"simulate", "--format", "svg"}, {"plan", "--simulate"},
			{"simulate", "--scenario", "slow", "--callee", "c" + name}, {"simulate", "--callee", "x" + name}, {"simulate", "--journey", journey},
			{"simulate", "--journey", "x" + name}, {"simulate", "--operation", "x" + name}, {"simulate", "--as", name}, {"simulate", "--scenario", name},
		} {
			run = append(run, "--no-config")
			if run[0] == "simulate" {
				run = append(run, "--runs", "2", "--length", "10s")
			}
			_, out, errs := inRunner(run, path)
			kept := filepath.Join(dir, "out")
			_, said, told := inRunner(run, "-o", kept, path)
			file, err := os.ReadFile(kept)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for where, text := range map[string]string{"output": out, "errors": errs, "output beside a file": said, "errors beside a file": told, "file": noCommands.Replace(string(file))} {
				holdsText(t, append(run, where), text)
			}
			if len(file) > 0 {
				written++
				parses(t, run[:min(len(run), 3)], string(file))
			}
			_ = os.Remove(kept)
		}
	}
	if least := 3 * len(names); written < least {
		t.Errorf("%d files were written, want %d: the names don't get as far as a simulation", written, least)
	}
}
