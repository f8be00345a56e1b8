package cmd

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/quiz"
	"waitornot/cmd/internal/state"
	"waitornot/cmd/internal/term"
	"waitornot/decide/practice"
)

// newProgressCommands are the commands about the history.
func newProgressCommands(o *practiceOptions) []*cobra.Command {
	return []*cobra.Command{newPracticeStats(o), newPracticeExport(o), newPracticeImport(o), newPracticeReset(o)}
}

func newPracticeStats(o *practiceOptions) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "stats",
		Short: "Show progress: accuracy, tempting errors, streak, due cards, and a chart",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := o.open(c)
			if err != nil {
				return err
			}
			o.tellBad(d.log, d.history)
			s := practice.StatsOf(d.history, d.deck, d.plan, d.now)
			plain := o.plain || accessible(o.streams.Env("ACCESSIBLE")) || o.streams.Env("TERM") == "dumb"
			return o.writePage(format, quiz.Page{
				Text: func(w quiz.Writer) string { return quiz.Stats(w, s, !plain && !o.streams.ASCII()) },
				JSON: func() any { return quiz.StatsJSON(s) },
			})
		},
	}
	formatVar(c, &format, quiz.Formats())
	return c
}

func newPracticeExport(o *practiceOptions) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the history, one event per line",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			log, h, err := o.readLog(c.Context())
			if err != nil {
				return err
			}
			o.tell(log, h)
			o.tellBad(log, h)
			var lines []byte
			for i := range h.Events {
				line, err := h.Events[i].Line()
				if err != nil {
					return err
				}
				lines = append(lines, line...)
			}
			if file == "-" {
				_, err = o.streams.Out.Write(lines)
				return err
			}
			return o.globals.disk(c.Context()).Output(o.at(file), lines)
		},
	}
	outputVar(c, &file)
	return c
}

// tellBad says which lines are no events. They do no harm, so only the commands
// about the history speak of them.
func (o *practiceOptions) tellBad(log *state.Log, h *practice.History) {
	const most = 10
	for i, n := range h.Bad {
		if i == most {
			o.say("and %d more", len(h.Bad)-most)
			return
		}
		o.say("line %d of %s can't be read and is skipped", n, log.Path)
	}
}

func newPracticeImport(o *practiceOptions) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Add the events of an exported history that are missing here",
		Long: "Adds the events from another history that are missing in this one. Importing the same\n" +
			"file twice changes nothing, and it doesn't matter which of two machines imports from\n" +
			"which. - is standard input.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.importFrom(c.Context(), args[0]) },
	}
}

func (o *practiceOptions) importFrom(ctx context.Context, name string) error {
	data, err := o.readAll(ctx, name)
	if err != nil {
		return err
	}
	other := practice.ReadHistory(data)
	if other.UTF16 {
		return fmt.Errorf("%s is UTF-16: save it as UTF-8 and import it again", name)
	}
	if len(other.Events) == 0 && len(data) > 0 {
		return fmt.Errorf("%s isn't an exported history: it doesn't contain a single event", name)
	}
	log, h, err := o.readLog(ctx)
	if err != nil {
		return err
	}
	fresh := h.Missing(other)
	if err := log.Append(fresh...); err != nil {
		return err
	}
	left := len(other.Bad) + other.Newer
	if other.Torn {
		left++
	}
	if left > 0 {
		o.say("lines of %s skipped because they aren't events of this version: %d", name, left)
	}
	fmt.Fprintf(o.streams.Out, "added: %d, already there: %d\n", len(fresh), len(other.Events)-len(fresh))
	return nil
}

func (o *practiceOptions) readAll(ctx context.Context, name string) (data []byte, err error) {
	if name == "-" {
		name = "standard input"
		data, err = disk.Interruptible(ctx, func() ([]byte, error) { return disk.ReadAtMost(o.streams.In) })
	} else {
		data, err = disk.ReadNamed(ctx, o.at(name))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, disk.Plain(err))
	}
	return data, err
}

// at returns a path as seen from the working directory.
func (o *practiceOptions) at(path string) string {
	if filepath.IsAbs(path) || o.streams.Dir == "" {
		return path
	}
	return filepath.Join(o.streams.Dir, path)
}

func newPracticeReset(o *practiceOptions) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "reset [SYSTEM|SYSTEM/OPERATION...]",
		Short: "Start over with some operations, or with an empty history",
		Long: "With arguments, those operations are new again; past answers still count in the\n" +
			"statistics. Without arguments, the history starts empty; the old one is kept next to\n" +
			"it under another name, and import brings it back.",
		RunE: func(c *cobra.Command, args []string) error {
			if !yes {
				return usagef("reset forgets what you've learned: confirm with --yes")
			}
			return o.reset(c, args)
		},
		ValidArgsFunction: o.completeCards,
	}
	c.Flags().BoolVar(&yes, "yes", false, "confirm")
	return c
}

func (o *practiceOptions) reset(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		log, err := o.openLog(c.Context())
		if err != nil {
			return err
		}
		aside, err := log.PutAside(o.streams.Now())
		switch {
		case err != nil:
			return err
		case aside == "":
			fmt.Fprintln(o.streams.Out, "there was no history")
		default:
			fmt.Fprintf(o.streams.Out, "the history is empty now; the old one is %s\n", term.Safe(aside))
		}
		return nil
	}
	d, err := o.open(c)
	if err != nil {
		return err
	}
	deck, err := d.chosen(args)
	if err != nil {
		return err
	}
	var events []practice.Event
	for _, card := range deck.Cards() {
		events = append(events, practice.Event{Kind: practice.Reset, Card: card.ID})
	}
	if err := d.keep(events); err != nil {
		return err
	}
	fmt.Fprintf(o.streams.Out, "new again: %d\n", len(events))
	return nil
}
