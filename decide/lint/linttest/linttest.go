// Package linttest runs rules over texts, for tests.
package linttest

import (
	"context"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// Slow flags every operation whose timeout is longer than its parameter says.
func Slow() *lint.Rule {
	return &lint.Rule{
		Code: "WN301", Name: "slow-timeout", Severity: diag.Warning, Since: "0.1.0",
		Params: []lint.Param{{Name: "limit", Unit: lint.Seconds, Default: 1}},
		Operation: func(p *lint.Pass, s *lint.Subject) {
			if s.Timeout.Value.Seconds() > p.Param("limit") {
				p.Report(s.Timeout.Range, "the timeout is long", "shorten it")
			}
		},
	}
}

// Never is a rule over the whole run that finds nothing.
func Never() *lint.Rule {
	return &lint.Rule{
		Code: "WN201", Name: "never", Severity: diag.Error, Since: "0.2.0",
		Graph: func(*lint.Pass, *graph.Graph) {},
	}
}

// Table returns a table of one row, by which everything is synchronous.
func Table(t testing.TB) *decide.Table {
	t.Helper()
	table, err := decide.NewTable([]decide.Row{{Name: "always", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Today is the day of the run.
func Today() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }

// Run checks manifests, given by name and text in turn, with Never and Slow when the
// options name no rules.
func Run(t testing.TB, o lint.Options, files ...string) *lint.Result {
	t.Helper()
	var openers []lint.Opener
	for i := 0; i < len(files); i += 2 {
		src := manifest.Source{Name: files[i], Data: []byte(files[i+1])}
		openers = append(openers, func() (manifest.Source, error) { return src, nil })
	}
	if o.Rules == nil {
		o.Rules = []*lint.Rule{Never(), Slow()}
	}
	o.Table, o.Limits, o.Today = Table(t), decide.DefaultLimits(), Today()
	r, err := lint.Run(context.Background(), openers, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
