package knowledge

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"time"

	"waitornot/decide"
	"waitornot/decide/practice"
)

//go:embed scenarios/*.yaml
var scenarioFiles embed.FS

// LoadScenarios reads the embedded systems to practice on, by name.
func LoadScenarios() (practice.Deck, error) {
	entries, err := scenarioFiles.ReadDir("scenarios")
	if err != nil {
		return nil, err
	}
	var deck practice.Deck
	for _, e := range entries {
		src, err := scenarioFiles.ReadFile(path.Join("scenarios", e.Name()))
		if err != nil {
			return nil, err
		}
		s, err := parseScenario(src)
		if err != nil {
			return nil, fmt.Errorf("scenario %s: %w", e.Name(), err)
		}
		if s.ID+".yaml" != e.Name() {
			return nil, fmt.Errorf("scenario %s: the system is called %q", e.Name(), s.ID)
		}
		deck = append(deck, s)
	}
	return deck, nil
}

// scenarioFile is the form of a file in scenarios/.
type scenarioFile struct {
	System, Title, Brief string
	Common               bool // interviewers ask it often
	Operations           []scenarioText
}

type scenarioText struct {
	ID, Title, Prompt string
	Answers           map[string]struct{ Is, Why string }
	Verdict           string
	Also              []string // verdicts that are as right
	Tempting          struct{ Verdict, Why string }
	FollowUp          struct {
		Fact    string
		Change  map[string]string
		Verdict string
		Also    []string
		Why     string
	} `yaml:"follow_up"`
	Safeguards       []string
	Tradeoff, Spoken string
	Hints            []string
}

func parseScenario(src []byte) (*practice.System, error) {
	var file scenarioFile
	if err := decodeStrict(src, &file); err != nil {
		return nil, err
	}
	if err := identified(file.System, file.Title); err != nil {
		return nil, err
	}
	if !isSentence(file.Brief) {
		return nil, fmt.Errorf("the brief is not a sentence: %q", file.Brief)
	}
	s := &practice.System{ID: file.System, Title: file.Title, Brief: file.Brief, Common: file.Common}
	seen := ids{}
	for i := range file.Operations {
		t := &file.Operations[i]
		card, err := t.card(file.System)
		if err := first(identified(t.ID, t.Title), seen.add(t.ID), err); err != nil {
			return nil, fmt.Errorf("%s: %w", t.ID, err)
		}
		s.Cards = append(s.Cards, card)
	}
	if len(s.Cards) == 0 {
		return nil, fmt.Errorf("there are no operations")
	}
	return s, nil
}

// card turns an operation as written into a card. That its verdicts are those of
// the engine is for ValidateScenarios to prove.
func (t *scenarioText) card(system string) (*practice.Card, error) {
	c := &practice.Card{ID: system + "/" + t.ID, Title: t.Title, Prompt: t.Prompt,
		Safeguards: t.Safeguards, Tradeoff: t.Tradeoff, Spoken: t.Spoken, Hints: t.Hints}
	for id, text := range t.Answers {
		if err := answerInto(&c.Answers, &c.Latency, id, text.Is); err != nil {
			return nil, err
		}
		q, _ := decide.ParseQuestion(id)
		c.Why[q] = text.Why
	}
	if n := c.Answers.Known(); n != 4 {
		return nil, fmt.Errorf("%d of four answers are given", n)
	}
	f := &practice.FollowUp{Fact: t.FollowUp.Fact, Answers: c.Answers, Latency: c.Latency, Why: t.FollowUp.Why}
	for id, is := range t.FollowUp.Change {
		if err := answerInto(&f.Answers, &f.Latency, id, is); err != nil {
			return nil, fmt.Errorf("follow-up: %w", err)
		}
	}
	c.FollowUp, c.Tempting.Why = f, t.Tempting.Why
	verdicts := []struct {
		to   *decide.Verdict
		name string
	}{{&c.Verdict, t.Verdict}, {&c.Tempting.Verdict, t.Tempting.Verdict}, {&f.Verdict, t.FollowUp.Verdict}}
	for _, v := range verdicts {
		var err error
		if *v.to, err = verdictOf(v.name); err != nil {
			return nil, err
		}
	}
	for _, a := range []struct {
		to    *decide.VerdictSet
		names []string
	}{{&c.Also, t.Also}, {&f.Also, t.FollowUp.Also}} {
		for _, name := range a.names {
			v, err := verdictOf(name)
			if err != nil {
				return nil, err
			}
			*a.to |= decide.SetOf(v)
		}
	}
	return c, t.check(c)
}

// answerInto reads an answer, or for latency the duration that stands for one.
func answerInto(answers *decide.Answers, latency *time.Duration, id, is string) error {
	q, ok := decide.ParseQuestion(id)
	if !ok {
		return fmt.Errorf("%q is not a question", id)
	}
	if d, err := time.ParseDuration(is); q == decide.Latency && err == nil && d > 0 {
		answers[q], *latency = decide.DefaultLimits().Latency(d), d
		return nil
	}
	a, ok := decide.ParseAnswer(is)
	if !ok || a == decide.Unknown || !q.Allows(a) {
		return fmt.Errorf("%q does not answer %s", is, q)
	}
	answers[q] = a
	if q == decide.Latency {
		*latency = 0
	}
	return nil
}

// check returns what is missing in an operation, taken by itself.
func (t *scenarioText) check(c *practice.Card) error {
	const hints = 2
	texts := map[string]string{"prompt": t.Prompt, "why it tempts": t.Tempting.Why, "fact of the follow-up": t.FollowUp.Fact,
		"why of the follow-up": t.FollowUp.Why, "trade-off": t.Tradeoff, "spoken answer": t.Spoken}
	for _, q := range decide.Questions() {
		texts["why of "+q.String()] = c.Why[q]
	}
	for i, h := range t.Hints {
		texts[fmt.Sprintf("hint %d", i+1)] = h
	}
	for name, text := range texts {
		if !endsASentence(text) {
			return fmt.Errorf("the %s is not a sentence: %q", name, text)
		}
	}
	switch {
	case len(t.Hints) != hints:
		return fmt.Errorf("%d hints, not %d", len(t.Hints), hints)
	case len(t.FollowUp.Change) == 0:
		return fmt.Errorf("the follow-up changes nothing")
	case len(t.Safeguards) == 0:
		return fmt.Errorf("no safeguards")
	case c.Right().Has(c.Tempting.Verdict):
		return fmt.Errorf("the tempting verdict is the right one")
	}
	return nil
}

// endsASentence is isSentence for texts that may also ask or quote.
func endsASentence(s string) bool {
	s = strings.TrimRight(s, `"'`)
	return s != "" && strings.TrimSpace(s) == s && strings.ContainsAny(s[len(s)-1:], ".?!")
}
