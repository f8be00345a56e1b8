package practice

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"waitornot/decide"
)

// Of the options of every part exactly one is right by the engine's own word,
// for every combination of answers and every seed.
func TestChoices(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	rapid.Check(t, func(t *rapid.T) {
		c := cardOf(k, "shop/op", rapid.SampledFrom(allAnswers()).Draw(t, "answers"))
		c.Safeguards = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"deadline", "dead-letter-queue", "optional"}), rapid.ID).Draw(t, "named")
		seed := rapid.Uint64().Draw(t, "seed")
		rec := k.Recommend(c.Answers, 0)
		hit := rec.Rows[0].Name
		due := map[string]bool{}
		for _, d := range rec.Safeguards {
			due[d.ID] = true
		}
		tests := []struct {
			part  Part
			made  Choice
			right func(string) bool
		}{
			{PartReason, ReasonChoice(k, c, seed), func(o string) bool { return o == hit }},
			{PartSafeguard, SafeguardChoice(k, c, nil, seed), func(o string) bool { return due[o] }},
			{PartTradeoff, TradeoffChoice(k, c, nil, seed), func(o string) bool { return slices.Contains(k.Tradeoffs[c.Verdict].Costs, o) }},
		}
		for _, tt := range tests {
			var right []string
			for _, o := range tt.made.Options {
				if tt.right(o) {
					right = append(right, o)
				}
			}
			if len(right) != 1 || right[0] != tt.made.Right {
				t.Fatalf("%s of %s: right are %q of %q, told is %q", tt.part, c.Answers, right, tt.made.Options, tt.made.Right)
			}
			if n := len(tt.made.Options); n < 3 || n > choices {
				t.Fatalf("%s: %d options %q", tt.part, n, tt.made.Options)
			}
			if sorted := slices.Sorted(slices.Values(tt.made.Options)); len(slices.Compact(sorted)) != len(tt.made.Options) {
				t.Fatalf("%s: an option is defined twice: %q", tt.part, tt.made.Options)
			}
		}
		wrong := slices.DeleteFunc(slices.Clone(tests[1].made.Options), func(o string) bool { return o == tests[1].made.Right })
		for _, o := range wrong {
			if o == "optional" || slices.Contains(c.Safeguards, o) {
				t.Fatalf("%s is offered as a wrong safeguard", o)
			}
		}
	})
}

// The right option is not always in the same place.
func TestChoicesMove(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	c := cardOf(k, "shop/op", decide.Answers{decide.Yes, decide.No, decide.Yes, decide.Yes})
	places := map[int]int{}
	for seed := range uint64(400) {
		m := ReasonChoice(k, c, seed)
		places[slices.Index(m.Options, m.Right)]++
	}
	for place := range choices {
		if places[place] < 60 {
			t.Errorf("the right reason is at place %d only %d times of 400: %v", place, places[place], places)
		}
	}
}

// Another seed shows a tempting reason all the same.
func TestReasonTempts(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	for _, a := range allAnswers() {
		c := cardOf(k, "shop/op", a)
		for seed := range uint64(20) {
			tempts := func(name string) bool { return k.Table.Row(name).Verdict == c.Tempting.Verdict }
			if m := ReasonChoice(k, c, seed); !slices.ContainsFunc(m.Options, tempts) {
				t.Fatalf("%s, seed %d: no reason for %s among %q", a, seed, c.Tempting.Verdict, m.Options)
			}
		}
	}
}

func TestScore(t *testing.T) {
	t.Parallel()
	right, wrong, unsaid := Mark{"x", "x"}, Mark{"y", "x"}, Mark{NoAnswer, "x"}
	s := ScoreOf([]map[Part]Mark{
		{PartVerdict: right, PartReason: right, PartSafeguard: right, PartTradeoff: right},
		{PartVerdict: right, PartReason: wrong, PartSafeguard: unsaid},
		{PartVerdict: wrong, PartReason: right},
		{},
	})
	reached, possible := s.Total()
	if reached != 10+4+2 || possible != 40 {
		t.Errorf("Total() = %d of %d, want 16 of 40", reached, possible)
	}
	if s.Reached[PartVerdict] != 8 || s.Possible[PartVerdict] != 16 || s.Reached[PartReason] != 4 || s.Possible[PartReason] != 8 {
		t.Errorf("by part: %v of %v", s.Reached, s.Possible)
	}
}
