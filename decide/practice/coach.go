package practice

import (
	"strings"
	"unicode"

	"waitornot/decide"
)

// A Coach knows what a spoken answer should hold and what an interviewer asks next. A
// session without one asks for no spoken answers.
type Coach struct {
	Points []Point // in the order in which a good answer makes them
	Probes []Probe
}

// A Point is something that a spoken answer should make.
type Point struct {
	ID, Label string
	Terms     [4][]string // words that make it, in lower case, indexed by decide.Verdict; each may be the beginning of a word
}

// A Probe is a question that an interviewer asks after the answer.
type Probe struct {
	ID       string
	Ask      string
	Answer   string // a model answer
	Verdicts decide.VerdictSet
}

// A Heard is a point with the term that made it, "" when none did.
type Heard struct {
	*Point
	Term string
}

// Listen matches a spoken answer that was typed against the points: it looks for words and
// understands nothing.
func (c *Coach) Listen(v decide.Verdict, text string) []Heard {
	spaced := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
	var list []Heard
	for i := range c.Points {
		h := Heard{Point: &c.Points[i]}
		for _, term := range h.Terms[v] {
			if strings.Contains(spaced, " "+term) {
				h.Term = term
				break
			}
		}
		list = append(list, h)
	}
	return list
}

// Probe returns the question that the seed chooses for a card, or nil when there is none
// for its verdict.
func (c *Coach) Probe(card *Card, seed uint64) *Probe {
	var ids []string
	for i := range c.Probes {
		if c.Probes[i].Verdicts.Has(card.Verdict) {
			ids = append(ids, c.Probes[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	id := shuffled(ids, seed, card.ID+" probe")[0]
	for i := range c.Probes {
		if c.Probes[i].ID == id {
			return &c.Probes[i]
		}
	}
	return nil
}

// Aloud is what stands for an answer that was spoken and not typed.
const Aloud = "aloud"

// maxSpoken is how many bytes of a typed answer are kept.
const maxSpoken = 2000

// spokenWord returns a typed answer as it is kept.
func spokenWord(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return Aloud
	}
	if len(text) > maxSpoken {
		text = strings.ToValidUTF8(text[:maxSpoken], "")
	}
	return text
}

// SelfRatings are how a person may rate a spoken answer, as in Anki.
func SelfRatings() []string { return []string{"again", "hard", "good", "easy"} }
