package practice

import (
	"slices"

	"waitornot/decide"
)

// A Level is how much of a card is given.
type Level string

// The levels, the easier first. The zero value is Given.
const (
	Given Level = "given" // all facts are in the prompt
	Ask   Level = "ask"   // one or two facts are withheld: the right move is to ask for the one that decides
)

// Levels lists the levels, the easier first.
func Levels() []Level { return []Level{Given, Ask} }

// An Asking says what a card withholds on the level Ask.
type Asking struct {
	Known    []decide.Question // in order
	Withheld []decide.Question // in order
	Right    []decide.Question // those worth asking first, the engine's own choice first
}

// Asking returns what a card withholds: a question whose answer the verdict waits for,
// and one that makes no difference, where there is one. The seed chooses. It is nil for a
// card that has no facts to give one by one.
func (c *Card) Asking(t *decide.Table, seed uint64) *Asking {
	var deciding, others []string
	for _, q := range decide.Questions() {
		if c.Why[q] == "" {
			return nil
		}
		if t.Decide(c.Answers.With(q, decide.Unknown)).Decided() {
			others = append(others, q.String())
		} else {
			deciding = append(deciding, q.String())
		}
	}
	if len(deciding) == 0 {
		return nil
	}
	withheld := shuffled(deciding, seed, c.ID+" ask")[:1]
	if len(others) > 0 {
		withheld = append(withheld, shuffled(others, seed, c.ID+" besides")[0])
	}
	a, open := &Asking{}, c.Answers
	for _, q := range decide.Questions() {
		if slices.Contains(withheld, q.String()) {
			a.Withheld = append(a.Withheld, q)
			open = open.With(q, decide.Unknown)
		} else {
			a.Known = append(a.Known, q)
		}
	}
	a.Right = []decide.Question{t.Decide(open).Next}
	for _, q := range a.Withheld {
		if !slices.Contains(a.Right, q) && t.Decide(open.With(q, c.Answers[q])).Decided() {
			a.Right = append(a.Right, q)
		}
	}
	return a
}

// level returns the level of the card with an index.
func (s *Session) level(i int) Level {
	if i < len(s.Levels) && s.Levels[i] == Ask && s.Mode != Mock && s.Cards[i].Asking(s.know.Table, s.Seed) != nil {
		return Ask
	}
	return Given
}

// rise returns the level of a card after an answer: a good one on a level leads to the
// next, and a wrong verdict back to the one before.
func rise(at Level, r Rating) Level {
	list := Levels()
	i := max(slices.Index(list, at), 0)
	switch r {
	case Good:
		i = min(i+1, len(list)-1)
	case Again:
		i = max(i-1, 0)
	}
	return list[i]
}
