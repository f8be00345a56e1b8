// Package practice turns operations into cards to practice on: it plans and
// runs sessions, grades what a person says, schedules reviews and counts
// progress.
//
// The package is pure. Time comes in with every call, chance as a seed, and
// what happens goes out as events, whose log is all that is ever stored.
package practice

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"waitornot/decide"
)

// A System is a set of operations that one interview would be about.
type System struct {
	ID, Title string
	Brief     string // how an interviewer opens; empty for a person's own manifest
	Common    bool   // interviewers ask it often: it is dealt first
	Cards     []*Card
}

// A Card is an operation to practice on, with the right answers. A card made
// from a manifest has the prompt, the answers and the verdict alone.
type Card struct {
	ID         string // system/operation: what the history knows it by
	Title      string
	Prompt     string
	Answers    decide.Answers
	Why        [decide.QuestionCount]string // one sentence for each answer, indexed by decide.Question
	Latency    time.Duration                // what stands for the latency answer; 0 when the answer itself was given
	Verdict    decide.Verdict               // Undecided when a manifest leaves it open: then the card asks what to ask
	Also       decide.VerdictSet            // verdicts that are as right; see Right
	Tempting   Tempting
	FollowUp   *FollowUp // nil when there is none
	Safeguards []string  // ids, the most important first
	Tradeoff   string
	Spoken     string   // a model answer, as one would say it
	Hints      []string // from vague to plain
}

// Tempting is the wrong verdict that people give most readily. The zero value
// is none.
type Tempting struct {
	Verdict decide.Verdict
	Why     string // why it tempts, and why it is wrong
}

// A FollowUp changes a fact of a card and asks again.
type FollowUp struct {
	Fact    string
	Answers decide.Answers // all four, after the change
	Latency time.Duration  // as for Card
	Verdict decide.Verdict
	Also    decide.VerdictSet
	Why     string
}

// Decided reports whether the card has a verdict.
func (c *Card) Decided() bool { return c.Verdict != decide.Undecided }

// Right returns every verdict that is right: the card's own first of all, and those that
// are as right.
func (c *Card) Right() decide.VerdictSet { return rightOf(c.Verdict, c.Also, c.Answers) }

// Right is Card.Right for what stands after the change.
func (f *FollowUp) Right() decide.VerdictSet { return rightOf(f.Verdict, f.Also, f.Answers) }

// rightOf adds hybrid where the work may be handed over and somebody wants the outcome:
// to name a place for it is never wrong.
func rightOf(v decide.Verdict, also decide.VerdictSet, a decide.Answers) decide.VerdictSet {
	right := decide.SetOf(v) | also
	if v == decide.Async && a[decide.Immediacy] == decide.Later {
		right |= decide.SetOf(decide.Hybrid)
	}
	return right
}

// Changed returns the questions whose answer the follow-up changes, in order.
// A latency that grows without crossing a limit changes no answer.
func (c *Card) Changed() []decide.Question {
	var list []decide.Question
	for _, q := range decide.Questions() {
		if c.FollowUp != nil && c.FollowUp.Answers[q].Plain() != c.Answers[q].Plain() {
			list = append(list, q)
		}
	}
	return list
}

// Fingerprint identifies what a card teaches: its answers and its verdict. Other
// words, and a reason for a no, leave it as it is; another answer makes the card a new
// one to learn.
func (c *Card) Fingerprint() string {
	plain := c.Answers
	for q := range plain {
		plain[q] = plain[q].Plain()
	}
	sum := sha256.Sum256([]byte(plain.String() + ", verdict " + c.Verdict.String()))
	return hex.EncodeToString(sum[:6])
}

// A Deck is all cards that there are, by system.
type Deck []*System

// Cards returns the cards of all systems, in order.
func (d Deck) Cards() []*Card {
	var all []*Card
	for _, s := range d {
		all = append(all, s.Cards...)
	}
	return all
}

// Card returns the card with the given id, or nil.
func (d Deck) Card(id string) *Card {
	for _, s := range d {
		if i := slices.IndexFunc(s.Cards, func(c *Card) bool { return c.ID == id }); i >= 0 {
			return s.Cards[i]
		}
	}
	return nil
}

// System returns the system with the given id, or nil.
func (d Deck) System(id string) *System {
	if i := slices.IndexFunc(d, func(s *System) bool { return s.ID == id }); i >= 0 {
		return d[i]
	}
	return nil
}
