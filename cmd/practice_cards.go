package cmd

import (
	"github.com/spf13/cobra"

	"waitornot/cmd/internal/quiz"
)

// newCardCommands are the commands that show and grade cards without asking.
func newCardCommands(o *practiceOptions) []*cobra.Command {
	return []*cobra.Command{newPracticeList(o), newPracticeShow(o), newPracticeGrade(o)}
}

func newPracticeList(o *practiceOptions) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "list [SYSTEM...]",
		Short: "List the systems to practice on, or the operations of some",
		RunE: func(c *cobra.Command, args []string) error {
			d, err := o.open(c)
			if err != nil {
				return err
			}
			deck, err := d.chosen(args)
			if err != nil {
				return err
			}
			list := quiz.Listing{Deck: deck, Plan: d.plan, Now: d.now, Operations: len(args) > 0}
			return o.writePage(format, quiz.Page{Text: func(quiz.Writer) string { return list.Text() }, JSON: list.JSON})
		},
		ValidArgsFunction: o.completeCards,
	}
	formatVar(c, &format, quiz.Formats())
	return c
}

func newPracticeShow(o *practiceOptions) *cobra.Command {
	var format string
	var answers bool
	c := &cobra.Command{
		Use:   "show SYSTEM/OPERATION",
		Short: "Show one operation, by default without its answers",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := o.openCards(c)
			if err != nil {
				return err
			}
			card, err := d.card(args[0])
			if err != nil {
				return err
			}
			return o.writePage(format, quiz.Page{
				Text: func(w quiz.Writer) string { return d.Card(w, card, answers) },
				JSON: func() any { return d.CardJSON(card, answers) },
			})
		},
		ValidArgsFunction: o.completeCards,
	}
	c.Flags().BoolVar(&answers, "answers", false, "also show the answers, the verdict, and everything else")
	formatVar(c, &format, quiz.Formats())
	return c
}
