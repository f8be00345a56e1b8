package practice

import (
	"fmt"
	"slices"
	"time"

	"waitornot/decide"
)

// A Session asks about some cards, one part at a time. It is moved by what a
// person does and hands out what happened as events. The same events move
// another session to the same place: that is how one is resumed.
//
// A drill asks four questions and the verdict of a card, or on the level Ask what
// to ask and the verdict; it grades them, asks the follow-up, and has the answer
// spoken. A mock asks the verdict of every card, and only then the reasons.
type Session struct {
	ID    string
	Mode  Mode
	Cards []*Card
	Seed  uint64
	Limit time.Duration // time for the whole session; 0 is no limit. A mock is cut off, a drill ends its card
	From  string        // the manifest that the cards were made from; empty for the embedded ones

	Levels []Level // of Cards; missing ones are Given. A mock gives all
	Coach  *Coach  // nil asks for no spoken answers

	know   *decide.Knowledge
	states []cardState // of Cards
	at     int         // the card in hand
	second bool        // in a mock: the verdicts are given, the reasons follow
	done   bool

	used    time.Duration // before started
	started time.Time
	begun   time.Duration // the time used when the card in hand was first shown
	events  int           // how many were handed out: they are numbered
	ended   string        // the id of the event that ended it
}

// cardState is what was said about a card so far.
type cardState struct {
	said    []Part // in order
	marks   map[Part]Mark
	hints   int
	skipped bool
	graded  bool
	left    bool              // it was passed over after it was graded
	led     map[Part][]string // the ids of the events that followed from a part, but for what was said
	begun   time.Duration     // the time used when the card was first shown
}

// NewSession plans a session. Nothing is asked of no cards: it is over at once.
func NewSession(id string, mode Mode, cards []*Card, k *decide.Knowledge, seed uint64, limit time.Duration) *Session {
	s := &Session{ID: id, Mode: mode, Cards: cards, Seed: seed, Limit: limit, know: k}
	for range cards {
		s.states = append(s.states, cardState{marks: map[Part]Mark{}, led: map[Part][]string{}})
	}
	s.done = len(cards) == 0
	return s
}

// Begin starts the clock and returns the event that makes the session known.
func (s *Session) Begin(now time.Time) Event {
	s.started = now
	e := Event{Kind: Began, Seed: s.Seed, Limit: s.Limit, From: s.From, Levels: s.Levels, Spoken: s.Coach != nil}
	for _, c := range s.Cards {
		e.Deck, e.Fingerprints = append(e.Deck, c.ID), append(e.Fingerprints, c.Fingerprint())
	}
	return s.event(e, now)
}

// event numbers an event and says which session it belongs to.
func (s *Session) event(e Event, now time.Time) Event {
	s.events++
	e.ID = fmt.Sprintf("%s-%05d", s.ID, s.events)
	e.At, e.Session, e.Mode, e.Used = now, s.ID, s.Mode, s.Used(now)
	return e
}

// Used returns the time spent in the session, pauses between sittings left out.
func (s *Session) Used(now time.Time) time.Duration { return s.used + max(0, now.Sub(s.started)) }

// Left returns the time that is left, and false when there is no limit.
func (s *Session) Left(now time.Time) (time.Duration, bool) {
	return max(0, s.Limit-s.Used(now)), s.Limit > 0
}

// An Outcome is what something said led to.
type Outcome struct {
	Card     *Card
	Graded   *Grading         // the card was graded
	FollowUp *FollowUpGrading // its follow-up was
	Asked    *Mark            // what to ask was named: the facts are on the table now
	Asking   *Asking          // beside Asked
	Spoken   []Heard          // the answer was said: the points that were heard in it, none when it was not typed
	Said     string           // beside Spoken: what was typed, or Aloud
	Probed   *Probe           // the question that was answered
	Moved    bool             // another card is in hand, or another stage, or the session is over
}

// Say answers the step at hand with one of its options or with Unsaid. It
// returns the events to keep, before anything else happens.
func (s *Session) Say(word string, now time.Time) ([]Event, Outcome, error) {
	step, ok := s.Step()
	if !ok {
		return nil, Outcome{}, fmt.Errorf("the session is over")
	}
	if step.Text() {
		word = spokenWord(word)
	} else if word != NoAnswer && !slices.Contains(step.Options, word) && !plainNo(step.Part, word) {
		return nil, Outcome{}, fmt.Errorf("%q is not one of the options", word)
	}
	st := &s.states[s.at]
	m := Mark{word, s.want(step.Card, step.Part)}
	st.said, st.marks[step.Part] = append(st.said, step.Part), m
	events := []Event{s.event(Event{Kind: Said, Card: step.Card.ID, Part: step.Part, Mark: &m}, now)}
	out := Outcome{Card: step.Card}
	switch {
	case step.Part == PartConfidence:
		r := st.response()
		g := Grade(s.know.Table, step.Card, r)
		e := AnsweredEvent(step.Card, r, g)
		e.Took = s.Used(now) - s.begun
		events = append(events, s.event(e, now))
		st.graded, out.Graded = true, &g
	case step.Part == PartAsk:
		out.Asked, out.Asking = &m, step.Asking
	case step.Part == PartSay:
		out.Said = word
		if word != Aloud {
			out.Spoken = s.Coach.Listen(step.Card.Verdict, word)
		}
	case step.Part == PartRate:
		events = append(events, s.event(s.spokeEvent(step.Card, st, word), now))
	case step.Part == PartProbe:
		out.Probed, out.Said = step.Probe, word
	case step.Part == PartThen:
		v, _ := ParseSaidVerdict(word)
		g := GradeFollowUp(step.Card, st.marks[PartChange].Said, v)
		events = append(events, s.event(FollowedUpEvent(step.Card, g), now))
		out.FollowUp = &g
	}
	for i := range events[1:] {
		st.led[step.Part] = append(st.led[step.Part], events[i+1].ID)
	}
	if len(s.current()) == len(s.parts()) {
		events = append(events, s.advance(now)...)
		out.Moved = true
	}
	return events, out, nil
}

