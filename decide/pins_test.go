package decide

import "testing"

// What a list of verdicts says, from one to three.
func TestVerdictSetWords(t *testing.T) {
	t.Parallel()
	for want, set := range map[string]VerdictSet{
		"sync": SetOf(Sync), "sync or async": SetOf(Sync) | SetOf(Async), "sync, async or hybrid": SetOf(Sync) | SetOf(Async) | SetOf(Hybrid),
	} {
		if got := set.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A word that is no question gives none, and the zero Question beside.
func TestParseNoQuestion(t *testing.T) {
	t.Parallel()
	if q, ok := ParseQuestion("cost"); ok || q != 0 {
		t.Errorf("ParseQuestion = %v, %t", q, ok)
	}
}

// Facts follow from answers: a broker is there when one is named or coupling asks for a
// queue, and work beyond the wait limit is slow, too.
func TestImpliedFacts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		facts   Facts
		answers Answers
		want    Facts
	}{
		{"nothing", 0, Answers{}, NoBroker},
		{"a broker", Brokered, Answers{}, Brokered},
		{"coupled", 0, Answers{Coupling: Yes}, Coupled},
		{"not coupled", 0, Answers{Coupling: No}, NoBroker},
		{"slow", 0, Answers{Latency: Yes}, Slow | NoBroker},
		{"beyond", 0, Answers{Latency: Beyond}, Slow | NoBroker},
		{"fast", 0, Answers{Latency: No}, NoBroker},
		{"retryable", 0, Answers{Retryability: Yes}, Retryable | NoBroker},
		{"not retryable", 0, Answers{Retryability: No}, NoBroker},
	}
	for _, tt := range tests {
		if got := tt.facts.implied(tt.answers); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got.List(), tt.want.List())
		}
	}
}

// Of questions that tell the same, the one that the framework asks first is next.
func TestTiesOfTheNextQuestion(t *testing.T) {
	t.Parallel()
	// Immediacy and coupling decide in the same way, the others nothing.
	table, err := NewTable([]Row{
		{Name: "both-no", When: [QuestionCount]AnswerSet{Immediacy: AnswersOf(No, Later), Coupling: AnswersOf(No)}, Verdict: Async},
		{Name: "coupled", When: [QuestionCount]AnswerSet{Immediacy: AnswersOf(No, Later), Coupling: AnswersOf(Yes)}, Verdict: Async},
		{Name: "now", When: [QuestionCount]AnswerSet{Immediacy: AnswersOf(Yes)}, Verdict: Sync},
	})
	if err != nil {
		t.Fatal(err)
	}
	if next := table.Decide(Answers{}).Next; next != Immediacy {
		t.Errorf("next is %v", next)
	}
	same, err := NewTable([]Row{
		{Name: "fast", When: [QuestionCount]AnswerSet{Retryability: AnswersOf(Yes), Coupling: AnswersOf(Yes)}, Verdict: Async},
		{Name: "one", When: [QuestionCount]AnswerSet{Retryability: AnswersOf(Yes), Coupling: AnswersOf(No)}, Verdict: Sync},
		{Name: "other", When: [QuestionCount]AnswerSet{Retryability: AnswersOf(No)}, Verdict: Sync},
	})
	if err != nil {
		t.Fatal(err)
	}
	if next := same.Decide(Answers{}).Next; next != Retryability {
		t.Errorf("of two that tell the same, next is %v, want retryability", next)
	}
}
