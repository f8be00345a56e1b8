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
// manifest's answers are the right ones and the verdict is the engine's; an
// operation that its answers leave undecided cannot be practiced on.
func (o *practiceOptions) ownDeck(ctx context.Context, b *quiz.Wording) (practice.Deck, error) {
	d := ownDeck{book: b, systems: map[string]*practice.System{}}
	p, operations, err := readProject(ctx, o.globals, &policyFlags{}, []string{o.from}, lint.Options{}, func(op project.Operation) project.Operation { return op })
	if err != nil {
		return nil, err
	}
	for _, u := range p.Unreadable {
		return nil, fmt.Errorf("%s: %w", u.File, u.Err)
	}
	for _, name := range p.Broken {
		o.say("%s could not be read to its end: 'waitornot check %s' says why", name, name)
	}
	for _, op := range operations {
		d.add(op)
	}
	if d.undecided > 0 {
		o.say("left out, because their answers leave the verdict open: %d", d.undecided)
	}
	if len(d.deck) == 0 {
		return nil, fmt.Errorf("%s has no operation to practice on", o.from)
	}
	return d.deck, nil
}

type ownDeck struct {
	book      *quiz.Wording
	deck      practice.Deck
	systems   map[string]*practice.System
	undecided int
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
	if !r.Decided() {
		d.undecided++
		return
	}
	c.Verdict = r.Verdict
	for _, s := range r.Safeguards {
		c.Safeguards = append(c.Safeguards, s.ID)
	}
	for _, q := range decide.Questions() {
		if text := d.book.Framework.Questions[q].Of(c.Answers[q]); text != nil {
			c.Why[q] = "The manifest says " + c.Answers[q].String() + ": " + text.Means + "."
		}
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
		prompt = "The manifest does not describe it."
	}
	if len(facts) > 0 {
		prompt += " Known: " + strings.Join(facts, ", ") + "."
	}
	return oneLine(prompt)
}

// oneLine returns text with its line breaks and other blanks made single ones.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
