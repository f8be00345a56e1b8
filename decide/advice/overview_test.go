package advice

import (
	"strings"
	"testing"

	"waitornot/decide"
)

// Each operation stands in one list, in the order they come, and among those that differ when
// its declared mode is none that is possible.
func TestOverview(t *testing.T) {
	t.Parallel()
	var p Overview
	add := func(name string, v, declared decide.Verdict, immediacy decide.Answer, possible ...decide.Verdict) {
		a := &Advice{Operation: &Operation{Service: "s", Name: name, Callee: "c"}}
		a.Declared, a.Verdict, a.Possible = declared, v, decide.SetOf(possible...)
		a.Answers[decide.Immediacy] = immediacy
		if name == "close" {
			a.Close = []decide.Flip{{}}
		}
		p.Add(a)
	}
	add("must", decide.Sync, decide.Sync, decide.Yes, decide.Sync)
	add("may", decide.Sync, decide.Async, decide.No, decide.Sync)
	add("close", decide.Async, decide.Undecided, decide.No, decide.Async)
	add("later", decide.Async, decide.Hybrid, decide.No, decide.Async, decide.Hybrid)
	add("hybrid", decide.Hybrid, decide.Sync, decide.Later, decide.Hybrid)
	add("open", decide.Undecided, decide.Sync, decide.Unknown, decide.Async, decide.Hybrid)
	for list, want := range map[*[]Line]string{
		&p.MustWait: "s/must", &p.MayWait: "s/may", &p.Async: "s/close s/later", &p.Hybrid: "s/hybrid", &p.Undecided: "s/open", &p.Differing: "s/may s/hybrid s/open",
	} {
		var ids []string
		for _, l := range *list {
			ids = append(ids, l.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if p.Total() != 6 || p.CloseCalls != 1 || p.MayWait[0].Declared != decide.Async || p.MayWait[0].Callee != "c" {
		t.Errorf("%d operations, %d close calls, %+v", p.Total(), p.CloseCalls, p.MayWait[0])
	}
}

// The facts that are asked for have names, and matter when the result isn't needed now
// and something changes.
func TestAskedFacts(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range AskedFacts() {
		names = append(names, f.Key()+" "+f.Flag())
		for _, tt := range []struct {
			immediacy decide.Answer
			known     decide.Facts
			want      bool
		}{{decide.Yes, 0, false}, {decide.No, 0, true}, {decide.Later, decide.Gate, true}, {decide.No, decide.Query, false}, {decide.Unknown, 0, true}} {
			if got := f.Applies(decide.Answers{decide.Immediacy: tt.immediacy}, tt.known); got != tt.want {
				t.Errorf("%s with immediacy %s and facts %d: %t", f.Key(), tt.immediacy, tt.known, got)
			}
		}
	}
	if got := strings.Join(names, ", "); got != "gate gate, read_back read-back" {
		t.Error(got)
	}
	if Gate.Bit() != decide.Gate || ReadBack.Bit() != decide.ReadBack {
		t.Error("a fact has another's bit")
	}
	q := QuestionText{Answers: []AnswerText{{Is: decide.No}, {Is: decide.Yes}}}
	if q.Of(decide.Yes) != &q.Answers[1] || q.Of(decide.Later) != nil {
		t.Error("the text of another answer")
	}
}
