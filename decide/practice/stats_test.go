package practice

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"waitornot/decide"
)

func statsOf(t *testing.T, h *History, d Deck, now time.Time) *Stats {
	t.Helper()
	p, err := Schedule(h, d)
	if err != nil {
		t.Fatal(err)
	}
	return StatsOf(h, d, p, now)
}

// Days are those of the person's calendar, and today does not break a streak.
func TestStreak(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 1)
	tokyo := time.FixedZone("Tokyo", 9*3600)
	var h History
	for i, day := range []int{1, 2, 3, 7, 8} {
		at := time.Date(2026, 11, day, 8, 0, 0, 0, tokyo).UTC() // the day before in UTC
		h.Events = append(h.Events, answered(k, d[0].Cards[0], fmt.Sprint(i), at, true))
	}
	tests := []struct{ day, streak int }{{8, 2}, {9, 2}, {10, 0}}
	for _, tt := range tests {
		s := statsOf(t, &h, d, time.Date(2026, 11, tt.day, 7, 0, 0, 0, tokyo))
		if s.Streak != tt.streak || s.Longest != 3 {
			t.Errorf("on day %d: streak %d, longest %d; want %d, 3", tt.day, s.Streak, s.Longest, tt.streak)
		}
	}
	if s := statsOf(t, &h, d, noon.In(tokyo)); s.Days[0].Date != "2026-11-01" || len(s.Days) != 5 {
		t.Errorf("days: %+v", s.Days)
	}
}

func TestStats(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	c := cardOf(k, "shop/op", decide.Answers{decide.Yes, decide.No, decide.Yes, decide.Yes}) // sync, async tempts
	d := Deck{{ID: "shop", Cards: []*Card{c, cardOf(k, "shop/new", c.Answers)}}}
	var h History
	add := func(said decide.Answers, v decide.Verdict, sure Confidence) {
		r := Response{Answers: &said, Verdict: v, Confidence: sure}
		e := AnsweredEvent(c, r, Grade(k.Table, c, r))
		e.ID, e.At = fmt.Sprint(len(h.Events)), noon.Add(time.Duration(len(h.Events))*time.Hour)
		h.Events = append(h.Events, e)
	}
	add(c.Answers, decide.Sync, Sure)
	add(c.Answers.With(decide.Latency, decide.Unknown), decide.Async, Sure)
	add(c.Answers.With(decide.Latency, decide.No), decide.Hybrid, Guess)
	add(c.Answers, decide.Undecided, "")
	f := FollowedUpEvent(c, GradeFollowUp(c, "coupling", decide.Sync))
	f.ID, f.At = "f", noon.Add(9*time.Hour)
	h.Events = append(h.Events, f)
	s := statsOf(t, &h, d, noon.AddDate(0, 0, 1))
	if got, want := s.Questions["latency"], (Tally{4, 2, 1}); got != want {
		t.Errorf("latency: %+v, want %+v", got, want)
	}
	if got, want := s.Verdicts["sync"], (Tally{4, 1, 1}); got != want {
		t.Errorf("sync: %+v, want %+v", got, want)
	}
	if got, want := s.Distractors, (Distractor{4, 1, 3}); got != want {
		t.Errorf("tempting errors: %+v, want %+v", got, want)
	}
	if got, want := s.Calibrated[2], (Calibration{Sure, Tally{2, 1, 0}, 1}); got != want {
		t.Errorf("when sure: %+v, want %+v", got, want)
	}
	if got, want := s.Consistent, (Tally{Graded: 4, Right: 1}); got != want {
		t.Errorf("consistent: %+v, want %+v", got, want)
	}
	if s.Cards != 2 || s.Seen != 1 || s.Answers != 4 || s.FollowUps != (Tally{1, 1, 0}) || s.DueNow != 1 || s.Forecast[0] != 1 {
		t.Errorf("cards %d, seen %d, answers %d, follow-ups %+v, due %d, forecast %v", s.Cards, s.Seen, s.Answers, s.FollowUps, s.DueNow, s.Forecast)
	}
}

// The series is a mean over three days, of answers and verdicts alike.
func TestSeries(t *testing.T) {
	t.Parallel()
	day := func(graded, right int) Day { return Day{Answers: Tally{Graded: graded, Right: right}} }
	s := &Stats{Days: []Day{day(4, 0), day(4, 4), day(2, 2), day(10, 10)}}
	want := []float64{0, 0.5, 0.6, 1}
	same := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
	if got := s.Series(10); !slices.EqualFunc(got, want, same) {
		t.Errorf("Series(10) = %v, want %v", got, want)
	}
	if got := s.Series(2); !slices.EqualFunc(got, want[2:], same) {
		t.Errorf("Series(2) = %v, want %v", got, want[2:])
	}
	if got := (&Stats{}).Series(5); len(got) != 0 {
		t.Errorf("Series of nothing = %v", got)
	}
}
