package cmd

import (
	"github.com/spf13/cobra"

	"waitornot/cmd/internal/schema"
	"waitornot/decide/lint"
	"waitornot/rules"
)

func newSchema(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of manifests or configurations",
		Long: "Prints a JSON Schema (draft-07) that editors use for completion and validation. An editor with\n" +
			"a YAML language server picks it up from a comment at the top of a manifest:\n\n" +
			"  # yaml-language-server: $schema=waitornot.schema.json",
		Example: "  waitornot schema manifest > waitornot.schema.json\n" +
			"  waitornot schema config > waitornot-config.schema.json",
		Args: noSuchCommand,
		RunE: func(c *cobra.Command, args []string) error { return c.Help() },
	}
	c.AddCommand(
		&cobra.Command{
			Use: "manifest", Short: "Print the JSON Schema of manifests", Args: asUsage(cobra.NoArgs),
			RunE: func(*cobra.Command, []string) error { return g.print(schema.Manifest()) },
		},
		&cobra.Command{
			Use: "config", Short: "Print the JSON Schema of configurations", Args: asUsage(cobra.NoArgs),
			RunE: func(*cobra.Command, []string) error { return g.print(schema.Config(settableRules())) },
		},
	)
	return c
}

// settableRules returns the rules that a configuration can set.
func settableRules() []*lint.Rule {
	return append(rules.All(), lint.EngineRules()...)
}

func (g *globals) print(data []byte) error {
	_, err := g.streams.Out.Write(data)
	return err
}
