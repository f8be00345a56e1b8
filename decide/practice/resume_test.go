package practice

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waitornot/decide"
)

// move does something that a person might do at any time.
func (r *run) move(t *rapid.T) {
	r.now = r.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "seconds")) * time.Second)
	switch rapid.SampledFrom([]string{"say", "say", "say", "say", "hint", "skip", "back", "tick"}).Draw(t, "do") {
	case "say":
		if step, ok := r.Step(); ok {
			events, _, err := r.Say(rapid.SampledFrom(append(step.Options, NoAnswer)).Draw(t, "word"), r.now)
			if err != nil {
				t.Fatal(err)
			}
			r.keep(t, events...)
		}
	case "hint":
		_, events, _ := r.Hint(r.now)
		r.keep(t, events...)
	case "skip":
		r.keep(t, r.Skip(r.now)...)
	case "back":
		events, _, _ := r.Back(r.now)
		r.keep(t, events...)
	case "tick":
		events, _ := r.Tick(r.now)
		r.keep(t, events...)
	}
}

// Whatever was done, a session that is stopped goes on where it was: same step,
// same marks, same time used, and it numbers its events on.
func TestResume(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 3)
	rapid.Check(t, func(t *rapid.T) {
		mode := rapid.SampledFrom([]Mode{Drill, Mock}).Draw(t, "mode")
		r := begin(t, mode, d, k, 10*time.Minute)
		for range rapid.IntRange(0, 30).Draw(t, "moves") {
			r.move(t)
		}
		open := LastOpen(ReadHistory(r.log), r.now)
		if (open == nil) != r.Done() {
			t.Fatalf("open %v, done %v", open != nil, r.Done())
		}
		if open == nil {
			return
		}
		later := noon.AddDate(0, 0, 3)
		back, missing, err := Resume(open, d, k, nil, later)
		if err != nil {
			t.Fatal(err)
		}
		if len(missing) > 0 {
			t.Fatalf("nothing was cut off, yet it lacks %v", missing)
		}
		want, _ := r.Step()
		got, _ := back.Step()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("-stopped at +resumed at:\n%s", diff)
		}
		for i := range r.Cards {
			if diff := cmp.Diff(r.Marks(i), back.Marks(i)); diff != "" {
				t.Fatalf("card %d: -said +kept:\n%s", i, diff)
			}
		}
		last := open.Events[len(open.Events)-1]
		if back.Used(later) != last.Used || back.events != r.events {
			t.Fatalf("used %s, %d events; want %s, %d", back.Used(later), back.events, last.Used, r.events)
		}
	})
}

// A log that was cut off between an answer and its grading is completed.
func TestResumeCutOff(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 2)
	r := begin(t, Drill, d, k, 0)
	for range 6 {
		r.right(t)
	}
	lines := bytes.SplitAfter(r.log, []byte("\n"))
	cut := bytes.Join(lines[:len(lines)-2], nil) // without the last line, the grading
	s, missing, err := Resume(LastOpen(ReadHistory(cut), noon), d, k, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(missing) != 1 || missing[0].Kind != Answered {
		t.Fatalf("missing: %+v, want the grading", missing)
	}
	if step, _ := s.Step(); step.Part != PartChange {
		t.Errorf("resumed at %s, want the follow-up", step.Part)
	}
}

// A session over cards that have changed since is not resumed.
func TestResumeChanged(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 2)
	r := begin(t, Drill, d, k, 0)
	r.right(t)
	open := LastOpen(ReadHistory(r.log), r.now)
	d[0].Cards[1].Verdict = decide.Undecided
	if _, _, err := Resume(open, d, k, nil, noon); err == nil {
		t.Error("resumed over a card with another verdict")
	}
	d[0].Cards = d[0].Cards[:1]
	if _, _, err := Resume(open, d, k, nil, noon); err == nil {
		t.Error("resumed without one of its cards")
	}
	r.keep(t, Abandon(open, noon))
	if LastOpen(ReadHistory(r.log), r.now) != nil {
		t.Error("open after it was given up")
	}
}

// A clock that is put back in the middle of a session does not disorder it.
func TestResumeClockBack(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 2)
	r := begin(t, Drill, d, k, 0)
	r.right(t)
	r.now = noon.Add(-time.Hour)
	r.right(t)
	r.right(t)
	s, _, err := Resume(LastOpen(ReadHistory(r.log), noon), d, k, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	if step, _ := s.Step(); step.Part != PartOf(decide.Coupling) {
		t.Errorf("resumed at %s, want coupling", step.Part)
	}
}

// The session worked on last is the one to resume; ended ones do not come back.
func TestLastOpen(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	ev := func(id, session string, k Kind, s int) Event {
		return Event{ID: id, Session: session, Kind: k, At: at(s)}
	}
	h := &History{Events: []Event{ev("1", "a", Began, 1), ev("2", "b", Began, 2), ev("3", "a", Said, 3)}}
	if o := LastOpen(h, noon); o == nil || o.Began.Session != "a" || len(o.Events) != 2 {
		t.Errorf("LastOpen = %+v, want a", o)
	}
	if o := LastOpen(h.With(ev("4", "a", Ended, 4)), noon); o == nil || o.Began.Session != "b" {
		t.Errorf("LastOpen after a ended = %+v, want b", o)
	}
	if o := LastOpen(h.With(ev("4", "b", Said, 4)), noon); o == nil || o.Began.Session != "b" {
		t.Errorf("LastOpen = %+v, want b", o)
	}
	if o := LastOpen(h, noon.AddDate(0, 0, 8)); o != nil {
		t.Errorf("LastOpen after a week = %+v, want none", o)
	}
}
