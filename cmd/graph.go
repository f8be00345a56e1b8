package cmd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// graphOptions are what a run of graph needs.
type graphOptions struct {
	*globals
	policyFlags
	watchFlags
	paths    []string
	format   string
	journeys []string
	services []string
	output   string
}

func newGraph(g *globals) *cobra.Command {
	o := graphOptions{globals: g}
	c := &cobra.Command{
		Use:   "graph [PATH...]",
		Short: "Show what journeys and call chains cost",
		Long: "Joins the operations of all manifests. For every journey, it shows how long it takes, how available\n" +
			"it is, and how retries multiply; for every entry point, how deep its calls go; and the load of the\n" +
			"queues. Numbers are estimates from the facts in the manifests: with three p99s in a row, at least\n" +
			"97 of 100 requests stay within their sum, and availabilities multiply as if failures were\n" +
			"independent. Facts that a manifest lacks are listed as missing.\n\n" +
			"Formats:\n" + formatHelp(graphview.Formats()),
		Example: "  waitornot graph\n" +
			"  waitornot graph services/ --journey place-order\n" +
			"  waitornot graph --format svg -o graph.svg",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.watching(c.Context(), g, args, []string{o.config}, o.run)
		},
	}
	formatVar(c, &o.format, graphview.Formats())
	outputVar(c, &o.output)
	c.Flags().StringArrayVar(&o.journeys, "journey", nil, "show only the journey with this `NAME`; repeatable")
	c.Flags().StringArrayVar(&o.services, "service", nil, "show only the service with this `NAME` and its neighbors; repeatable")
	o.policyFlags.add(c)
	o.watchFlags.add(c)
	return c
}

func (o *graphOptions) run(ctx context.Context) error {
	if err := o.refuseOverwrite(ctx, o.globals, o.paths, o.output); err != nil {
		return err
	}
	g, err := o.readGraph(ctx, o.globals, o.paths)
	if err != nil {
		return err
	}
	page := &graphview.Page{Graph: g.Graph, Picked: g.Graph.All(), Whole: true, Version: version(), Dir: g.dir}
	if len(o.journeys)+len(o.services) > 0 {
		selection, err := g.Select(o.journeys, o.services)
		if err != nil {
			return usageError{err}
		}
		page.Picked, page.Whole = selection, false
	}
	err = o.writeTo(ctx, o.output, text.Count(len(page.Picked.Operations), "operation"), func(w io.Writer) error {
		return formatNamed(graphview.Formats(), o.format).Write(w, page, o.layoutIn(o.output, w))
	})
	if err != nil {
		return err
	}
	if o.format == "text" && len(g.Journeys()) == 0 {
		o.suggestJourney(g.Graph)
	}
	return readError(g.Result)
}

// suggestJourney says how a journey is written, with operations that are there.
func (g *globals) suggestJourney(of *graph.Graph) {
	var steps []string
	for i := range min(of.Len(), 2) {
		steps = append(steps, of.ID(graph.OperationID(i)))
	}
	if len(steps) == 0 {
		return
	}
	fmt.Fprintf(g.streams.Err, "waitornot: no journeys yet: add one to a manifest to see how long its users wait\n\n"+
		"journeys:\n"+
		"  - {name: NAME, steps: [%s],\n"+
		"     budget: 2s, slo: 99.9%%}\n", term.Safe(strings.Join(steps, ", ")))
}

// A graphRun is a project and the graph of it.
type graphRun struct {
	*project.Project
	*graph.Graph
	dir string // the folder of the run
}

// readGraph reads the manifests that paths name into a graph, each judged by its
// configuration, and writes what is wrong with them. What can't be read is left
// out.
func (p *policyFlags) readGraph(ctx context.Context, g *globals, paths []string) (*graphRun, error) {
	dir, err := g.folder()
	if err != nil {
		return nil, err
	}
	read, _, err := readProject[struct{}](ctx, g, p, paths, lint.Options{Graph: true}, nil)
	if err != nil {
		return nil, err
	}
	g.complainOf(read)
	return &graphRun{read, read.Graph, dir}, nil
}

// table returns the table that decides on the operations of a file.
func (r *graphRun) table(file string) *decide.Table { return r.PolicyOf(file).Table }
