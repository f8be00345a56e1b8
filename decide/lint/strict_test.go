package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/lint/linttest"
)

// needy are a rule over operations and one over the run that each need two facts.
func needy() []*lint.Rule {
	return []*lint.Rule{
		{Code: "WN301", Name: "one", Severity: diag.Warning, Operation: func(p *lint.Pass, s *lint.Subject) {
			p.Missing("timeout", "pool")
		}},
		{Code: "WN401", Name: "many", Severity: diag.Warning, Graph: func(p *lint.Pass, g *graph.Graph) {
			for i := range g.Operations() {
				id := graph.OperationID(i)
				p.MissingIn(g.File(id), g.Place(id, graph.FactName), g.ID(id), "timeout", "availability of b")
			}
			for i := range g.Journeys() {
				j := &g.Journeys()[i]
				p.MissingIn(j.File, j.Name.Range, g.JourneyID(j), "budget")
			}
		}},
	}
}

// A strict run names in one finding what all rules missed about an operation or a
// journey, those over the whole run too, unless a rule is off for the file.
func TestStrict(t *testing.T) {
	const (
		a = "service: s\noperations: [{name: a, answers: {}}]\njourneys: [{name: j, steps: [a]}]\n"
		b = "service: s\noperations: [{name: b, answers: {}}]\n"
	)
	without := lint.TunedPolicy([]lint.TunedRule{
		{Rule: needy()[0], Severity: diag.Warning}, {Rule: lint.EngineRules()[0], Severity: diag.Error},
	}, linttest.Table(t), decide.DefaultLimits())
	list := func(o lint.Options) string {
		o.Rules = needy()
		var out []string
		for _, f := range linttest.Run(t, o, "a.yaml", a, "b.yaml", b).Findings {
			out = append(out, fmt.Sprintf("%s:%d %s %s", f.File, f.Range.Start.Line, f.Severity, f.Message))
		}
		return strings.Join(out, "\n")
	}
	if got := list(lint.Options{}); got != "" {
		t.Errorf("a run that isn't strict tells:\n%s", got)
	}
	want := `a.yaml:2 info "s/a" is missing availability of b (for many); pool (for one); timeout (for one, many)
a.yaml:3 info "s/j" is missing budget (for many)
b.yaml:2 error "s/b" is missing pool (for one); timeout (for one)`
	if got := list(lint.Options{Strict: true, Policies: []*lint.Policy{nil, without}}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
