package practice

import (
	"slices"
	"testing"
	"time"

	"waitornot/decide"
)

// noon is when the tests' clock starts.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// knowledge is a small one: the framework's rows, one safeguard for each answer
// that could oblige one, and costs of which async and hybrid share one.
func knowledge(t testing.TB) *decide.Knowledge {
	t.Helper()
	yes, no, later, beyond := decide.Yes, decide.No, decide.Later, decide.Beyond
	set := decide.AnswersOf
	away := set(later, no)
	table, err := decide.NewTable([]decide.Row{
		{Name: "needed-now", When: [4]decide.AnswerSet{set(yes), 0, set(no, yes), 0}, Verdict: decide.Sync},
		{Name: "too-long-to-hold", When: [4]decide.AnswerSet{set(yes), 0, set(beyond), 0}, Verdict: decide.Hybrid},
		{Name: "outcome-later", When: [4]decide.AnswerSet{set(later), 0, set(yes, beyond), 0}, Verdict: decide.Hybrid},
		{Name: "slow-and-detached", When: [4]decide.AnswerSet{set(no), 0, set(yes, beyond), 0}, Verdict: decide.Async},
		{Name: "safe-to-retry", When: [4]decide.AnswerSet{away, set(yes), set(no), 0}, Verdict: decide.Async},
		{Name: "keep-apart", When: [4]decide.AnswerSet{away, set(no), set(no), set(yes)}, Verdict: decide.Async},
		{Name: "nothing-to-gain", When: [4]decide.AnswerSet{away, set(no), set(no), set(no)}, Verdict: decide.Sync},
	})
	if err != nil {
		t.Fatal(err)
	}
	k := &decide.Knowledge{Table: table}
	guard := func(id string, by decide.Question, when decide.AnswerSet, verdicts ...decide.Verdict) {
		o := decide.Obligation{By: by, Verdicts: decide.SetOf(verdicts...)}
		o.When[by] = when
		k.Safeguards = append(k.Safeguards, decide.Safeguard{ID: id, Name: id, Obliged: []decide.Obligation{o}})
	}
	guard("error-handling", decide.Retryability, set(no), decide.Sync)
	guard("bounded-retry", decide.Retryability, set(yes), decide.Sync)
	guard("deadline", decide.Latency, set(yes), decide.Sync)
	guard("dead-letter-queue", decide.Retryability, set(yes), decide.Async, decide.Hybrid)
	guard("single-delivery", decide.Retryability, set(no), decide.Async, decide.Hybrid)
	guard("status-endpoint", decide.Immediacy, set(yes, later), decide.Hybrid)
	k.Safeguards = append(k.Safeguards, decide.Safeguard{ID: "optional", Name: "optional"})
	k.Tradeoffs[decide.Sync].Costs = []string{"blocked", "coupled", "cascading"}
	k.Tradeoffs[decide.Async].Costs = []string{"complex errors", "eventual", "debugging", "broker"}
	k.Tradeoffs[decide.Hybrid].Costs = []string{"a status", "pending", "complex errors"}
	return k
}

// allAnswers returns every combination of definite answers.
func allAnswers() []decide.Answers {
	var all []decide.Answers
	decide.Answers{}.Complete(func(a decide.Answers) bool {
		all = append(all, a)
		return true
	})
	return all
}

// cardOf makes a card with the answers, whose follow-up asks for coupling the
// other way round.
func cardOf(k *decide.Knowledge, id string, a decide.Answers) *Card {
	c := &Card{ID: id, Title: id, Prompt: "What about " + id + "?", Answers: a, Verdict: k.Table.Decide(a).Verdict,
		Hints: []string{"one", "two", "three"}}
	c.Tempting.Verdict = decide.Verdicts()[int(c.Verdict)%3]
	other := decide.Yes
	if a[decide.Coupling] == decide.Yes {
		other = decide.No
	}
	after := a.With(decide.Coupling, other)
	c.FollowUp = &FollowUp{Fact: "Coupling turns.", Answers: after, Verdict: k.Table.Decide(after).Verdict}
	return c
}

// deckOf makes a system of cards with all kinds of answers.
func deckOf(k *decide.Knowledge, cards int) Deck {
	s := &System{ID: "shop", Title: "Shop", Brief: "Sell."}
	for i, a := range allAnswers() {
		if i%2 == 0 && len(s.Cards) < cards {
			s.Cards = append(s.Cards, cardOf(k, "shop/op-"+string(rune('a'+len(s.Cards))), a))
		}
	}
	return Deck{s}
}

// With returns a history with more events.
func (h *History) With(more ...Event) *History {
	out := &History{Events: slices.Concat(h.Events, more), Torn: h.Torn, Bad: h.Bad, Newer: h.Newer}
	out.sort()
	return out
}
