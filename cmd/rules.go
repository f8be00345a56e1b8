package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/rules/custom"
)

func newRules(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "List the rules, and test your own",
		Long: "Beside the built-in rules a configuration can hold rules of your own: an expression over an\n" +
			"operation or a journey that is true where there is something to report.",
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
		Short: "List every rule that holds for a manifest or a folder",
		Args:  asUsage(cobra.MaximumNArgs(1)),
		RunE:  func(c *cobra.Command, args []string) error { return o.list(c.Context(), args) },
	}
	o.add(c)
	enumVar(c, c.Flags(), &o.format, "format", []string{"text", "json"}, "the output `format`")
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
	if o.format == "json" {
		return o.listJSON(settings)
	}
	p := o.painter()
	width := 0
	for _, r := range settings.Rules {
		width = max(width, term.Cells(r.Rule.Name))
	}
	for _, r := range settings.Rules {
		severity := "off"
		if r.On() {
			severity = r.Severity.Value.String()
		}
		fmt.Fprintf(o.streams.Out, "%s  %s  %s  %s\n", term.Safe(r.Rule.Code), p.Paint(severityStyle(r), term.Pad(severity, len("warning"))),
			p.Paint(term.Bold, term.Pad(term.Safe(r.Rule.Name), width)), term.Safe(r.Rule.Summary))
	}
	return nil
}

// A listedRule is a rule as rules list writes it in JSON.
type listedRule struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Severity string `json:"severity"` // off when it is
	Summary  string `json:"summary"`
	Custom   bool   `json:"custom"`
}

func (o *rulesOptions) listJSON(settings *config.Config) error {
	list := []listedRule{}
	for _, r := range settings.Rules {
		l := listedRule{r.Rule.Code, r.Rule.Name, config.SeverityOff, r.Rule.Summary, r.Rule.Custom}
		if r.On() {
			l.Severity = r.Severity.Value.String()
		}
		list = append(list, l)
	}
	return markup.WriteJSON(o.streams.Out, struct {
		Version int          `json:"version"`
		Rules   []listedRule `json:"rules"`
	}{1, list})
}

func severityStyle(r config.RuleConfig) term.Style {
	if !r.On() {
		return term.Faint
	}
	return term.SeverityStyle(r.Severity.Value)
}

func newRulesTest(g *globals) *cobra.Command {
	o := rulesOptions{globals: g}
	c := &cobra.Command{
		Use:   "test [PATH]",
		Short: "Test your own rules on their bad and good examples",
		Long: "Test compiles the custom_rules of the configuration that holds for a manifest or a folder, and\n" +
			"runs each over its own two cases: its bad manifest must trigger it, its good one must not.",
		Args: asUsage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return o.test(c, args) },
	}
	o.add(c)
	return c
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
		limits := decide.LatencyLimits{Threshold: settings.Threshold.Value, Wait: settings.Wait.Value}
		cases, err := custom.Test(c.Context(), r.Rule, settings.Table.Value, limits)
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
