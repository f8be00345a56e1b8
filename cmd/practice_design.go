package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/decide/practice"
)

func newPracticeDesign(o *practiceOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "design [SYSTEM]",
		Short: "List the operations of a system yourself, and say which must wait",
		Long: "Shows a system and its users, and nothing else. You list its operations, one a line, each\n" +
			"with sync, async or hybrid, and are compared with the model's list. It is the last level:\n" +
			"take a system whose operations you have answered on the level ask. Lines are read from\n" +
			"standard input until an empty one. Without SYSTEM it takes one that was not designed yet.",
		Example: "  waitornot practice design url-shortener",
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return o.design(c, args) },

		ValidArgsFunction: o.completeCards,
	}
}

func (o *practiceOptions) design(c *cobra.Command, args []string) error {
	d, err := o.open(c)
	if err != nil {
		return err
	}
	system, err := d.toDesign(args, o.seed)
	if err != nil {
		return err
	}
	fmt.Fprint(o.streams.Err, d.Brief(o.errPen(), system))
	lines, err := o.drawn(c.Context())
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		fmt.Fprintln(o.streams.Err, "Nothing was listed; nothing is kept.")
		return nil
	}
	design := practice.CompareDesign(system, lines)
	e := practice.Event{Kind: practice.Designed, Card: system.ID}
	e.Reached, e.Possible = design.Score()
	if err := d.keep([]practice.Event{e}); err != nil {
		return err
	}
	_, err = fmt.Fprint(o.streams.Out, d.Designed(o.pen(), &design))
	return err
}

// toDesign returns the system that was named, or else one that was not designed yet.
func (d *practiceSession) toDesign(args []string, seed uint64) (*practice.System, error) {
	if len(args) == 0 {
		if seed == 0 {
			seed = uint64(d.now.UnixNano())
		}
		return practice.NextDesign(d.deck, d.history, d.plan, seed), nil
	}
	if strings.Contains(args[0], "/") {
		return nil, usagef("%s is one operation: a design is about a system", args[0])
	}
	return d.find(args[0])
}

// drawn reads lines until an empty one or the end.
func (o *practiceOptions) drawn(ctx context.Context) ([]practice.Drawn, error) {
	const most = 100
	var lines []practice.Drawn
	for len(lines) < most {
		fmt.Fprint(o.streams.Err, "> ")
		switch got, err := o.input().Next(ctx, nil); {
		case errors.Is(err, io.EOF):
			return lines, nil
		case err != nil:
			return nil, err
		case strings.TrimSpace(got) == "":
			return lines, nil
		default:
			lines = append(lines, practice.ParseDrawn(oneLine(got)))
		}
	}
	return lines, nil
}
