package practice

import "time"

// Hint returns the next hint for the card in hand, and false when there is none
// left or the card is graded already.
func (s *Session) Hint(now time.Time) (string, []Event, bool) {
	if s.done || s.states[s.at].graded {
		return "", nil, false
	}
	c, st := s.Cards[s.at], &s.states[s.at]
	if st.hints == len(c.Hints) {
		return "", nil, false
	}
	st.hints++
	return c.Hints[st.hints-1], []Event{s.event(Event{Kind: Hinted, Card: c.ID}, now)}, true
}

// Skip passes over the card in hand: what was said of it does not count. A card
// that is graded loses its follow-up alone. In the second stage of a mock the
// verdict stays.
func (s *Session) Skip(now time.Time) []Event {
	if s.done {
		return nil
	}
	st := &s.states[s.at]
	switch {
	case s.second:
	case st.graded:
		st.left = true
	default:
		st.skipped, st.said = true, nil
		clear(st.marks)
	}
	e := s.event(Event{Kind: Skipped, Card: s.Cards[s.at].ID}, now)
	return append([]Event{e}, s.advance(now)...)
}

// Back takes the last thing that was done back, so that it is asked again: what was said,
// with the grade that followed from it, or that a card was passed over. It returns the
// part that was taken back, empty for a card that was passed over, and reports false when
// there is nothing to take back. A mock that is over stays as it is.
func (s *Session) Back(now time.Time) (events []Event, part Part, ok bool) {
	if s.done && (s.Mode == Mock || len(s.Cards) == 0) {
		return nil, "", false
	}
	at := min(s.at, len(s.Cards)-1)
	for !s.touched(at) {
		if at--; at < 0 {
			return nil, "", false
		}
	}
	st := &s.states[at]
	e := Event{Kind: WentBack, Card: s.Cards[at].ID}
	switch {
	case s.second && len(s.saidIn(at)) > 0, !s.second && !st.skipped && !st.left:
		part = st.said[len(st.said)-1]
		e.Undoes = st.led[part]
		delete(st.marks, part)
		delete(st.led, part)
		st.said = st.said[:len(st.said)-1]
		st.graded = st.graded && part != PartConfidence
	default:
		st.skipped, st.left = false, false
	}
	if s.done {
		e.Undoes = append(e.Undoes[:len(e.Undoes):len(e.Undoes)], s.ended)
		s.done, s.ended = false, ""
	}
	if s.at != at {
		s.at, s.begun = at, st.begun
	}
	return []Event{s.event(e, now)}, part, true
}

// touched reports whether something was done about a card in the stage at hand.
func (s *Session) touched(i int) bool {
	st := &s.states[i]
	return len(s.saidIn(i)) > 0 || !s.second && (st.skipped || st.left)
}

// saidIn returns what was said of a card in the stage at hand.
func (s *Session) saidIn(i int) []Part {
	if s.second && len(s.states[i].said) > 0 {
		return s.states[i].said[1:]
	}
	return s.states[i].said
}
