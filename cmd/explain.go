package cmd

import "github.com/spf13/cobra"

func newExplain(g *globals) *cobra.Command {
	return &cobra.Command{Use: "explain [NAME]", Short: "Explain a rule, question, row, safeguard, pattern or stack",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return nil }}
}
