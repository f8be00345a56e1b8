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
	if !st.graded && !s.second {
		st.skipped, st.said = true, nil
		clear(st.marks)
	}
	e := s.event(Event{Kind: Skipped, Card: s.Cards[s.at].ID}, now)
	return append([]Event{e}, s.advance(now)...)
}

// Back takes the last thing said back, so that it is asked again, and reports
// false when there is nothing to take back: what was graded stays.
func (s *Session) Back(now time.Time) ([]Event, bool) {
	if s.done {
		return nil, false
	}
	at := s.at
	for len(s.saidIn(at)) == 0 {
		if s.Mode != Mock || at == 0 {
			return nil, false
		}
		at--
	}
	st := &s.states[at]
	if last := st.said[len(st.said)-1]; last == PartConfidence || st.graded && last != PartChange {
		return nil, false
	}
	s.at = at
	delete(st.marks, st.said[len(st.said)-1])
	st.said = st.said[:len(st.said)-1]
	return []Event{s.event(Event{Kind: WentBack, Card: s.Cards[at].ID}, now)}, true
}

// saidIn returns what was said of a card in the stage at hand.
func (s *Session) saidIn(i int) []Part {
	if s.second && len(s.states[i].said) > 0 {
		return s.states[i].said[1:]
	}
	return s.states[i].said
}
