package adviceview_test

import (
	"strings"
	"testing"

	"waitornot/cmd/internal/adviceview"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/rules/knowledge"
)

func TestInterview(t *testing.T) {
	adviser, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		answers decide.Answers
		want    string
	}{
		{decide.Answers{decide.Yes, decide.No, decide.No, decide.Yes},
			"I would make charge synchronous because the caller's next step can't begin without the result, so it waits; " +
				"the cost is tight coupling to the callee and cascading failure when the callee is slow; " +
				"I would guard it with "},
		{decide.Answers{decide.No, decide.Yes, decide.Yes, decide.Yes},
			"I would make charge asynchronous because nobody waits for the result and the work is slow, so waiting would only hold the caller up; " +
				"the cost is complex error handling, eventual consistency, harder debugging and broker infrastructure to run; " +
				"I would guard it with "},
		{decide.Answers{decide.Yes, decide.No, decide.Beyond, decide.No},
			"I would make charge hybrid, an acknowledgement now and the outcome later, because the result is needed, but the work outlasts the connections that common front doors hold; " +
				"the cost is "},
		{decide.Answers{},
			"I would not decide about charge yet: sync, async and hybrid are still possible. I would first ask: "},
	} {
		op := advice.Operation{Name: "charge", Answers: test.answers}
		a := adviser.Advise(&op)
		if got := adviceview.Interview(&a, adviser); !strings.HasPrefix(got, test.want) || !strings.HasSuffix(got, ".") && !strings.HasSuffix(got, "?") {
			t.Errorf("%v: got\n%s\nwant it to begin with\n%s", test.answers, got, test.want)
		}
	}
}

// Every combination of answers gives a sentence without holes.
func TestInterviewSaysSomethingOfEveryAnswer(t *testing.T) {
	adviser, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	for answers := range (decide.Answers{}).Complete {
		op := advice.Operation{Answers: answers}
		a := adviser.Advise(&op)
		got := adviceview.Interview(&a, adviser)
		for _, hole := range []string{"  ", " ,", "because ;", "is ;", "with .", "is .", ".."} {
			if strings.Contains(got, hole) {
				t.Errorf("%v: %q in %q", answers, hole, got)
			}
		}
		for _, part := range []string{"I would make this ", " because ", "; the cost is ", "I would make it "} {
			if !strings.Contains(got, part) {
				t.Errorf("%v: no %q in %q", answers, part, got)
			}
		}
	}
}