// spokeEvent is the event of an answer that was said and rated.
func (s *Session) spokeEvent(c *Card, st *cardState, rating string) Event {
	e := Event{Kind: Spoke, Card: c.ID, Fingerprint: c.Fingerprint(), Rating: rating}
	if said := st.marks[PartSay].Said; said != Aloud {
		for _, h := range s.Coach.Listen(c.Verdict, said) {
			if h.Term != "" {
				e.Heard = append(e.Heard, h.ID)
			}
		}
	}
	return e
}

// plainNo reports whether a word is a no without a reason, where the options are the
// reasons.
func plainNo(p Part, word string) bool {
	return p == PartOf(decide.Retryability) && word == decide.No.String()
}

// response is what was said of the four questions and the verdict.
func (st *cardState) response() Response {
	var r Response
	for _, q := range decide.Questions() {
		if m, asked := st.marks[PartOf(q)]; asked {
			if r.Answers == nil {
				r.Answers = &decide.Answers{}
			}
			r.Answers[q], _ = decide.ParseAnswer(m.Said)
		}
	}
	if m, asked := st.marks[PartAsk]; asked {
		r.Asked = &m
	}
	r.Verdict, _ = ParseSaidVerdict(st.marks[PartVerdict].Said)
	if c := Confidence(st.marks[PartConfidence].Said); c != NoAnswer {
		r.Confidence = c
	}
	r.Hints = st.hints
	return r
}

// advance takes the next card that has something left to ask.
func (s *Session) advance(now time.Time) []Event {
	s.begun = s.Used(now)
	if s.Mode != Mock && s.Limit > 0 && s.Used(now) >= s.Limit {
		return s.finish(now)
	}
	for s.at++; s.at < len(s.Cards); s.at++ {
		if s.open() {
			return nil
		}
	}
	if s.Mode == Mock && !s.second {
		s.second = true
		for s.at = range s.Cards {
			if s.open() {
				return nil
			}
		}
	}
	return s.finish(now)
}

// open takes the card in hand up, and reports false when nothing is left to ask of it.
func (s *Session) open() bool {
	st := &s.states[s.at]
	if st.skipped || st.left || len(s.current()) == len(s.parts()) {
		return false
	}
	if st.begun == 0 {
		st.begun = s.begun
	}
	return true
}

// finish ends the session. A mock is graded now: nothing before told what was
// right.
func (s *Session) finish(now time.Time) []Event {
	s.done = true
	var events []Event
	end := Event{Kind: Ended}
	if s.Mode == Mock {
		for i, c := range s.Cards {
			if st := &s.states[i]; len(st.said) > 0 {
				r := st.response()
				events = append(events, s.event(AnsweredEvent(c, r, s.mockGrade(i)), now))
			}
		}
		end.Card, _, _ = cutID(s.Cards[0].ID)
		end.Reached, end.Possible = s.Score().Total()
	}
	e := s.event(end, now)
	s.ended = e.ID
	return append(events, e)
}

// mockGrade grades a card of a mock: a right verdict for a wrong reason, or
// with none, is no more than hard.
func (s *Session) mockGrade(i int) Grading {
	st := &s.states[i]
	g := Grade(s.know.Table, s.Cards[i], st.response())
	if g.Rating == Good && !st.marks[PartReason].Right() {
		g.Rating = Hard
	}
	return g
}

// Tick ends a mock when its time is over, and reports whether it did.
func (s *Session) Tick(now time.Time) ([]Event, bool) {
	if left, limited := s.Left(now); s.done || s.Mode != Mock || !limited || left > 0 {
		return nil, false
	}
	return s.finish(now), true
}

// Second reports whether a mock asks for reasons already.
func (s *Session) Second() bool { return s.second }

// Done reports whether the session is over.
func (s *Session) Done() bool { return s.done }

// Marks returns what was said of the card with an index, by part.
func (s *Session) Marks(i int) map[Part]Mark { return s.states[i].marks }

// Said returns the parts of the card with an index that were answered, in order.
func (s *Session) Said(i int) []Part { return s.states[i].said }

// Score returns the points of a mock so far. Cards that were passed over count
// as not reached.
func (s *Session) Score() Score {
	var marks []map[Part]Mark
	for i := range s.states {
		marks = append(marks, s.states[i].marks)
	}
	return ScoreOf(marks)
}
