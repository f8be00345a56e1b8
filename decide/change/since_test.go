package change_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/change"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

const shop = `service: shop
operations:
  - name: pay
    answers: {latency: 400ms}
    timeout: 2s
  - name: ship   # by truck
    answers: {}
    timeout: 3s
journeys:
  - {name: buy, steps: [pay, ship]}
`

// slow flags time-outs of more than a second.
func slow() *lint.Rule {
	return &lint.Rule{Code: "WN301", Name: "slow-timeout", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
		if s.Timeout.Value > time.Second {
			p.Report(s.Timeout.Range, "the timeout is long", "shorten it")
		}
	}}
}

// run passes rules over one file.
func run(t *testing.T, table *decide.Table, rules []*lint.Rule, name, text string) *lint.Result {
	t.Helper()
	open := func() (manifest.Source, error) { return manifest.Source{Name: name, Data: []byte(text)}, nil }
	r, err := lint.Run(t.Context(), []lint.Opener{open}, lint.Options{Rules: rules, Table: table, Limits: decide.DefaultLimits()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brief writes findings as rule@line.
func brief(r *lint.Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s@%d", f.Rule, f.Range.Start.Line))
	}
	return strings.Join(out, ", ")
}

// journeys flags every file once, about no operation.
func journeys() *lint.Rule {
	return &lint.Rule{Code: "WN202", Name: "journeys", Severity: diag.Info, Graph: func(p *lint.Pass, _ *graph.Graph) {
		p.ReportIn("a.yaml", diag.Range{Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 2}}, "", "a journey", "")
	}}
}

// Findings are kept where something changed: the operation's own text, its
// verdict under the rules of the day, or for findings about no operation the
// text around them.
func TestKeepChanged(t *testing.T) {
	split, err := decide.NewTable([]decide.Row{
		{Name: "fast", When: [4]decide.AnswerSet{decide.Latency: decide.AnswersOf(decide.No)}, Verdict: decide.Sync},
		{Name: "slow", When: [4]decide.AnswerSet{decide.Latency: decide.AnswersOf(decide.Yes, decide.Beyond)}, Verdict: decide.Async},
	})
	if err != nil {
		t.Fatal(err)
	}
	limits := decide.DefaultLimits()
	tighter := limits
	tighter.Threshold /= 2
	replace := func(old, new string) string {
		if !strings.Contains(shop, old) {
			t.Fatalf("%q is not in the sample", old)
		}
		return strings.Replace(shop, old, new, 1)
	}
	ship := shop[strings.Index(shop, "  - name: ship"):strings.Index(shop, "journeys")]
	tests := []struct {
		name, before string
		limits       decide.LatencyLimits // before
		want         string
	}{
		{"nothing", shop, limits, ""},
		{"a time-out", replace("2s", "1s"), limits, "slow-timeout@5"},
		{"another answer", replace("400ms", "500ms"), limits, "slow-timeout@5"},
		{"a comment within", replace("by truck", "by ship"), limits, "slow-timeout@8"},
		{"the service", replace("service: shop", "service: depot"), limits, "journeys@1, slow-timeout@5, slow-timeout@8"},
		{"a journey", replace("buy", "order"), limits, "journeys@1"},
		{"lines above", "# a shop\n\n" + shop, limits, "journeys@1"},
		{"an operation added", replace(ship, ""), limits, "slow-timeout@8"},
		{"an operation removed", replace("journeys", ship[:2]+"- {name: old, answers: {}}\njourneys"), limits, "journeys@1"},
		{"the limits", shop, tighter, "slow-timeout@5"},
		{"a file that was broken", "service: [", limits, "journeys@1, slow-timeout@5, slow-timeout@8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules := []*lint.Rule{journeys(), slow()}
			r := run(t, split, rules, "a.yaml", shop)
			version := func(text string, l decide.LatencyLimits) change.Version {
				return change.Version{Source: manifest.Source{Name: "a.yaml", Data: []byte(text)}, Policy: lint.NewPolicy(rules, split, l)}
			}
			all := len(r.Findings)
			change.Keep(r, map[string]*change.Changes{"a.yaml": change.Between(version(tt.before, tt.limits), version(shop, limits))})
			if got := brief(r); got != tt.want {
				t.Errorf("kept: %s, want %s", got, tt.want)
			}
			if len(r.Findings)+r.Unrelated != all {
				t.Errorf("%d kept and %d left out of %d", len(r.Findings), r.Unrelated, all)
			}
		})
	}
}

// A finding is kept, too, when what it is related to changed, and when its file
// is new or has no entry.
func TestKeepRelated(t *testing.T) {
	at := diag.Range{Start: diag.Pos{Line: 5, Column: 14}, End: diag.Pos{Line: 5, Column: 16}}
	all, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	version := func(text string) change.Version {
		return change.Version{Source: manifest.Source{Name: "a.yaml", Data: []byte(text)}, Policy: lint.NewPolicy(nil, all, decide.DefaultLimits())}
	}
	r := &lint.Result{Findings: []diag.Finding{
		{File: "b.yaml", Operation: "b/related", Related: []diag.Related{{File: "a.yaml", Range: at}}},
		{File: "b.yaml", Operation: "b/other"},
		{File: "new.yaml"},
		{File: "unknown.yaml"},
	}}
	same := change.Between(version("x: 1"), version("x: 1"))
	change.Keep(r, map[string]*change.Changes{
		"a.yaml": change.Between(version(strings.Replace(shop, "2s", "1s", 1)), version(shop)),
		"b.yaml": same, "new.yaml": change.NewFile(),
	})
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.File+" "+f.Operation)
	}
	if want := "b.yaml b/related,new.yaml ,unknown.yaml "; strings.Join(got, ",") != want {
		t.Errorf("kept: %q, want %q", got, want)
	}
}
