package adviceview_test

import (
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/adviceview"
	"waitornot/decide"
	"waitornot/decide/advice"
	"waitornot/rules/embedded"
)

// A recommendation is said as a person would: with the numbers that were given, and the
// costs that the answers leave.
func TestInterview(t *testing.T) {
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		answers decide.Answers
		latency time.Duration
		want    []string
		not     string
	}{
		{decide.Answers{decide.Yes, decide.No, decide.Yes, decide.Yes}, 900 * time.Millisecond,
			[]string{"I'd make charge synchronous: the next step can't begin without the result, and at a p99 of 900ms I can afford to wait.", "The price: the caller is blocked in the meantime, the callee's uptime becomes ours", "So I'd add ", "a circuit breaker", "If an acknowledgment were enough, I'd make it hybrid; if nobody looked for the outcome, I'd make it asynchronous."}, "more"},
		{decide.Answers{decide.Yes, decide.No, decide.No, decide.No}, 0, []string{"without the result. The price: the caller is blocked in the meantime."}, "uptime"},
		{decide.Answers{decide.No, decide.Yes, decide.Yes, decide.Yes}, 2 * time.Second,
			[]string{"I'd make charge asynchronous: nobody waits for it and it takes 2s, so I'd hand it off.", "readers may see old data for a while", "a dead-letter queue with an alert", "If the next step needed the result, I'd make it synchronous"}, "blocked"},
		{decide.Answers{decide.Yes, decide.No, decide.Beyond, decide.No}, 0, []string{"I'd make charge hybrid: the result is needed, but no gateway keeps a connection open that long"}, ""},
		{decide.Answers{}, 0, []string{"I can't decide about charge yet: sync, async, and hybrid are still possible. First I'd ask: does the user need the result now?"}, "price"},
	} {
		op := advice.Operation{Name: "charge", Answers: test.answers, Latency: test.latency}
		a := adviser.Advise(&op)
		got := adviceview.Interview(&a, adviser)
		for _, want := range test.want {
			if !strings.Contains(got, want) {
				t.Errorf("%v: got\n%s\nwhich does not say\n%s", test.answers, got, want)
			}
		}
		if test.not != "" && strings.Contains(got, test.not) {
			t.Errorf("%v: %q in\n%s", test.answers, test.not, got)
		}
	}
}

// Every combination of answers gives sentences without holes.
func TestInterviewSaysSomethingOfEveryAnswer(t *testing.T) {
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	for answers := range (decide.Answers{}).Complete {
		op := advice.Operation{Answers: answers}
		a := adviser.Advise(&op)
		got := adviceview.Interview(&a, adviser)
		for _, hole := range []string{"  ", " ,", ": .", "because .", "add .", "If ,", "..", "immediacy", "beyond", "coupling"} {
			if strings.Contains(got, hole) {
				t.Errorf("%v: %q in %q", answers, hole, got)
			}
		}
		for _, part := range []string{"I'd make this ", "The price: ", "If "} {
			if !strings.Contains(got, part) {
				t.Errorf("%v: no %q in %q", answers, part, got)
			}
		}
		if n := len(strings.Fields(got)); n > 120 {
			t.Errorf("%v: %d words in %q", answers, n, got)
		}
	}
}
