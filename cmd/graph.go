package cmd

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/report"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// graphOptions are what a run of graph needs.
type graphOptions struct {
	*globals
	policyFlags
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
	o.policyFlags.add(c)
	return c
}

func (o *graphOptions) run(ctx context.Context) error {
	g, err := o.readGraph(ctx, o.globals, o.paths)
	if err != nil {
		return err
	}
	page := &report.GraphPage{Graph: g.Graph, Picked: g.All(), Whole: true, Version: version(), Dir: g.dir}
	if len(o.journeys)+len(o.services) > 0 {
		selection, err := g.Select(o.journeys, o.services)
		if err != nil {
			return usageError{err}
		}
		page.Picked, page.Whole = selection, false
	}
	for _, f := range report.GraphFormats() {
		if f.Name == o.format {
			if err := f.Write(untilDone{ctx, o.streams.Out}, page, o.graphLook()); err != nil {
				return err
			}
		}
	}
	return g.err()
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

// A graphRun is a graph with what it was made from.
type graphRun struct {
	*graph.Graph
	tables   map[string]*decide.Table // by the name of a manifest
	dir      string                   // the folder of the run
	findings []diag.Finding           // what the reader reports, sorted
	broken   brokenError              // what could not be read
}

// err returns what sets the exit code when all else went well.
func (r *graphRun) err() error {
	if len(r.broken.files)+len(r.broken.unread) > 0 {
		return r.broken
	}
	if slices.ContainsFunc(r.findings, func(f diag.Finding) bool { return f.Severity == diag.Error }) {
		return errFindings
	}
	return nil
}

// readGraph reads the manifests that paths name into a graph, each judged by its
// configuration, and writes what is wrong with them. What cannot be read is left
// out.
func (p *policyFlags) readGraph(ctx context.Context, g *globals, paths []string) (*graphRun, error) {
	refs, err := source.Finder{Dir: g.streams.Dir, Stdin: g.streams.In}.Find(ctx, paths)
	if err != nil {
		return nil, err
	}
	loader, err := p.loader(g)
	if err != nil {
		return nil, err
	}
	judges, err := policies(g, loader, refs)
	if err != nil {
		return nil, err
	}
	if err := refuse(g, loader); err != nil {
		return nil, err
	}
	dir, err := g.folder()
	if err != nil {
		return nil, err
	}
	run := &graphRun{tables: map[string]*decide.Table{}, dir: dir}
	var files []*manifest.File
	var parts []graph.Part
	for i, r := range refs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src, err := r.Open()
		if err != nil {
			run.broken.unread = append(run.broken.unread, r.Name)
			fmt.Fprintf(g.streams.Err, "waitornot: %s: %s\n", term.Safe(r.Name), term.Safe(plainError(err).Error()))
			continue
		}
		file, more := manifest.Map(src, manifest.Options{Workers: runtime.GOMAXPROCS(0)}, func(doc *manifest.Document, ops []manifest.Operation) graph.Part {
			return graph.Collect(doc, ops, judges[i].Table, judges[i].Limits)
		})
		if file.Broken {
			run.broken.files = append(run.broken.files, file.Name)
		}
		run.tables[file.Name] = judges[i].Table
		run.findings = append(run.findings, file.Findings...)
		files, parts = append(files, file), append(parts, more...)
	}
	run.findings = diag.Sort(append(run.findings, manifest.CrossCheck(files)...))
	w := g.streams.Err
	writeFindings(w, term.Painter{Color: g.streams.Color(w, term.ColorMode(g.color))}, run.findings)
	run.Graph = graph.Join(files, parts)
	return run, nil
}
