package practice

import (
	"strings"

	"waitornot/decide"
)

// A Step is what a session asks next.
type Step struct {
	Card  *Card
	Index int // of Card, from 0
	Part  Part
	// Options are the words that may be said, in the order of showing. Unsaid
	// may be said besides.
	Options []string
	Asking  *Asking // what the card withholds; nil on the level Given
	Probe   *Probe  // of PartProbe
}

// Text reports whether the step takes a text instead of one of its options.
func (s *Step) Text() bool { return s.Part == PartSay || s.Part == PartProbe }

// Step returns what is asked now, and false when the session is over.
func (s *Session) Step() (Step, bool) {
	if s.done {
		return Step{}, false
	}
	c := s.Cards[s.at]
	part := s.parts()[len(s.current())]
	step := Step{Card: c, Index: s.at, Part: part, Options: s.options(c, part)}
	if s.level(s.at) == Ask {
		step.Asking = c.Asking(s.know.Table, s.Seed)
	}
	if part == PartProbe {
		step.Probe = s.Coach.Probe(c, s.Seed)
	}
	return step, true
}

// current returns what was said of the card in hand in the stage at hand.
func (s *Session) current() []Part {
	said := s.states[s.at].said
	if s.second {
		return said[1:]
	}
	return said
}

// parts returns what the stage at hand asks of the card in hand.
func (s *Session) parts() []Part {
	switch {
	case s.Mode == Mock && s.second:
		return s.reasons()
	case s.Mode == Mock:
		return []Part{PartVerdict}
	}
	var parts []Part
	switch {
	case !s.Cards[s.at].Decided():
		return []Part{PartAsk, PartConfidence}
	case s.level(s.at) == Ask:
		parts = append(parts, PartAsk)
	default:
		for _, q := range decide.Questions() {
			if s.Cards[s.at].Answers[q] != decide.Unknown { // nobody could say what is right
				parts = append(parts, PartOf(q))
			}
		}
	}
	parts = append(parts, PartVerdict, PartConfidence)
	if s.Cards[s.at].FollowUp != nil {
		parts = append(parts, PartChange, PartThen)
	}
	return append(parts, s.spoken()...)
}

// spoken are the parts that have the answer to the card in hand said.
func (s *Session) spoken() []Part {
	c := s.Cards[s.at]
	if s.Coach == nil || c.Spoken == "" {
		return nil
	}
	parts := []Part{PartSay}
	if s.Mode != Mock {
		parts = append(parts, PartRate)
	}
	if (s.Mode == Mock || s.level(s.at) == Ask) && s.Coach.Probe(c, s.Seed) != nil {
		parts = append(parts, PartProbe)
	}
	return parts
}

// reasons are the parts of the second stage for which the card has options.
func (s *Session) reasons() []Part {
	has := func(p Part) bool { return p != PartVerdict && len(s.choice(s.Cards[s.at], p).Options) > 0 }
	var parts []Part
	for _, p := range RubricParts() {
		if has(p) {
			parts = append(parts, p)
		}
	}
	return append(parts, s.spoken()...)
}

func (s *Session) options(c *Card, p Part) []string {
	var words []string
	switch p {
	case PartVerdict, PartThen:
		for _, v := range decide.Verdicts() {
			words = append(words, v.String())
		}
	case PartConfidence:
		for _, x := range Confidences() {
			words = append(words, string(x))
		}
	case PartChange, PartAsk:
		for _, q := range decide.Questions() {
			words = append(words, q.String())
		}
		if p == PartChange {
			words = append(words, NoChange)
		}
	case PartRate:
		words = SelfRatings()
	case PartSay, PartProbe: // a text
	case PartReason, PartSafeguard, PartTradeoff:
		words = s.choice(c, p).Options
	default:
		q, _ := decide.ParseQuestion(string(p))
		for _, a := range q.Choices() {
			if q != decide.Retryability || a != decide.No { // no has its reasons
				words = append(words, a.String())
			}
		}
	}
	return words
}

func (s *Session) choice(c *Card, p Part) Choice {
	switch p {
	case PartReason:
		return ReasonChoice(s.know, c, s.Seed)
	case PartSafeguard:
		return SafeguardChoice(s.know, c, s.Cards, s.Seed)
	}
	return TradeoffChoice(s.know, c, s.Cards, s.Seed)
}

// want returns what is right for a part of a card.
func (s *Session) want(c *Card, p Part) string {
	switch p {
	case PartVerdict:
		return wantedVerdict(c.Verdict, c.Right())
	case PartThen, PartChange:
		g := GradeFollowUp(c, NoAnswer, decide.Undecided)
		if p == PartChange {
			return g.Change.Want
		}
		return g.Verdict.Want
	case PartConfidence, PartSay, PartRate, PartProbe:
		return NoAnswer // nothing is right or wrong about it
	case PartAsk:
		var words []string
		for _, q := range s.worthAsking(c) {
			words = append(words, q.String())
		}
		return strings.Join(words, ",")
	case PartReason, PartSafeguard, PartTradeoff:
		return s.choice(c, p).Right
	}
	q, _ := decide.ParseQuestion(string(p))
	return wantedAnswer(q, c.Answers[q])
}

// worthAsking returns the questions that are right to ask first.
func (s *Session) worthAsking(c *Card) []decide.Question {
	if !c.Decided() {
		return []decide.Question{s.know.Table.Decide(c.Answers).Next}
	}
	return c.Asking(s.know.Table, s.Seed).Right
}
