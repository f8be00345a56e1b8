package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/graphview"
	"waitornot/cmd/internal/simview"
	"waitornot/cmd/internal/text"
	"waitornot/decide/graph"
	"waitornot/decide/simulate"
)

// planOptions are what a run of plan needs.
type planOptions struct {
	*globals
	policyFlags
	paths    []string
	format   string
	journeys []string
	simulate bool
	output   string
}

func newPlan(g *globals) *cobra.Command {
	o := planOptions{globals: g}
	c := &cobra.Command{
		Use:   "plan [PATH...]",
		Short: "Find the smallest change that brings journeys back on target",
		Long: "For each journey that's over its budget or below its objective, plan looks for the smallest set of\n" +
			"operations to change from sync to async or hybrid so that it meets both. It changes only operations\n" +
			"whose answers allow it. Changes that need the product's consent (immediacy later instead of yes)\n" +
			"come last and are marked. If no set is enough, it says what would help instead.\n\n" +
			"With up to 20 operations, every combination is tried; beyond that, the search is greedy and says\n" +
			"so. With --simulate, each change is tried in outages of the services involved, and the changes are\n" +
			"ranked by how many requests they save.\n\n" +
			"The exit code doesn't depend on the plans; use check to fail a run.",
		Example: "  waitornot plan\n" +
			"  waitornot plan services/ --journey place-order --format json",
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return o.run(c.Context())
		},
	}
	formatVar(c, &o.format, graphview.PlanFormats())
	outputVar(c, &o.output)
	c.Flags().StringArrayVar(&o.journeys, "journey", nil, "plan only the journey with this `NAME`; repeatable")
	c.Flags().BoolVar(&o.simulate, "simulate", false, "rank the changes by how much they help in an outage")
	o.policyFlags.add(c)
	return c
}

func (o *planOptions) run(ctx context.Context) error {
	if err := o.refuseOverwrite(ctx, o.globals, o.paths, o.output); err != nil {
		return err
	}
	g, b, err := o.read(ctx)
	if err != nil {
		return err
	}
	picked := g.All()
	if len(o.journeys) > 0 {
		if picked, err = g.Select(o.journeys, nil); err != nil {
			return usageError{err}
		}
	}
	page := &graphview.PlanPage{Page: &graphview.Page{Graph: g.Graph, Picked: picked, Version: version(), Dir: g.dir}}
	for _, i := range picked.Journeys {
		j := &g.Journeys()[i]
		plan, needed := g.Plan(j, g.table(j.File))
		switch {
		case needed:
			page.Plans = append(page.Plans, graphview.JourneyPlan{Journey: j, Plan: plan})
		case plan.Before.Budget(j) == graph.Open || plan.Before.Objective(j) == graph.Open:
			page.Open++
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	var gains []simview.Gains
	if o.simulate {
		if gains, err = o.rank(ctx, b, page.Plans); err != nil {
			return err
		}
	}
	err = o.writeTo(ctx, o.output, text.Count(len(page.Plans), "plan"), func(w io.Writer) error { return o.write(w, page, gains) })
	if err != nil {
		return err
	}
	if o.format == "text" && len(g.Journeys()) == 0 {
		o.suggestJourney(g.Graph)
	}
	return readError(g.Result)
}

// write writes the plans, and with --simulate what they gain in outages.
func (o *planOptions) write(w io.Writer, page *graphview.PlanPage, gains []simview.Gains) error {
	look := o.layoutIn(o.output, w)
	if err := formatNamed(graphview.PlanFormats(), o.format).Write(w, page, look); err != nil || !o.simulate || o.format != "text" {
		return err
	}
	return simview.WriteGains(w, gains, look)
}

// read reads the graph, and with --simulate what a simulation needs besides.
func (o *planOptions) read(ctx context.Context) (*graphRun, *behavior, error) {
	if !o.simulate {
		g, err := o.readGraph(ctx, o.globals, o.paths)
		return g, nil, err
	}
	b, err := o.readBehavior(ctx, o.globals, o.paths)
	if err != nil {
		return nil, nil, err
	}
	return b.graphRun, b, nil
}

// rankedRuns is how many runs weigh a change.
const rankedRuns = 3

// rank simulates the changes of each plan in outages.
func (o *planOptions) rank(ctx context.Context, b *behavior, plans []graphview.JourneyPlan) ([]simview.Gains, error) {
	changes := 0
	for i := range plans {
		changes += len(simulate.Ranked(&plans[i].Plan))
	}
	progress := o.streams.Progress("simulating", "changes", changes)
	defer progress.Stop()
	gains := make([]simview.Gains, 0, len(plans))
	for i := range plans {
		p := &plans[i]
		list, err := simulate.Rank(ctx, b.input(p.Journey), &p.Plan, rankedRuns, chanceOf(1), progress.Step)
		if err != nil {
			return nil, err
		}
		g := simview.Gains{Graph: b.Graph, Journey: p.Journey, List: list}
		p.Outages = g.JSON()
		gains = append(gains, g)
	}
	return gains, nil
}
