package advice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
)

// An answer is written with the duration that stood for it.
func TestGiven(t *testing.T) {
	t.Parallel()
	a := &Advice{Operation: &Operation{}}
	a.Answers = decide.Answers{decide.Immediacy: decide.Later, decide.Latency: decide.Yes}
	if got := Given(a, decide.Immediacy) + ", " + Given(a, decide.Latency) + ", " + Given(a, decide.Coupling); got != "later, yes, unknown" {
		t.Error(got)
	}
	a.Latency = 90 * time.Second
	if got := Given(a, decide.Immediacy) + ", " + Given(a, decide.Latency); got != "later, yes (1m30s)" {
		t.Error(got)
	}
}

// Changes of one answer are told together, those of several apart, each with the durations
// that stand for an answer.
func TestWaysTo(t *testing.T) {
	t.Parallel()
	one := func(v decide.Verdict, q decide.Question, to decide.Answer) decide.Flip {
		return decide.Flip{Changes: []decide.Change{{Question: q, To: to}}, Verdict: v}
	}
	both := decide.Flip{Verdict: decide.Async, Changes: []decide.Change{{Question: decide.Retryability, To: decide.Yes}, {Question: decide.Latency, To: decide.Beyond}}}
	a := &Advice{Limits: decide.LatencyLimits{Threshold: time.Second, Wait: 30 * time.Second}}
	a.Flips = []decide.Flip{
		one(decide.Sync, decide.Latency, decide.No), one(decide.Async, decide.Immediacy, decide.Later), one(decide.Async, decide.Immediacy, decide.No),
		one(decide.Async, decide.Coupling, decide.Yes), both, one(decide.Async, decide.Coupling, decide.No), one(decide.Hybrid, decide.Latency, decide.Yes),
	}
	got := strings.Join(WhatIf(a), "\n")
	want := `sync if latency were no (up to 1s)
async if immediacy were later or no, or if coupling were yes, or if retryability were yes and latency were beyond (over 30s), or if coupling were no
hybrid if latency were yes (over 1s)`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The rows that lead to what is possible are named as long as they help.
func TestBetween(t *testing.T) {
	t.Parallel()
	a := &Advice{}
	a.Possible = decide.SetOf(decide.Sync, decide.Async)
	for i := range 4 {
		a.Rows = append(a.Rows, &decide.Row{Name: fmt.Sprintf("r%d", i)})
		want := "sync or async"
		if i < 3 {
			want += " (rows " + strings.Join(RowNames(a), ", ") + ")"
		}
		if got := Between(a); got != want || len(RowNames(a)) != i+1 {
			t.Errorf("%d rows: %s", i+1, got)
		}
	}
}

// An answer argues, finds fine, or has no opinion.
func TestArgument(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		q    decide.Question
		a    decide.Answer
		want string
	}{
		{decide.Immediacy, decide.Unknown, "not answered"}, {decide.Immediacy, decide.Yes, "argues for sync"},
		{decide.Latency, decide.No, "finds sync fine"}, {decide.Latency, decide.Beyond, "argues for async or hybrid"}, {decide.Coupling, decide.No, "has no opinion"},
	} {
		a := &Advice{Operation: &Operation{}}
		a.Answers[tt.q] = tt.a
		if got := Argument(a, tt.q); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.q, tt.a, got, tt.want)
		}
	}
}

// Every role has a name and words of its own; two have nothing to say.
func TestRoleWords(t *testing.T) {
	t.Parallel()
	seen, silent := map[string]bool{}, 0
	for r := Abstains; r <= Waits; r++ {
		words := RoleWords(r)
		if words == "" {
			silent++
		} else if seen[words] {
			t.Errorf("%s says %q, as another does", r, words)
		}
		if seen[r.String()+"!"] || r.String() == "" {
			t.Errorf("role %d is called %q", r, r)
		}
		seen[words], seen[r.String()+"!"] = true, true
	}
	if silent != 2 || Role(200).String() != "invalid role" {
		t.Errorf("%d roles have nothing to say", silent)
	}
}

// A safeguard is named once: for the dissent that obliges it, else beside what the other
// answers oblige.
func TestSafeguarded(t *testing.T) {
	t.Parallel()
	guard := func(id string, by ...decide.Question) decide.Due {
		return decide.Due{Safeguard: &decide.Safeguard{ID: id}, By: by}
	}
	a := &Advice{}
	a.Safeguards = []decide.Due{guard("a", decide.Immediacy, decide.Latency), guard("b", decide.Latency), guard("c", decide.Coupling)}
	if got := fmt.Sprint(Safeguarded(a)); got != "[{because of the answers [a b c]}]" {
		t.Error(got)
	}
	a.Dissents = []decide.Dissent{{Question: decide.Latency}, {Question: decide.Retryability}}
	if got := fmt.Sprint(Safeguarded(a)); got != "[{because latency dissents [a b]} {besides [c]}]" {
		t.Error(got)
	}
	if got := Safeguarded(&Advice{}); got != nil {
		t.Errorf("nothing is obliged: %v", got)
	}
}

// What a stack builds is said in sentences, also that it has nothing.
func TestBuilt(t *testing.T) {
	t.Parallel()
	java := &Stack{Name: "Java"}
	for want, b := range map[string]*Build{
		"":                                   nil,
		"Java: Resilience4j. Mind the pool.": {java, Component{Use: "Resilience4j", Note: "Mind the pool."}},
		"Java: Resilience4j.":                {java, Component{Use: "Resilience4j"}},
		"Java has nothing for this. Use a queue.": {java, Component{Note: "Use a queue."}},
	} {
		if got := Built(&Advice{Build: b}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Every exception has words of its own, and behind a queue they depend on the verdict.
func TestExceptionText(t *testing.T) {
	t.Parallel()
	seen := map[string]decide.Exception{}
	for x := decide.NoException; x < 20; x++ {
		text := ExceptionText(&Advice{Recommendation: decide.Recommendation{Explanation: decide.Explanation{Decision: decide.Decision{Exception: x, Verdict: decide.Async}}}})
		if other, taken := seen[text]; taken && text != "" {
			t.Errorf("%s says what %s says", x, other)
		}
		seen[text] = x
	}
	if len(seen) < 7 || ExceptionOf(&decide.Decision{}) != "" {
		t.Errorf("%d texts", len(seen))
	}
	if sync := ExceptionOf(&decide.Decision{Exception: decide.BehindAlready, Verdict: decide.Sync}); sync == "" || sync == ExceptionOf(&decide.Decision{Exception: decide.BehindAlready, Verdict: decide.Async}) {
		t.Errorf("behind a queue a call is said to be %q", sync)
	}
}
