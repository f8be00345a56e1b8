package practice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"waitornot/decide"
)

// cutID splits the id of a card into system and operation.
func cutID(id string) (system, operation string, ok bool) { return strings.Cut(id, "/") }

// An Open session was begun and not ended.
type Open struct {
	Began  Event
	Events []Event // all of its events, in order
	Cards  int     // how many were answered or passed over
}

// openFor is how long a session that was stopped is worth going on with.
const openFor = 7 * 24 * time.Hour

// LastOpen returns the session that was worked on last, not more than a week
// ago, among those that are not over; or nil.
func LastOpen(h *History, now time.Time) *Open {
	sessions := map[string][]Event{}
	for _, e := range h.Events {
		if e.Session != "" {
			sessions[e.Session] = append(sessions[e.Session], e)
		}
	}
	var last *Open
	for _, events := range sessions {
		o := openOf(events)
		if o != nil && now.Sub(o.last().At) <= openFor && (last == nil || o.last().After(last.last())) {
			last = o
		}
	}
	return last
}

// openOf returns the session that events make, or nil when it was not begun or
// is over. It goes by the numbers of the events: a clock that was put back in
// the middle of a session does not disorder it.
func openOf(events []Event) *Open {
	slices.SortFunc(events, func(a, b Event) int { return cmp.Compare(a.ID, b.ID) })
	if events[0].Kind != Began {
		return nil
	}
	done := map[string]bool{}
	for _, e := range (&History{Events: events}).standing() {
		switch e.Kind {
		case Ended:
			return nil
		case Answered, Skipped:
			done[e.Card] = true
		}
	}
	return &Open{Began: events[0], Events: events, Cards: len(done)}
}

// last returns the session's last event.
func (o *Open) last() *Event { return &o.Events[len(o.Events)-1] }

// After reports whether the event stands behind another in the log.
func (e *Event) After(other *Event) bool {
	return cmp.Or(e.At.Compare(other.At), cmp.Compare(e.ID, other.ID)) > 0
}

// Resume rebuilds an open session over a deck, at the time now. It fails when
// the deck no longer has the cards as they were. The events returned are those
// that followed from what was said, but were cut off before they were written. The coach
// is that of a session with spoken answers.
func Resume(o *Open, d Deck, k *decide.Knowledge, coach *Coach, now time.Time) (*Session, []Event, error) {
	var cards []*Card
	for i, id := range o.Began.Deck {
		c := d.Card(id)
		if c == nil || i >= len(o.Began.Fingerprints) || c.Fingerprint() != o.Began.Fingerprints[i] {
			return nil, nil, fmt.Errorf("%s has changed since the session began", id)
		}
		cards = append(cards, c)
	}
	s := NewSession(o.Began.Session, o.Began.Mode, cards, k, o.Began.Seed, o.Began.Limit)
	s.From, s.Levels = o.Began.From, o.Began.Levels
	if o.Began.Spoken {
		s.Coach = coach
	}
	follow := &History{}
	for i := range o.Events {
		events, err := s.replay(&o.Events[i])
		if err != nil {
			return nil, nil, err
		}
		follow.Events = append(follow.Events, events...)
	}
	s.started = now
	return s, (&History{Events: o.Events}).Missing(follow), nil
}

// replay repeats what an event says was done. The clock stands at the time that
// had been used then.
func (s *Session) replay(e *Event) (events []Event, err error) {
	s.used, s.started = e.Used, e.At
	defer s.number(e.ID)
	switch e.Kind {
	case Said:
		if step, ok := s.Step(); !ok || e.Mark == nil || step.Part != e.Part || step.Card.ID != e.Card {
			return nil, fmt.Errorf("event %s doesn't fit into the session", e.ID)
		}
		if events, _, err = s.Say(e.Mark.Said, e.At); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
	case Hinted:
		_, events, _ = s.Hint(e.At)
	case Skipped:
		events = s.Skip(e.At)
	case WentBack:
		events, _, _ = s.Back(e.At)
	}
	return events, nil
}

// number goes on after the number in an event's id.
func (s *Session) number(id string) {
	n := 0
	if _, err := fmt.Sscanf(strings.TrimPrefix(id, s.ID+"-"), "%d", &n); err == nil {
		s.events = max(s.events, n)
	}
}

// Abandon returns the event that ends an open session without grading more.
func Abandon(o *Open, now time.Time) Event {
	s := &Session{ID: o.Began.Session, Mode: o.Began.Mode}
	for i := range o.Events {
		s.number(o.Events[i].ID)
		s.used = o.Events[i].Used
	}
	s.started = now
	return s.event(Event{Kind: Ended}, now)
}
