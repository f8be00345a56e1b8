package change_test

import (
	"fmt"
	"slices"
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

// Findings are kept where something changed: what an operation says or inherits, its
// verdict under the rules of the day, or for findings about no operation what its file
// says beside operations. Comments and places don't count.
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
		{"a comment within", replace("by truck", "by ship"), limits, ""},
		{"the service", replace("service: shop", "service: depot"), limits, "journeys@1, slow-timeout@5, slow-timeout@8"},
		{"a journey", replace("buy", "order"), limits, "journeys@1"},
		{"lines above", "# a shop\n\n" + shop, limits, ""},
		{"an operation added", replace(ship, ""), limits, "slow-timeout@8"},
		{"an operation removed", replace("journeys", ship[:2]+"- {name: old, answers: {}}\njourneys"), limits, ""},
		{"the limits", shop, tighter, "slow-timeout@5"},
		{"a file that was broken", "service: [", limits, "journeys@1, slow-timeout@5, slow-timeout@8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules := []*lint.Rule{journeys(), slow()}
			r := run(t, split, rules, "a.yaml", shop)
			all := len(r.Findings)
			before := run(t, split, rules, "a.yaml", tt.before)
			change.Keep(r, before.Findings, change.Compare(version(tt.before, split, tt.limits), version(shop, split, limits)))
			if got := brief(r); got != tt.want {
				t.Errorf("kept: %s, want %s", got, tt.want)
			}
			if len(r.Findings)+r.Unrelated != all {
				t.Errorf("%d kept and %d left out of %d", len(r.Findings), r.Unrelated, all)
			}
		})
	}
}

// version reads a manifest as it is judged by a table and limits.
func version(text string, table *decide.Table, limits decide.LatencyLimits) *change.Version {
	policy := lint.NewPolicy(nil, table, limits)
	file, ops := manifest.Read(manifest.Source{Name: "a.yaml", Data: []byte(text)}, manifest.Options{})
	v := &change.Version{Documents: file.Documents}
	for i := range ops {
		v.Operations = append(v.Operations, change.Of("a.yaml", &ops[i], policy))
	}
	return v
}

// What was found before is left out, unless it points at something that changed: an
// operation, a journey, or a place in an operation that it is related to.
func TestKeepRelated(t *testing.T) {
	table, err := decide.NewTable([]decide.Row{{Name: "all", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	at := diag.Range{Start: diag.Pos{Line: 5, Column: 14}, End: diag.Pos{Line: 5, Column: 16}}
	findings := []diag.Finding{
		{File: "b.yaml", Operation: "b/related", Related: []diag.Related{{File: "a.yaml", Range: at}}},
		{File: "b.yaml", Operation: "b/other"},
		{File: "b.yaml", Operation: "shop/buy"},
		{File: "b.yaml"},
	}
	diag.Identify(findings, nil)
	before := slices.Clone(findings)
	added := []diag.Finding{{File: "b.yaml", Operation: "b/new", Code: "WN1"}}
	diag.Identify(added, nil)
	r := &lint.Result{Findings: append(findings, added...)}
	changed := strings.NewReplacer("2s", "1s", "steps: [pay, ship]", "steps: [ship]").Replace(shop)
	change.Keep(r, before, change.Compare(version(changed, table, decide.DefaultLimits()), version(shop, table, decide.DefaultLimits())))
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Operation)
	}
	if want := "b/related,shop/buy,b/new"; strings.Join(got, ",") != want || r.Unrelated != 2 {
		t.Errorf("kept: %q and %d left out, want %q", got, r.Unrelated, want)
	}
}
