package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/report"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
	"waitornot/rules"
)

// graphOptions are what a run of graph needs.
type graphOptions struct {
	*globals
	paths    []string
	format   string
	journeys []string
	services []string
}

func newGraph(g *globals) *cobra.Command {
	o := graphOptions{globals: g}
	formats := report.GraphFormats()
	var names []string
	help := ""
	for _, f := range formats {
		names = append(names, f.Name)
		help += fmt.Sprintf("  %s %s\n", term.Pad(f.Name, 8), f.Doc)
	}
	c := &cobra.Command{
		Use:   "graph [PATH...]",
		Short: "Show journeys and call chains with what they cost",
		Long: "Graph joins the operations of all manifests and shows, for every journey, how long it waits, how\n" +
			"available it is and how retries multiply; for every entry, how deep its calls go; and the load of\n" +
			"the queues. Numbers are estimates from the facts in the manifests: latencies add up to a safe\n" +
			"upper bound, availabilities multiply as if failures were independent. What a manifest does not\n" +
			"say is named as missing.\n\n" +
			"Formats:\n" + help,
		Example: "  waitornot graph\n" +
			"  waitornot graph services/ --journey place-order\n" +
			"  waitornot graph --format svg > graph.svg",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c.Context())
		},
	}
	enumVar(c, c.Flags(), &o.format, "format", names, "how to write it")
	c.Flags().StringArrayVar(&o.journeys, "journey", nil, "show the journey of this `NAME`; may be given several times")
	c.Flags().StringArrayVar(&o.services, "service", nil, "show the service of this `NAME` and its neighbours; may be given several times")
	return c
}

func (o *graphOptions) run(ctx context.Context) error {
	g, readErr := o.readGraph(ctx, o.paths)
	if g == nil {
		return readErr
	}
	page := &report.GraphPage{Graph: g, Picked: g.All(), Whole: true, Version: version(), Dir: o.streams.Dir}
	if len(o.journeys)+len(o.services) > 0 {
		selection, err := g.Select(o.journeys, o.services)
		if err != nil {
			return usageError{err}
		}
		page.Picked, page.Whole = selection, false
	}
	for _, f := range report.GraphFormats() {
		if f.Name == o.format {
			if err := f.Write(o.streams.Out, page, o.graphLook()); err != nil {
				return err
			}
		}
	}
	return readErr
}

// graphLook returns how text about graphs is laid out on standard output.
func (g *globals) graphLook() report.GraphLook {
	return report.GraphLook{
		Look:  report.Look{Painter: g.painter(), Width: g.streams.Width(g.streams.Out)},
		ASCII: !utf8Locale(g.streams.Env),
	}
}

// utf8Locale reports whether the locale that the environment sets shows more
// than ASCII.
func utf8Locale(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(env(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return false
}

// readGraph reads the manifests that paths name into a graph. When some could
// not be read, or not to the end, the graph holds the others and the error is a
// brokenError.
func (g *globals) readGraph(ctx context.Context, paths []string) (*graph.Graph, error) {
	refs, err := source.Finder{Dir: g.streams.Dir, Stdin: g.streams.In}.Find(ctx, paths)
	if err != nil {
		return nil, err
	}
	table, err := rules.LoadTable()
	if err != nil {
		return nil, err
	}
	var files []*manifest.File
	var parts []graph.Part
	var broken brokenError
	for _, r := range refs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src, err := r.Open()
		if err != nil {
			broken.unread = append(broken.unread, r.Name)
			fmt.Fprintf(g.streams.Err, "waitornot: %s: %s\n", term.Safe(r.Name), term.Safe(reason(err)))
			continue
		}
		file, more := manifest.Map(src, manifest.Options{}, func(doc *manifest.Document, ops []manifest.Operation) graph.Part {
			return graph.Collect(doc, ops, table, decide.DefaultLimits())
		})
		if file.Broken {
			broken.files = append(broken.files, file.Name)
		}
		files, parts = append(files, file), append(parts, more...)
	}
	joined := graph.Join(files, parts)
	if len(broken.files)+len(broken.unread) > 0 {
		return joined, broken
	}
	return joined, nil
}

// reason returns why a file could not be opened, without the path that is named
// beside it anyway.
func reason(err error) string {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}
