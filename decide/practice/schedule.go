package practice

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/open-spaced-repetition/go-fsrs/v4"
)

// A Plan says when each card is to be seen again. It is made from a history and
// holds nothing that the history does not.
type Plan struct {
	states map[string]*State
}

// A State is what is known of one card's memory.
type State struct {
	Card     string
	Due      time.Time
	Last     time.Time // when it was last answered
	Seen     int       // how often it was answered since it was new
	Lapses   int       // how often it was forgotten after it had been known
	LastGood bool      // the last answer had nothing wrong
	Level    Level     // on which it is asked next
	memory   fsrs.Card
}

// scheduler returns the spaced repetition scheduler. A miss comes back after ten
// minutes, so within the same sitting; nothing is put off for more than a year.
func scheduler() *fsrs.FSRS {
	p := fsrs.DefaultParam()
	p.LearningSteps, p.RelearningSteps = []float64{10}, []float64{10}
	p.MaximumInterval = 365
	return fsrs.NewFSRS(p)
}

// Schedule replays a history over a deck. What was answered about a card whose
// answers or verdict have changed since does not count: the card is new. Cards
// that the deck does not have are left out.
func Schedule(h *History, d Deck) (*Plan, error) {
	cards := map[string]string{}
	for _, c := range d.Cards() {
		cards[c.ID] = c.Fingerprint()
	}
	p, f := &Plan{map[string]*State{}}, scheduler()
	for _, e := range h.standing() {
		switch {
		case e.Kind == Reset:
			delete(p.states, e.Card)
		case e.Kind == Answered && cards[e.Card] == e.Fingerprint && e.Fingerprint != "":
			if err := p.review(f, e); err != nil {
				return nil, fmt.Errorf("event %s: %w", e.ID, err)
			}
		case e.Kind == Spoke && cards[e.Card] == e.Fingerprint && e.Fingerprint != "":
			p.spoke(e)
		}
	}
	return p, nil
}

func (p *Plan) review(f *fsrs.FSRS, e *Event) error {
	grade, ok := map[string]fsrs.Rating{Again.String(): fsrs.Again, Hard.String(): fsrs.Hard, Good.String(): fsrs.Good}[e.Rating]
	if !ok {
		return nil
	}
	s := p.states[e.Card]
	if s == nil {
		s = &State{Card: e.Card, memory: fsrs.NewCard(e.At)}
	}
	next, err := f.Next(s.memory, e.At, grade)
	if err != nil {
		return err
	}
	s.memory = next.Card
	s.Due, s.Last, s.Seen, s.Lapses = s.memory.Due, e.At, s.Seen+1, int(s.memory.Lapses)
	s.LastGood = grade == fsrs.Good
	s.Level = rise(s.Level, map[fsrs.Rating]Rating{fsrs.Again: Again, fsrs.Good: Good}[grade])
	p.states[e.Card] = s
	return nil
}

// spoke brings a card back the next day whose answer the person could not say, however
// well the verdict is known.
func (p *Plan) spoke(e *Event) {
	if s := p.states[e.Card]; s != nil && e.Rating == SelfRatings()[0] {
		if next := e.At.Add(24 * time.Hour); next.Before(s.Due) {
			s.Due = next
		}
	}
}

// Level returns the level on which a card is asked next.
func (p *Plan) Level(id string) Level {
	if s := p.states[id]; s != nil && s.Level != "" {
		return s.Level
	}
	return Given
}

// State returns what is known of a card, or nil for one that is new.
func (p *Plan) State(id string) *State { return p.states[id] }

// Due returns the cards due at a time, the longest overdue first.
func (p *Plan) Due(now time.Time) []string {
	var due []*State
	for _, s := range p.states {
		if !s.Due.After(now) {
			due = append(due, s)
		}
	}
	slices.SortFunc(due, func(a, b *State) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Card, b.Card)) })
	return idsOf(due)
}

// Misses returns the cards whose last answer had something wrong, given since a
// time, the latest first.
func (p *Plan) Misses(since time.Time) []string {
	var missed []*State
	for _, s := range p.states {
		if !s.LastGood && !s.Last.Before(since) {
			missed = append(missed, s)
		}
	}
	slices.SortFunc(missed, func(a, b *State) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Card, b.Card)) })
	return idsOf(missed)
}

func idsOf(states []*State) []string {
	var ids []string
	for _, s := range states {
		ids = append(ids, s.Card)
	}
	return ids
}

// Forecast counts the cards that fall due on each of the next days, today
// first; what is overdue counts today. Days are those of now's location.
func (p *Plan) Forecast(now time.Time, days int) []int {
	counts := make([]int, days)
	for _, s := range p.states {
		if i := max(0, dayNumber(s.Due.In(now.Location()))-dayNumber(now)); i < days {
			counts[i]++
		}
	}
	return counts
}

// dayNumber numbers days as the calendar at hand has them, so that a day of 23
// or 25 hours is still one.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// Next returns when the first card of a deck falls due, and false when none of
// them was answered.
func (p *Plan) Next(d Deck) (time.Time, bool) {
	var next time.Time
	found := false
	for _, c := range d.Cards() {
		if s := p.states[c.ID]; s != nil && (!found || s.Due.Before(next)) {
			next, found = s.Due, true
		}
	}
	return next, found
}
