package cmd

import (
	"context"
	"fmt"
	"path"
	"strings"

	"waitornot/cmd/internal/quiz"
	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/decide/practice"
	"waitornot/decide/project"
)

// ownPrefix keeps the ids of a person's own operations apart from those of the
// scenarios.
const ownPrefix = "own:"

// ownDeck makes cards of the operations in the person's own manifests. The
// manifest's answers are the right ones and the verdict is the engine's. What the manifest
// doesn't say is not asked; where the verdict waits for it, the card asks what to ask.
func (o *practiceOptions) ownDeck(ctx context.Context, b *quiz.Wording) (practice.Deck, error) {
	d := ownDeck{book: b, systems: map[string]*practice.System{}}
	p, operations, err := readProject(ctx, o.globals, &policyFlags{}, []string{o.from}, lint.Options{}, held)
	if err != nil {
		return nil, err
	}
	for _, u := range p.Unreadable {
		return nil, fmt.Errorf("%s: %w", u.File, u.Err)
	}
	for _, name := range p.Broken {
		o.say("%s couldn't be fully parsed: 'waitornot check %s' says why", name, name)
	}
	for _, op := range operations {
		d.add(op)
	}
	if len(d.deck) == 0 {
		return nil, fmt.Errorf("%s has no operations to practice on", o.from)
	}
	return d.deck, nil
}

type ownDeck struct {
	book    *quiz.Wording
	deck    practice.Deck
	systems map[string]*practice.System
}

func (d *ownDeck) add(op project.Operation) {
	service := oneLine(op.Service)
	if service == "" {
		file := path.Base(op.Document.File)
		service = strings.TrimSuffix(file, path.Ext(file))
	}
	c := &practice.Card{
		ID: ownPrefix + service + "/" + oneLine(op.Name.Value), Title: oneLine(op.Name.Value),
		Prompt: ownPrompt(op.Operation), Answers: op.Answers.Under(op.Policy.Limits), Latency: op.Answers.Latency.Value,
	}
	knowledge := *d.book.Knowledge
	knowledge.Table = op.Policy.Table
	r := knowledge.Recommend(c.Answers, op.Facts())
	if r.Decided() {
		c.Verdict = r.Verdict
		for _, s := range r.Safeguards {
			c.Safeguards = append(c.Safeguards, s.ID)
		}
	}
	for _, q := range decide.Questions() {
		c.Why[q] = d.reason(q, c, op.Policy.Limits)
		c.Hints = append(c.Hints, d.book.Framework.Questions[q].Test)
	}
	s := d.systems[service]
	if s == nil {
		s = &practice.System{ID: ownPrefix + service, Title: service}
		d.systems[service] = s
		d.deck = append(d.deck, s)
	}
	if d.deck.Card(c.ID) == nil { // the first of two with one name
		s.Cards = append(s.Cards, c)
	}
}

// reason says what the manifest answers and what that means, with the limit that a duration
// is held to; "" where it doesn't say.
func (d *ownDeck) reason(q decide.Question, c *practice.Card, limits decide.LatencyLimits) string {
	a := c.Answers[q]
	text := d.book.Framework.Questions[q].Of(a)
	if text == nil {
		return ""
	}
	if q != decide.Latency || c.Latency == 0 {
		return "The manifest says " + a.String() + ": " + text.Means + "."
	}
	took := "The manifest says " + manifest.FormatDuration(c.Latency) + ", "
	switch a {
	case decide.Beyond:
		return took + "above the wait limit of " + manifest.FormatDuration(limits.Wait) + "."
	case decide.Yes:
		return took + "above the threshold of " + manifest.FormatDuration(limits.Threshold) + "."
	}
	return took + "within the threshold of " + manifest.FormatDuration(limits.Threshold) + "."
}

// ownPrompt is what a manifest says of an operation without its answers and
// without how it works today.
func ownPrompt(op *manifest.Operation) string {
	var facts []string
	fact := func(name, value string) {
		if value != "" {
			facts = append(facts, name+" "+value)
		}
	}
	fact("caller", op.From())
	fact("callee", op.Callee.Value)
	fact("kind", op.Kind.Value)
	fact("audience", op.Audience.Value)
	fact("boundary", op.Boundary.Value)
	fact("writes to", op.Writes.Value)
	if op.Typical.Set() {
		fact("typical time", manifest.FormatDuration(op.Typical.Value))
	}
	prompt := strings.TrimSpace(op.Description.Value)
	if prompt == "" {
		prompt = "The manifest doesn't describe it."
	}
	if len(facts) > 0 {
		prompt += " Known: " + strings.Join(facts, ", ") + "."
	}
	return oneLine(prompt)
}

// oneLine returns text with its line breaks and other blanks made single ones.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
