package rules

import (
	"testing"

	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/decide/advice/topic"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
	"waitornot/decide/simulate"
)

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
