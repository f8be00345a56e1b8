package cmd

import (
	"context"
	"html/template"

	"waitornot/cmd/internal/review"
	"waitornot/cmd/internal/simview"
	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/project"
	"waitornot/decide/simulate"
)

// outages draws for each journey what an outage does to it today, and after its plan: the
// outage in which a change of the plan helps most, else that of the deepest callee.
func (o *reportOptions) outages(ctx context.Context, r *review.Review, facts []simulate.Facts, p *project.Project, knowledge *decide.Knowledge) error {
	b := &behavior{&graphRun{Project: p, Graph: p.Graph}, facts, knowledge}
	r.Outages.Style = simview.Style
	progress := o.streams.Progress("simulating", "journeys", len(r.Plans))
	defer progress.Stop()
	for i := range r.Plans {
		picture, err := outage(ctx, b, &p.Graph.Journeys()[i], &r.Plans[i].Plan)
		if err != nil {
			return err
		}
		r.Outages.Pictures = append(r.Outages.Pictures, template.HTML(picture)) // every text in it has been escaped
		progress.Step()
	}
	return nil
}

// outage draws one journey; the picture of one that calls nobody is empty.
func outage(ctx context.Context, b *behavior, j *graph.Journey, plan *graph.Plan) (string, error) {
	in := b.input(j)
	chance := chanceOf(1)
	variants := []*simulate.Prepared{simulate.Prepare(in, simulate.Declared)}
	s := variants[0].Complete(simulate.Scenario{Kind: simulate.Down})
	if s.Callee == "" {
		return "", nil
	}
	if len(plan.Changes) > 0 {
		variants = append(variants, simulate.PrepareWith(in, plan.Changes))
		gains, err := simulate.Rank(ctx, in, plan, rankedRuns, chance, func() {})
		if err != nil {
			return "", err
		}
		if len(gains) > 0 {
			s = variants[0].Complete(simulate.Scenario{Kind: simulate.Down, Callee: gains[0].Scenario.Callee})
		}
	}
	page := &simview.Page{Journey: b.Graph.JourneyID(j), Scenario: s, Seed: 1, Rate: variants[0].Rate, Runs: rankedRuns}
	for _, v := range variants {
		sum, err := simulate.Simulate(ctx, &v.Model, s, rankedRuns, chance, func(float64) {})
		if err != nil {
			return "", err
		}
		page.Variants = append(page.Variants, simview.Variant{Prepared: v, Summary: sum})
	}
	return page.Inline(), nil
}
