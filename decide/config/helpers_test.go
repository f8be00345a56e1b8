package config_test

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

// slow flags every operation whose timeout is longer than its parameter says.
func slow() *lint.Rule {
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

// never is a rule over the whole run that finds nothing.
func never() *lint.Rule {
	return &lint.Rule{
		Code: "WN201", Name: "never", Severity: diag.Error, Since: "0.2.0",
		Graph: func(*lint.Pass, *graph.Graph) {},
	}
}

func table(t *testing.T) *decide.Table {
	t.Helper()
	table, err := decide.NewTable([]decide.Row{{Name: "always", Verdict: decide.Sync}})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// run checks manifests, given by name and text in turn.
func run(t *testing.T, o lint.Options, files ...string) *lint.Result {
	t.Helper()
	var openers []lint.Opener
	for i := 0; i < len(files); i += 2 {
		src := manifest.Source{Name: files[i], Data: []byte(files[i+1])}
		openers = append(openers, func() (manifest.Source, error) { return src, nil })
	}
	if o.Rules == nil {
		o.Rules = []*lint.Rule{never(), slow()}
	}
	o.Table, o.Limits, o.Today = table(t), decide.DefaultLimits(), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	r, err := lint.Run(context.Background(), openers, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
