package cmd

import "github.com/spf13/cobra"

func newAdvise(g *globals) *cobra.Command {
	return &cobra.Command{Use: "advise [PATH...]", Short: "Recommend sync, async or hybrid for every operation of the manifests",
		RunE: func(c *cobra.Command, args []string) error { return nil }}
}
