package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/prompt"
	"waitornot/cmd/internal/quiz"
	"waitornot/decide/practice"
)

// menu asks what to practice, and does it.
func (o *practiceOptions) menu(c *cobra.Command) error {
	if err := o.canAsk(); err != nil {
		return err
	}
	d, err := o.open(c)
	if err != nil {
		return err
	}
	name, err := o.choose(c.Context(), d.menu())
	if err != nil || name == "" {
		return err
	}
	sub, _, err := c.Find([]string{name})
	if err != nil {
		return err
	}
	sub.SetContext(c.Context())
	return sub.RunE(sub, nil)
}

// menu returns what can be done now; what there is most reason for comes first.
func (d *practiceSession) menu() quiz.Ask {
	ask := quiz.Ask{Title: "What do you want to practice?"}
	add := func(word, label, means string) {
		ask.Options = append(ask.Options, dialog.Option{Key: fmt.Sprint(len(ask.Options) + 1), Word: word, Label: label, Means: means})
	}
	if open := practice.LastOpen(d.history, d.now); open != nil {
		add("resume", "resume", fmt.Sprintf("the %s of %s: %d of %d done", open.Began.Mode,
			open.Began.At.In(d.now.Location()).Format("2006-01-02 15:04"), open.Cards, len(open.Began.Deck)))
	}
	due, missed := len(d.plan.Due(d.now)), len(d.plan.Misses(d.now.Add(-practice.MissWindow)))
	add("daily", "daily", "ten minutes of due and new cards")
	if due > 0 {
		add("review", "review", fmt.Sprintf("due cards: %d", due))
	}
	if missed > 0 {
		add("misses", "misses", fmt.Sprintf("recent misses: %d", missed))
	}
	add("drill", "drill", "ten operations you haven't seen yet")
	add("mock", "mock", "an interview about one system, against the clock")
	design := "only a system and its users: you list the operations"
	if ripe := practice.Ripe(d.deck, d.history, d.plan); ripe != nil {
		design = "the next level of " + ripe.Title + ": " + design
	}
	add("design", "design", design)
	add("stats", "stats", "your progress")
	return ask
}

// choose returns the word of the option chosen, or "" when none was.
func (o *practiceOptions) choose(ctx context.Context, ask quiz.Ask) (string, error) {
	if o.interaction(o.plain) != asForm {
		word, end, err := quiz.Choose(ctx, ask, o.errWriter(), o.input(), o.streams.Err)
		if end == quiz.Interrupted {
			return "", dialog.ErrInterrupted
		}
		return word, err
	}
	n, err := prompt.New(o.streams, false, o.errPainter()).Choose(ctx, ask.Title, ask.Options)
	if err != nil {
		return "", err
	}
	return ask.Options[n].Word, nil
}
