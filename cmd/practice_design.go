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
		Short: "List a system's operations yourself, and say which must wait",
		Long: "Shows only a system and its users. You list its operations, one per line, each with\n" +
			"sync, async, or hybrid, and compare them with the model's list. It's the last level:\n" +
			"choose a system whose operations you've already answered at the level ask. Lines are\n" +
			"read from standard input until an empty one. Without SYSTEM, it picks one that you\n" +
			"haven't designed yet.",
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
	fmt.Fprint(o.streams.Err, d.Brief(o.errWriter(), system))
	lines, err := o.readDesign(c.Context())
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		fmt.Fprintln(o.streams.Err, "You listed nothing, so nothing is kept.")
		return nil
	}
	design := practice.CompareDesign(system, lines)
	e := practice.Event{Kind: practice.Designed, Card: system.ID}
	e.Reached, e.Possible = design.Score()
	if err := d.keep([]practice.Event{e}); err != nil {
		return err
	}
	_, err = fmt.Fprint(o.streams.Out, d.Designed(o.writer(), &design))
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
		return nil, usagef("%s is a single operation: a design is about a system", args[0])
	}
	return d.find(args[0])
}

// readDesign reads lines until an empty one or the end.
func (o *practiceOptions) readDesign(ctx context.Context) ([]practice.DesignLine, error) {
	const most = 100
	var lines []practice.DesignLine
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
			lines = append(lines, practice.ParseDesignLine(oneLine(got)))
		}
	}
	return lines, nil
}
