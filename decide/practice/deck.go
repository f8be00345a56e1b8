package practice

import (
	"cmp"
	"slices"
	"time"
)

// A Mode is a way to practice.
type Mode string

// The modes.
const (
	Drill  Mode = "drill"  // any cards, the unseen first
	Mock   Mode = "mock"   // one system, as in an interview
	Review Mode = "review" // what is due
	Misses Mode = "misses" // what went wrong lately
	Daily  Mode = "daily"  // a mix for some minutes
	Single Mode = "grade"  // one card, answered on the command line
)

// MissWindow is how long a miss counts as lately.
const MissWindow = 14 * 24 * time.Hour

// DefaultPace is the time that a card takes when the history does not say.
const DefaultPace = 75 * time.Second

// Pick returns the cards of a mode, at most count of them, or all with 0. Mock
// takes the deck as it is, but for cards whose verdict is open. The same seed picks the same cards.
func Pick(mode Mode, d Deck, p *Plan, now time.Time, count int, seed uint64) []*Card {
	var ids []string
	switch mode {
	case Mock:
		for _, c := range d.Cards() {
			if c.Decided() {
				ids = append(ids, c.ID)
			}
		}
	case Review:
		ids = p.Due(now)
	case Misses:
		ids = p.Misses(now.Add(-MissWindow))
	case Daily:
		ids = mix(slices.Concat(p.Due(now), p.Misses(now.Add(-MissWindow))), unseen(d, p, seed))
	default:
		ids = slices.Concat(unseen(d, p, seed), seenBefore(d, p, seed))
	}
	return cardsOf(d, ids, count)
}

// mix puts a new card after every two old ones, so that a pile of old ones does
// not keep everything new away.
func mix(old, fresh []string) []string {
	var ids []string
	for len(old) > 0 || len(fresh) > 0 {
		n := min(2, len(old))
		ids, old = append(ids, old[:n]...), old[n:]
		n = min(1, len(fresh))
		ids, fresh = append(ids, fresh[:n]...), fresh[n:]
	}
	return ids
}

// unseen returns the new cards in an order that the seed determines, those of common
// systems first.
func unseen(d Deck, p *Plan, seed uint64) []string {
	var common, others []string
	for _, s := range d {
		for _, c := range s.Cards {
			switch {
			case p.State(c.ID) != nil:
			case s.Common:
				common = append(common, c.ID)
			default:
				others = append(others, c.ID)
			}
		}
	}
	return append(shuffled(common, seed, "deck"), shuffled(others, seed, "deck")...)
}

// seenBefore returns the other cards, in such an order too.
func seenBefore(d Deck, p *Plan, seed uint64) []string {
	var ids []string
	for _, c := range d.Cards() {
		if p.State(c.ID) != nil {
			ids = append(ids, c.ID)
		}
	}
	return shuffled(ids, seed, "deck")
}

// cardsOf returns the cards with the ids, each once.
func cardsOf(d Deck, ids []string, count int) []*Card {
	byID := map[string]*Card{}
	for _, c := range d.Cards() {
		byID[c.ID] = c
	}
	var cards []*Card
	for _, id := range ids {
		if c := byID[id]; c != nil && (count == 0 || len(cards) < count) {
			cards = append(cards, c)
			delete(byID, id)
		}
	}
	return cards
}

// CardsFor returns how many cards fit into a time at the pace of the history:
// the median time that its last answers took. At least one fits.
func CardsFor(h *History, d time.Duration) int {
	const lately = 50
	var took []time.Duration
	events := h.standing()
	for i := len(events) - 1; i >= 0 && len(took) < lately; i-- {
		if e := events[i]; e.Kind == Answered && e.Took > 0 && e.Mode != Mock {
			took = append(took, e.Took)
		}
	}
	pace := DefaultPace
	if len(took) >= 5 {
		slices.Sort(took)
		pace = max(took[len(took)/2], 5*time.Second)
	}
	return max(1, int(d/pace))
}

// NextDesign returns the system to design next: one that was not designed yet, if there is
// one whose cards are all on the level Ask such a one. The seed chooses among equals. The
// deck must not be empty.
func NextDesign(d Deck, h *History, p *Plan, seed uint64) *System {
	last := map[string]int{}
	for i, e := range h.standing() {
		if e.Kind == Designed {
			last[e.Card] = i + 1
		}
	}
	var ids []string
	for _, s := range d {
		ids = append(ids, s.ID)
	}
	rank := func(id string) int {
		switch s := d.System(id); {
		case p.Mastered(s):
			return 0
		case s.Common:
			return 1
		}
		return 2
	}
	return d.System(slices.MinFunc(shuffled(ids, seed, "design"), func(a, b string) int {
		return cmp.Or(last[a]-last[b], rank(a)-rank(b))
	}))
}

// Ripe returns the first system whose cards are all on the level Ask and that was not
// designed yet, or nil: to design it is the next level.
func Ripe(d Deck, h *History, p *Plan) *System {
	designed := map[string]bool{}
	for _, e := range h.standing() {
		if e.Kind == Designed {
			designed[e.Card] = true
		}
	}
	for _, s := range d {
		if p.Mastered(s) && !designed[s.ID] {
			return s
		}
	}
	return nil
}

// NextMock returns the system to interview about next: one that no mock ended
// about, a common one if there is one, else the one whose last mock is the longest ago.
// The seed chooses among equals. The deck must not be empty.
func NextMock(d Deck, h *History, seed uint64) *System {
	last := map[string]int{} // the position of the last mock, from 1
	for i, e := range h.standing() {
		if e.Kind == Ended && e.Mode == Mock {
			last[e.Card] = i + 1
		}
	}
	var ids []string
	for _, s := range d {
		ids = append(ids, s.ID)
	}
	ids = shuffled(ids, seed, "mock")
	rare := func(id string) int {
		if d.System(id).Common {
			return 0
		}
		return 1
	}
	return d.System(slices.MinFunc(ids, func(a, b string) int { return cmp.Or(last[a]-last[b], rare(a)-rare(b)) }))
}
