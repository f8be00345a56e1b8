package practice

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"waitornot/decide"
)

// A learner answers what is due and some new cards on each of sixty days. Some
// cards it knows, others it misses, so often that both kinds are seen.
type learner struct {
	chance *rand.Rand
	knows  map[string]float64 // the probability of a right verdict
}

// answer responds to a card.
func (l *learner) answer(c *Card) Response {
	r := Response{Answers: &c.Answers, Verdict: c.Verdict}
	if l.chance.Float64() >= l.knows[c.ID] {
		r.Verdict = c.Tempting.Verdict
	}
	return r
}

// live lets the learner practice for some days at noon and returns its history.
func (l *learner) live(t *testing.T, k *decide.Knowledge, d Deck, days int) *History {
	t.Helper()
	h := &History{}
	for day := range days {
		now := noon.AddDate(0, 0, day)
		p, err := Schedule(h, d)
		if err != nil {
			t.Fatal(err)
		}
		var events []Event
		for i, c := range Pick(Daily, d, p, now, 8, uint64(day)) {
			r := l.answer(c)
			e := AnsweredEvent(c, r, Grade(k.Table, c, r))
			e.ID, e.At, e.Mode = fmt.Sprintf("d%03d-%05d", day, i), now.Add(time.Duration(i)*time.Minute), Daily
			events = append(events, e)
		}
		h = h.With(events...)
	}
	return h
}

// Over sixty days, misses come back sooner than what was right, what is known
// comes back later and later, and what is hard is seen more often.
func TestLearner(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 18)
	l := &learner{rand.New(rand.NewPCG(1, 2)), map[string]float64{}}
	var easy, hard []string
	for i, c := range d.Cards() {
		l.knows[c.ID] = 1
		easy = append(easy, c.ID)
		if i%2 == 0 {
			l.knows[c.ID] = 0.6
			hard = append(hard, c.ID)
			easy = easy[:len(easy)-1]
		}
	}
	h := l.live(t, k, d, 60)
	seen := map[string]int{}
	gaps := map[string][]time.Duration{}
	last := map[string]Event{}
	var afterMiss, afterGood []time.Duration
	for _, e := range h.Events {
		if before, ok := last[e.Card]; ok {
			gap := e.At.Sub(before.At)
			gaps[e.Card] = append(gaps[e.Card], gap)
			if before.Rating == Again.String() {
				afterMiss = append(afterMiss, gap)
			} else {
				afterGood = append(afterGood, gap)
			}
		}
		last[e.Card] = e
		seen[e.Card]++
	}
	if len(afterMiss) < 20 || len(afterGood) < 40 {
		t.Fatalf("the learner came back to %d misses and %d right answers only", len(afterMiss), len(afterGood))
	}
	if miss, good := median(afterMiss), median(afterGood); miss*2 > good {
		t.Errorf("a miss comes back after %s, what was right after %s", miss, good)
	}
	if e, h := mean(easy, seen), mean(hard, seen); h < e*1.3 {
		t.Errorf("a hard card is seen %.1f times, an easy one %.1f times", h, e)
	}
	for _, id := range easy {
		if !slices.IsSorted(gaps[id]) {
			t.Errorf("%s is always known, yet came back after %s", id, gaps[id])
		}
	}
	p, err := Schedule(h, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range easy {
		if s := p.State(id); s == nil || s.Due.Sub(s.Last) < 20*24*time.Hour {
			t.Errorf("%s is always known, yet is due again at %v", id, s)
		}
	}
	s := StatsOf(h, d, p, noon.AddDate(0, 0, 59))
	if s.Seen != 18 || s.Known < len(easy) || s.Known == s.Seen {
		t.Errorf("%d cards seen, %d known; want all seen, the easy ones known, some hard ones not", s.Seen, s.Known)
	}
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

func mean(ids []string, of map[string]int) float64 {
	sum := 0
	for _, id := range ids {
		sum += of[id]
	}
	return float64(sum) / float64(len(ids))
}

// answered makes the event of a card that was answered rightly or not.
func answered(k *decide.Knowledge, c *Card, id string, at time.Time, right bool) Event {
	r := Response{Answers: &c.Answers, Verdict: c.Verdict}
	if !right {
		r.Verdict = c.Tempting.Verdict
	}
	e := AnsweredEvent(c, r, Grade(k.Table, c, r))
	e.ID, e.At = id, at
	return e
}

// A reworded card keeps its schedule, one with a changed answer is new, and so
// is one that was reset.
func TestScheduleReset(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 3)
	var h History
	for i, c := range d[0].Cards {
		h.Events = append(h.Events, answered(k, c, fmt.Sprint(i), noon, true))
	}
	d[0].Cards[0].Prompt = "Other words."
	d[0].Cards[1].Answers[decide.Coupling] = decide.Unknown
	h.Events = append(h.Events, Event{ID: "r", At: noon.Add(time.Hour), Kind: Reset, Card: d[0].Cards[2].ID})
	p, err := Schedule(&h, d)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, false} {
		if got := p.State(d[0].Cards[i].ID) != nil; got != want {
			t.Errorf("card %d has a schedule: %v, want %v", i, got, want)
		}
	}
}

// A miss is due within the sitting, and is a miss until it was right.
func TestMisses(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 2)
	a, b := d[0].Cards[0], d[0].Cards[1]
	h := &History{Events: []Event{answered(k, a, "1", noon, false), answered(k, b, "2", noon, true)}}
	plan := func() *Plan {
		p, err := Schedule(h, d)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	soon := noon.Add(15 * time.Minute)
	if got := plan().Due(soon); !slices.Equal(got, []string{a.ID}) {
		t.Errorf("due after a quarter of an hour: %v, want %s", got, a.ID)
	}
	if got := plan().Misses(noon.Add(-time.Hour)); !slices.Equal(got, []string{a.ID}) {
		t.Errorf("missed: %v, want %s", got, a.ID)
	}
	if got := plan().Misses(noon.Add(time.Second)); got != nil {
		t.Errorf("missed since later: %v, want none", got)
	}
	h = h.With(answered(k, a, "3", soon, true))
	if got := plan().Misses(noon); got != nil {
		t.Errorf("missed after a right answer: %v, want none", got)
	}
}

// The forecast goes by the days of the calendar at hand, overdue ones first.
func TestForecast(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 23, 23, 50, 0, 0, time.FixedZone("east", 3600))
	at := func(d time.Duration) *State { return &State{Due: late.Add(d).UTC()} }
	p := &Plan{map[string]*State{"a": at(-50 * time.Hour), "b": at(5 * time.Minute), "c": at(15 * time.Minute), "d": at(24 * time.Hour), "e": at(72 * time.Hour)}}
	if got, want := p.Forecast(late, 3), []int{2, 2, 0}; !slices.Equal(got, want) {
		t.Errorf("Forecast = %v, want %v", got, want)
	}
}
