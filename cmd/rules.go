package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/configview"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/lint"
	"waitornot/rules/custom"
)

func newRules(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "List the rules, and test your own",
		Long: "Besides the built-in rules, a configuration can define custom rules: an expression over an\n" +
			"operation or a journey that's true if there's something to report.",
		Args: noSuchCommand,
		RunE: func(c *cobra.Command, args []string) error { return c.Help() },
	}
	c.AddCommand(newRulesList(g), newRulesTest(g))
	return c
}

// rulesOptions are what a command over rules needs.
type rulesOptions struct {
	*globals
	policyFlags
	format string
}

func newRulesList(g *globals) *cobra.Command {
	o := rulesOptions{globals: g}
	c := &cobra.Command{
		Use:   "list [PATH]",
		Short: "List every rule that applies to a manifest or a folder",
		Args:  asUsage(cobra.MaximumNArgs(1)),
		RunE:  func(c *cobra.Command, args []string) error { return o.list(c.Context(), args) },
	}
	o.add(c)
	formatVar(c, &o.format, configview.RuleFormats())
	return c
}

// settings returns what holds for the path given, or for the current folder.
func (o *rulesOptions) settings(ctx context.Context, args []string) (*config.Config, error) {
	l, err := o.loader(ctx, o.globals)
	if err != nil {
		return nil, err
	}
	dir, err := o.folder()
	if err != nil {
		return nil, err
	}
	settings, err := configOf(l, absolute(dir, append(args, ".")[0]))
	if err != nil {
		return nil, err
	}
	return settings, settled(o.globals, l)
}

func (o *rulesOptions) list(ctx context.Context, args []string) error {
	settings, err := o.settings(ctx, args)
	if err != nil {
		return err
	}
	return formatNamed(configview.RuleFormats(), o.format).Write(o.streams.Out, settings, o.layout())
}

func newRulesTest(g *globals) *cobra.Command {
	o := rulesOptions{globals: g}
	c := &cobra.Command{
		Use:   "test [PATH]",
		Short: "Test custom rules on their good and bad examples",
		Long: "Compiles the custom_rules of the configuration that applies to a manifest or a folder, and runs\n" +
			"each rule on its own two examples: its bad manifest must trigger it, and its good one must not.",
		Args: asUsage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return o.test(c, args) },
	}
	o.add(c)
	return c
}

// casesOf runs a team's own rule over its cases.
func casesOf(ctx context.Context, settings *config.Config, r *lint.Rule) ([]custom.Case, error) {
	limits := decide.LatencyLimits{Threshold: settings.Threshold.Value, Wait: settings.Wait.Value}
	return custom.Test(ctx, r, settings.Table.Value, limits)
}

func (o *rulesOptions) test(c *cobra.Command, args []string) error {
	settings, err := o.settings(c.Context(), args)
	if err != nil {
		return err
	}
	p := o.painter()
	tested, failed := 0, 0
	for _, r := range settings.Rules {
		if !r.Rule.Custom {
			continue
		}
		cases, err := casesOf(c.Context(), settings, r.Rule)
		if err != nil {
			return err
		}
		for _, k := range cases {
			tested++
			state, why := p.Paint(term.Green, "ok    "), ""
			if k.Failed != "" {
				failed++
				state, why = p.Paint(term.Red, "failed"), ": "+k.Failed
			}
			fmt.Fprintf(o.streams.Out, "%s  %s %s, %s case%s\n", state, term.Safe(r.Rule.Code), term.Safe(r.Rule.Name), k.Name, term.Safe(why))
		}
	}
	if tested == 0 {
		fmt.Fprintln(o.streams.Out, "no custom rules: add custom_rules to "+config.Name)
		return nil
	}
	fmt.Fprintf(o.streams.Out, "%d passed, %d failed\n", tested-failed, failed)
	if failed > 0 {
		return errFindings
	}
	return nil
}
