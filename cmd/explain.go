package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/adviceview"
	"waitornot/cmd/internal/simview"
	"waitornot/cmd/internal/term"
	"waitornot/decide/advice/topic"
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
		Short: "Explain any question, key, word, safeguard, pattern, stack or rule",
		Long: "Explains anything that waitornot names, without the network. A NAME is what\n" +
			"reports print: a question, an answer, a verdict, a row of the decision table, a\n" +
			"safeguard, a pattern, a stack, a limit, a rule by its code or name, a key of a\n" +
			"manifest (delivery.broker), or a word (dead letter queue). Where two kinds share a\n" +
			"name both are explained; kind/name asks for one. Without a NAME everything is\n" +
			"listed.",
		Example: "  waitornot explain\n" +
			"  waitornot explain immediacy\n" +
			"  waitornot explain WN101\n" +
			"  waitornot explain dotnet\n" +
			"  waitornot explain delivery.max_deliveries\n" +
			"  waitornot explain dead letter queue\n" +
			"  waitornot explain pattern/local-copy",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return o.run(args) },
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return completeTopics(args), cobra.ShellCompDirectiveNoFileComp
		},
	}
	enumVar(c, c.Flags(), &o.format, "format", topicFormatNames(), "the output `format`")
	return c
}

func topicFormatNames() []string {
	var names []string
	for _, f := range adviceview.TopicFormats() {
		names = append(names, f.Name)
	}
	return names
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

func (o *explainOptions) run(args []string) error {
	all, err := rules.Topics()
	if err != nil {
		return err
	}
	format := adviceview.TopicFormats()[slices.Index(topicFormatNames(), o.format)]
	look := term.Layout{Painter: o.painter(), Width: o.streams.Width(o.streams.Out)}
	if len(args) == 0 {
		return format.Index(o.streams.Out, all, look)
	}
	name := strings.Join(args, " ")
	found := topic.Find(all, name)
	if len(found) == 0 {
		return unknownTopic(all, name)
	}
	if err := format.Write(o.streams.Out, found, look); err != nil || o.format != "text" {
		return err
	}
	for i := range found {
		if err := simview.WriteSketch(o.streams.Out, found[i].Name, func(step int) simulate.Chance { return chanceOf(1)(0, step) }, o.simulateLook()); err != nil {
			return err
		}
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
