package decide

import (
	"slices"
	"testing"
)

// What a list of verdicts says, from one to three.
func TestVerdictSetWords(t *testing.T) {
	t.Parallel()
	for want, set := range map[string]VerdictSet{
		"sync": SetOf(Sync), "sync or async": SetOf(Sync) | SetOf(Async), "sync, async, or hybrid": SetOf(Sync) | SetOf(Async) | SetOf(Hybrid),
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

// Tables are the same when they say the same of every combination, whatever their rows
// are called.
func TestSameTables(t *testing.T) {
	t.Parallel()
	table := func(name string, latency AnswerSet, verdict Verdict) *Table {
		rest := AnswerSet(0)
		for _, a := range Latency.Answers() {
			if !latency.Has(a) {
				rest |= AnswersOf(a)
			}
		}
		made, err := NewTable([]Row{
			{Name: name, When: [QuestionCount]AnswerSet{Latency: latency}, Verdict: Sync},
			{Name: "else", When: [QuestionCount]AnswerSet{Latency: rest}, Verdict: verdict},
		})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	fast := table("fast", AnswersOf(No), Async)
	for _, tt := range []struct {
		name  string
		other *Table
		want  bool
	}{
		{"itself", fast, true}, {"another name", table("quick", AnswersOf(No), Async), true},
		{"another verdict", table("fast", AnswersOf(No), Hybrid), false}, {"another answer", table("fast", AnswersOf(No, Yes), Async), false},
	} {
		if fast.Same(tt.other) != tt.want || tt.other.Same(fast) != tt.want {
			t.Errorf("%s: the same is %t, want %t", tt.name, !tt.want, tt.want)
		}
	}
}

// Answers that are unknown aren't counted, and a number that is no answer has no name.
func TestAnswerCountsAndNames(t *testing.T) {
	t.Parallel()
	for want, a := range []Answers{{}, {Coupling: No}, {Yes, Unknown, Beyond, Unknown}, {Yes, Unsafe, No, Unknown}, {Yes, Yes, Yes, Yes}} {
		if got := a.Known(); got != want {
			t.Errorf("%v: %d are known, want %d", a, got, want)
		}
	}
	for a, want := range map[Answer]string{Unknown: "unknown", Unsafe: "unsafe", answerCount: "invalid answer", 255: "invalid answer"} {
		if a.String() != want {
			t.Errorf("answer %d is called %q, want %q", a, a.String(), want)
		}
	}
}

// A cost is left out with the answers that spare it, replaced where a pattern pays
// another one, and paid everywhere else.
func TestCostsUnderConditions(t *testing.T) {
	t.Parallel()
	k := &Knowledge{Conditions: []CostCondition{
		{Cost: "wait", Question: Latency, Unless: AnswersOf(No)},
		{Cost: "store", Patterns: []string{"outbox"}, Instead: "relay"},
		{Cost: "poll", Question: Immediacy, Unless: AnswersOf(No), Patterns: []string{"webhook"}},
	}}
	k.Tradeoffs[Async].Costs = []string{"wait", "store", "poll", "learn"}
	outbox, webhook := &Pattern{ID: "outbox"}, &Pattern{ID: "webhook"}
	for _, tt := range []struct {
		name    string
		answers Answers
		pattern *Pattern
		want    []string
	}{
		{"nothing known", Answers{}, nil, []string{"wait", "store", "poll", "learn"}},
		{"fast", Answers{Latency: No}, nil, []string{"store", "poll", "learn"}},
		{"not needed", Answers{Immediacy: No, Latency: Yes}, nil, []string{"wait", "store", "learn"}},
		{"another cost with a pattern", Answers{}, outbox, []string{"wait", "relay", "poll", "learn"}},
		{"none with a pattern", Answers{}, webhook, []string{"wait", "store", "learn"}},
		{"all at once", Answers{Immediacy: No, Latency: No}, outbox, []string{"relay", "learn"}},
	} {
		if got := k.CostsOf(Async, tt.answers, tt.pattern); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Answers that leave something open have the exception that turns the verdict of one of
// their completions: without it, the verdict wouldn't be the only one. If none is turned, they
// have the exception that all completions have, and none when these differ.
func TestExceptionOfOpenAnswers(t *testing.T) {
	t.Parallel()
	table := theTable(t)
	for _, f := range []Facts{Query, Gate, Behind | Command, Behind | Event, Local, OwnStore | Query, Gate | Behind} {
		every(func(a Answers) {
			d := table.Judge(a, f)
			if !d.Decided() || table.Decide(a).Decided() {
				return
			}
			want, turning, first := NoException, NoException, true
			for _, c := range completions(a) {
				j := table.Judge(c, f)
				if j.Verdict != table.Decide(c).Verdict && (turning == NoException || j.Exception < turning) {
					turning = j.Exception
				}
				if first {
					want, first = j.Exception, false
				} else if j.Exception != want {
					want = NoException
				}
			}
			if turning != NoException {
				want = turning
			}
			if d.Exception != want {
				t.Errorf("%s with %v: exception %q, want %q", a, f.List(), d.Exception, want)
			}
		})
	}
}

// A set lists each of its answers and no other, in the order of a table cell.
func TestAnswerSetWords(t *testing.T) {
	t.Parallel()
	for want, set := range map[string]AnswerSet{
		"-": 0, "no": AnswersOf(No), "no, yes": AnswersOf(Yes, No), "later, beyond": AnswersOf(Beyond, Later),
		"unknown, too-late, unsafe": AnswersOf(Unsafe, TooLate, Unknown),
	} {
		if set.String() != want {
			t.Errorf("%q, want %q", set.String(), want)
		}
	}
}

// Beside a plain no, the question whether to retry offers its two reasons; the others
// offer their own answers.
func TestChoices(t *testing.T) {
	t.Parallel()
	for q, want := range map[Question][]Answer{
		Immediacy: Immediacy.Answers(), Retryability: {Yes, TooLate, Unsafe, No}, Latency: Latency.Answers(), Coupling: Coupling.Answers(),
	} {
		if got := q.Choices(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", q, got, want)
		}
	}
}

// What each answer argues for.
func TestArgues(t *testing.T) {
	t.Parallel()
	detached := SetOf(Async, Hybrid)
	want := map[Question]map[Answer]VerdictSet{
		Immediacy:    {Yes: SetOf(Sync), Later: SetOf(Hybrid), No: SetOf(Async)},
		Retryability: {Yes: detached, No: SetOf(Sync), TooLate: SetOf(Sync), Unsafe: SetOf(Sync)},
		Latency:      {Yes: detached, No: SetOf(Sync), Beyond: detached},
		Coupling:     {Yes: detached, No: 0},
	}
	for _, q := range Questions() {
		for _, a := range append(q.Choices(), Unknown) {
			if got := q.Argues(a); got != want[q][a] {
				t.Errorf("%s %s argues for %q, want %q", q, a, got, want[q][a])
			}
		}
	}
}

// An obligation holds when its verdict, its facts and its answers are there, and none of
// what it rules out.
func TestObligationHolds(t *testing.T) {
	t.Parallel()
	o := Obligation{Verdicts: SetOf(Async), All: Brokered | Command, None: LossOK,
		When: [QuestionCount]AnswerSet{Retryability: AnswersOf(Yes)}, Unless: [QuestionCount]AnswerSet{Latency: AnswersOf(Beyond)}}
	answers := Answers{Retryability: Yes}
	for _, tt := range []struct {
		name    string
		verdict Verdict
		answers Answers
		facts   Facts
		want    bool
	}{
		{"all is there", Async, answers, Brokered | Command, true},
		{"another fact besides", Async, answers, Brokered | Command | Human, true},
		{"another verdict", Sync, answers, Brokered | Command, false},
		{"half of its facts", Async, answers, Brokered, false},
		{"the other half", Async, answers, Command, false},
		{"a fact that rules it out", Async, answers, Brokered | Command | LossOK, false},
		{"another answer", Async, Answers{Retryability: No}, Brokered | Command, false},
		{"an unknown answer", Async, Answers{}, Brokered | Command, false},
		{"an answer that rules it out", Async, answers.With(Latency, Beyond), Brokered | Command, false},
		{"another answer to that question", Async, answers.With(Latency, Yes), Brokered | Command, true},
	} {
		if got := o.Holds(tt.verdict, tt.answers, tt.facts); got != tt.want {
			t.Errorf("%s: it holds is %t", tt.name, got)
		}
	}
}

// Whatever number stands for an answer, there is a decision: one that is no answer counts
// as unknown.
func TestNoAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for _, q := range Questions() {
		for n := range 256 {
			var a, unknown Answers
			for other := range a {
				a[other], unknown[other] = Beyond, Beyond // the last of a table
			}
			a[q], unknown[q] = Answer(n), Unknown
			if n >= answerCount && code(a) != code(unknown) {
				t.Errorf("%s %d is looked up at %d, want %d", q, n, code(a), code(unknown))
			}
			if at := code(a); at < 0 || at >= combinations {
				t.Errorf("%s %d is looked up at %d of %d", q, n, at, combinations)
			}
		}
	}
}
