package cmd

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"waitornot/decide/project"
)

// completeOperations offers the operations of the manifests that the command
// line names.
func (g *globals) completeOperations(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	paths := slices.DeleteFunc(args, func(a string) bool { return a == "-" })
	_, files, err := (&policyFlags{}).find(c.Context(), g, paths)
	if err != nil {
		return nil, none
	}
	loader, err := (&policyFlags{none: true}).loader(context.Background(), g)
	if err != nil {
		return nil, none
	}
	settings := project.Settings{Configurations: loader}
	_, ids, err := project.Read(c.Context(), files, settings, func(op project.Operation) string {
		if !op.Name.Set() {
			return ""
		}
		return op.ID()
	})
	if err != nil {
		return nil, none
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	slices.Sort(ids)
	return slices.Compact(ids), none
}
