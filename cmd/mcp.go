package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/mcp"
)

// mcpOptions are what a run of mcp needs.
type mcpOptions struct {
	*globals
	roots []string
	write bool
}

func newMCP(g *globals) *cobra.Command {
	o := mcpOptions{globals: g}
	c := &cobra.Command{
		Use:   "mcp",
		Short: "Serve agents over the Model Context Protocol",
		Long: "Speaks the Model Context Protocol on standard input and output, for agents that design and\n" +
			"write services. Its tools are the commands: advise, next_question, check, explain, plan,\n" +
			"diff, and draft_operation. They return what the commands print with --format json, reduced\n" +
			"to what an agent needs.\n\n" +
			"It only reads files below the roots. It writes nothing without --write; with it,\n" +
			"draft_operation may add operations to manifests.",
		Example: "  waitornot mcp\n" +
			"  waitornot mcp --root services --root platform\n" +
			"  waitornot mcp --write",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c.Context()) },
	}
	c.Flags().StringArrayVar(&o.roots, "root", nil, "read files only below this `FOLDER`; repeatable (default the current folder)")
	_ = c.MarkFlagDirname("root")
	c.Flags().BoolVar(&o.write, "write", false, "let draft_operation add operations to manifests")
	return c
}

func (o *mcpOptions) run(ctx context.Context) error {
	dir, err := o.folder()
	if err != nil {
		return err
	}
	settings := mcp.Settings{Version: version(), Dir: dir, Write: o.write, Run: o.command(dir)}
	for _, root := range o.roots {
		settings.Roots = append(settings.Roots, absolute(dir, root))
	}
	server, err := mcp.New(settings)
	if err != nil {
		return usageError{err}
	}
	return server.Serve(ctx, o.streams.In, o.streams.Out)
}

// command returns what runs a command line of this program for an agent: without a
// terminal, and in the folder of the server.
func (o *mcpOptions) command(dir string) mcp.Command {
	return func(ctx context.Context, within, args []string, in io.Reader, out, errs io.Writer) int {
		env := func(name string) string {
			switch name {
			case "TERM", "ACCESSIBLE", "FORCE_COLOR":
				return "" // nobody sits there
			case "COLUMNS":
				return "100"
			}
			return o.streams.Env(name)
		}
		return Main(ctx, args, Streams{In: in, Out: out, Err: errs, Env: env, Now: o.streams.Now, Dir: dir, Within: within})
	}
}
