package cmd

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/simview"
	"waitornot/cmd/internal/term"
	"waitornot/decide/advice/topic"
	"waitornot/decide/lint"
	"waitornot/decide/simulate"
	"waitornot/rules"
)

// explainOptions are what a run of explain needs.
type explainOptions struct {
	*globals
	format string
}

func newExplain(g *globals) *cobra.Command {
	o := explainOptions{globals: g}
	c := &cobra.Command{
		Use:   "explain [NAME...]",
		Short: "Explain any question, key, word, safeguard, pattern, stack, or rule",
		Long: "Explains anything that waitornot names, offline. A NAME is anything that reports\n" +
			"print: a question, an answer, a verdict, a row of the decision table, a safeguard,\n" +
			"a pattern, a stack, a limit, a rule by code or name, a manifest key\n" +
			"(delivery.broker), or a word (dead letter queue). If two kinds share a name, both\n" +
			"are explained; kind/name selects one. Without a NAME, everything is listed.",
		Example: "  waitornot explain\n" +
			"  waitornot explain immediacy\n" +
			"  waitornot explain WN101\n" +
			"  waitornot explain dotnet\n" +
			"  waitornot explain delivery.max_deliveries\n" +
			"  waitornot explain dead letter queue\n" +
			"  waitornot explain pattern/local-copy",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeTopics(args), cobra.ShellCompDirectiveNoFileComp
		},
	}
	formatVar(c, &o.format, adviceview.TopicFormats())
	return c
}

func completeTopics(args []string) []string {
	if len(args) > 0 {
		return nil
	}
	all, err := rules.Topics()
	if err != nil {
		return nil
	}
	var names []string
	for _, t := range all {
		names = append(names, t.Name+"\t"+t.Summary)
	}
	return names
}

func (o *explainOptions) run(ctx context.Context, args []string) error {
	all, err := rules.Topics()
	if err != nil {
		return err
	}
	look := o.layout()
	if len(args) == 0 {
		if !term.IsTerminal(o.streams.Out) && o.streams.Env("COLUMNS") == "" {
			look.Width = math.MaxInt32 // a pipe has no edge to cut lines at
		}
		return formatNamed(adviceview.IndexFormats(), o.format).Write(o.streams.Out, all, look)
	}
	name := strings.Join(args, " ")
	found := topic.Find(all, name)
	if len(found) == 0 {
		found = o.own(ctx, name)
	}
	if len(found) == 0 {
		return unknownTopic(all, name)
	}
	if err := formatNamed(adviceview.TopicFormats(), o.format).Write(o.streams.Out, found, look); err != nil || o.format != "text" {
		return err
	}
	for i := range found {
		if err := simview.WriteSketch(o.streams.Out, found[i].Name, func(step int) simulate.Chance { return chanceOf(1)(0, step) }, look); err != nil {
			return err
		}
	}
	return nil
}

// own returns what a name of a team's own rule stands for, by the configuration that holds
// in the current folder. One that can't be followed explains nothing.
func (o *explainOptions) own(ctx context.Context, name string) []topic.Topic {
	r := rulesOptions{globals: o.globals}
	settings, err := r.settings(ctx, nil)
	if err != nil {
		return nil
	}
	var custom []*lint.Rule
	for _, r := range settings.Rules {
		if r.Rule.Custom {
			custom = append(custom, r.Rule)
		}
	}
	if all, err := rules.TopicsWith(custom); err == nil {
		return topic.Find(all, name)
	}
	return nil
}

func unknownTopic(all []topic.Topic, name string) error {
	message := fmt.Sprintf("unknown topic %q", term.Safe(name))
	if near := topic.Nearest(all, name); near != "" {
		return usagef("%s; did you mean %s?", message, near)
	}
	return usagef("%s; 'waitornot explain' lists all names", message)
}
