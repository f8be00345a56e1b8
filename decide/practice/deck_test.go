package practice

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func idsIn(cards []*Card) []string {
	var ids []string
	for _, c := range cards {
		ids = append(ids, c.ID)
	}
	return ids
}

// Each mode picks what it says, each card once, and the same again for the same
// seed.
func TestPick(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 8)
	cards := d[0].Cards
	h := &History{Events: []Event{
		answered(k, cards[0], "0", noon, false), answered(k, cards[1], "1", noon.Add(time.Second), false),
		answered(k, cards[2], "2", noon, true), answered(k, cards[3], "3", noon.AddDate(0, 0, -90), true),
	}}
	h.sort()
	p, err := Schedule(h, d)
	if err != nil {
		t.Fatal(err)
	}
	now := noon.Add(time.Hour)
	pick := func(m Mode, n int, seed uint64) []string { return idsIn(Pick(m, d, p, now, n, seed)) }
	if got, want := pick(Review, 0, 1), []string{cards[3].ID, cards[0].ID, cards[1].ID}; !slices.Equal(got, want) {
		t.Errorf("review: %v, want the due ones %v, the longest overdue first", got, want)
	}
	if got, want := pick(Misses, 0, 1), []string{cards[1].ID, cards[0].ID}; !slices.Equal(got, want) {
		t.Errorf("misses: %v, want %v, the latest first", got, want)
	}
	if got := pick(Mock, 0, 1); !slices.Equal(got, idsIn(cards)) {
		t.Errorf("mock: %v, want all in order", got)
	}
	drill := pick(Drill, 0, 1)
	for _, id := range drill[:4] {
		if p.State(id) != nil {
			t.Errorf("drill: %v, %s was seen before others were", drill, id)
		}
	}
	if all := slices.Sorted(slices.Values(drill)); len(slices.Compact(all)) != 8 {
		t.Errorf("drill: %v, want all of the 8 cards once", drill)
	}
	daily := pick(Daily, 0, 1)
	if want := pick(Review, 0, 1); daily[0] != want[0] || daily[1] != want[1] || p.State(daily[2]) != nil {
		t.Errorf("daily: %v, want two that are due, then a new one", daily)
	}
	if !slices.Equal(daily, pick(Daily, 0, 1)) || slices.Equal(drill, pick(Drill, 0, 2)) {
		t.Error("the seed does not determine the order")
	}
	if got := pick(Drill, 3, 1); !slices.Equal(got, drill[:3]) {
		t.Errorf("three of a drill: %v, want %v", got, drill[:3])
	}
}

// The number of cards follows the pace of the person.
func TestCardsFor(t *testing.T) {
	t.Parallel()
	if got := CardsFor(&History{}, 10*time.Minute); got != 8 {
		t.Errorf("without a history: %d cards in ten minutes, want 8", got)
	}
	var h History
	for i := range 9 {
		h.Events = append(h.Events, Event{ID: fmt.Sprint(i), Kind: Answered, Mode: Drill, Took: time.Duration(i+26) * time.Second})
		h.Events = append(h.Events, Event{ID: fmt.Sprint("m", i), Kind: Answered, Mode: Mock, Took: time.Hour})
	}
	if got := CardsFor(&h, 10*time.Minute); got != 20 {
		t.Errorf("at half a minute each: %d cards in ten minutes, want 20", got)
	}
	if got := CardsFor(&h, time.Second); got != 1 {
		t.Errorf("in a second: %d cards, want 1", got)
	}
}

// The next mock is about a system that had none, else about the one whose last
// is the longest ago.
func TestNextMock(t *testing.T) {
	t.Parallel()
	d := Deck{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	h := &History{}
	seen := map[string]bool{}
	for i := range 3 {
		id := NextMock(d, h, 5).ID
		if seen[id] {
			t.Fatalf("%s twice, while others had none", id)
		}
		seen[id] = true
		h = h.With(Event{ID: fmt.Sprint(i), At: noon.Add(time.Duration(i) * time.Hour), Kind: Ended, Mode: Mock, Card: id})
	}
	if got, want := NextMock(d, h, 9).ID, h.Events[0].Card; got != want {
		t.Errorf("the fourth is about %s, want %s again", got, want)
	}
	firsts := map[string]bool{}
	for seed := range uint64(40) {
		firsts[NextMock(d, &History{}, seed).ID] = true
	}
	if len(firsts) != 3 {
		t.Errorf("whatever the seed, the first is one of %v", firsts)
	}
}

// Next is when the first card falls due.
func TestPlanNext(t *testing.T) {
	t.Parallel()
	k := knowledge(t)
	d := deckOf(k, 3)
	p, err := Schedule(&History{}, d)
	if err != nil {
		t.Fatal(err)
	}
	if at, ok := p.Next(d); ok {
		t.Errorf("without a history the next is due at %s", at)
	}
	h := &History{Events: []Event{answered(k, d[0].Cards[0], "1", noon, true), answered(k, d[0].Cards[1], "2", noon.Add(time.Minute), false)}}
	if p, err = Schedule(h, d); err != nil {
		t.Fatal(err)
	}
	if at, ok := p.Next(d); !ok || at != p.State(d[0].Cards[1].ID).Due {
		t.Errorf("Next = %s, %v; want the card that was missed", at, ok)
	}
}
