package custom

import (
	"context"
	"fmt"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// A Case is one of the two manifests by which a custom rule is tested.
type Case struct {
	Name   string // bad or good
	Failed string // why it fails; "" when it passes
}

// Test runs a rule over its own cases: the bad manifest must trigger it, the
// good one must not, and both must be manifests without a fault. A case that is
// not given fails, because a rule without cases is a guess.
func Test(ctx context.Context, r *lint.Rule, table *decide.Table, limits decide.LatencyLimits) ([]Case, error) {
	var cases []Case
	for _, c := range []struct {
		name, src string
		triggers  bool
	}{{"bad", r.Doc.Bad, true}, {"good", r.Doc.Good, false}} {
		if c.src == "" {
			cases = append(cases, Case{c.name, "it is not given"})
			continue
		}
		open := func() (manifest.Source, error) {
			return manifest.Source{Name: c.name, Data: []byte(c.src)}, nil
		}
		result, err := lint.Run(ctx, []lint.Opener{open}, lint.Options{Rules: []*lint.Rule{r}, Table: table, Limits: limits, Workers: 1})
		if err != nil {
			return nil, err
		}
		cases = append(cases, Case{c.name, judge(r, c.triggers, result)})
	}
	return cases, nil
}

// judge says why a case fails, or "".
func judge(r *lint.Rule, triggers bool, result *lint.Result) string {
	hits := 0
	for _, f := range result.Findings {
		if f.Code != r.Code {
			return fmt.Sprintf("line %d: %s", f.Range.Start.Line, f.Message)
		}
		hits++
	}
	switch {
	case triggers && hits == 0:
		return "the rule reports nothing"
	case !triggers && hits > 0:
		return fmt.Sprintf("line %d: the rule reports %s", result.Findings[0].Range.Start.Line, result.Findings[0].Message)
	}
	return ""
}
