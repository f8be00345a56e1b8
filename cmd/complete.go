package cmd

import (
	"slices"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/source"
	"waitornot/decide/manifest"
)

// completeOperations offers the operations of the manifests that the command
// line names.
func (g *globals) completeOperations(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	refs, err := source.Finder{Dir: g.streams.Dir}.Find(c.Context(), slices.DeleteFunc(args, func(a string) bool { return a == "-" }))
	if err != nil {
		return nil, none
	}
	var ids []string
	for _, r := range refs {
		src, err := r.Open()
		if err != nil {
			continue
		}
		_, ops := manifest.Read(src, manifest.Options{})
		for i := range ops {
			if ops[i].Name.Set() {
				ids = append(ids, ops[i].ID())
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), none
}
