package rules

import (
	"strings"
	"testing"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/advice/topic"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
	"waitornot/decide/simulate"
)

// A gate is harmless to repeat and useless later: its rule asks for the answer that says so.
func TestGatesAreTooLate(t *testing.T) {
	r := gateMarkedRetryable()
	for name, fix := range map[string]string{"the page": r.Doc.Fix, "the good manifest": r.Doc.Good} {
		if !strings.Contains(fix, "retryability: too-late") {
			t.Errorf("%s says %q", name, fix)
		}
	}
	for _, f := range run(t, r.Doc.Bad) {
		if f.Code == r.Code && f.Fix != "answer retryability: too-late, unless a late result is still useful" {
			t.Errorf("the fix is %q", f.Fix)
		}
	}
}

// Every word that a manifest may hold as a value, and every word that reports print in
// place of a sentence, is explained.
func TestEveryWordIsExplained(t *testing.T) {
	topics := all(t)
	explained := func(word, where string) {
		if word != "" && len(topic.Find(topics, word)) == 0 {
			t.Errorf("%s (%s) is not explained", word, where)
		}
	}
	var walk func(keys []manifest.Key)
	walk = func(keys []manifest.Key) {
		for i := range keys {
			k := &keys[i]
			for _, w := range k.Words {
				explained(w, k.Name)
			}
			walk(k.Keys)
			if k.Items != nil {
				walk([]manifest.Key{*k.Items})
			}
		}
	}
	walk(manifest.Schema().Keys)
	for r := advice.Abstains; r <= advice.Waits; r++ {
		explained(advice.RoleWords(r), "the role of an answer")
	}
	for _, g := range []decide.Agreement{decide.NoVerdict, decide.CloseCall, decide.Clear} {
		explained(g.String(), "agreement")
	}
	for x := decide.NoException; x <= decide.EitherWay; x++ {
		explained(x.String(), "an exception")
	}
	for _, s := range diag.Severities() {
		explained(s.String(), "severity")
	}
	for _, c := range []graph.Compliance{graph.NotAsked, graph.Open, graph.Met, graph.Missed} {
		explained(c.String(), "a journey's goal")
	}
	for _, g := range []graph.Ground{graph.ByVerdict, graph.ByAnswer, graph.ByConsent} {
		explained(g.String(), "a plan's step")
	}
	for _, k := range simulate.Kinds() {
		explained(k.String(), "a simulation")
	}
	for _, v := range []simulate.Variant{simulate.Declared, simulate.Recommended, simulate.Planned} {
		explained(v.String(), "a simulation")
	}
	for _, p := range []simulate.Phase{simulate.Before, simulate.During, simulate.After} {
		explained(p.String(), "a simulation")
	}
}

// No two answers are said to be the same.
func TestAnswersDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, x := range all(t) {
		if x.Kind != topic.Answer {
			continue
		}
		if other, found := seen[x.Summary]; found {
			t.Errorf("%s and %s are both %q", other, x.Name, x.Summary)
		}
		seen[x.Summary] = x.Name
	}
	if len(seen) < 6 {
		t.Errorf("%d answers are explained", len(seen))
	}
}

// A share has two digits of what is missing to one, unless that would hide that it misses
// its target.
func TestNines(t *testing.T) {
	for _, test := range []struct {
		share, target float64
		want          string
	}{
		{0.98940613, 0.998, "98.94%"}, {0.9949005, 0.998, "99.49%"}, {0.99987654, 0.9999, "99.988%"},
		{0.9989999, 0.999, "99.89999%"}, {0.5, 0.9, "50%"}, {0, 0.9, "0%"},
	} {
		if got := nines(test.share, test.target); got != test.want {
			t.Errorf("nines(%v, %v) is %s, want %s", test.share, test.target, got, test.want)
		}
	}
}
