package custom

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
)

// A journey is what an expression over a journey can name. A fact that is not
// given or cannot be worked out is "", 0 or an empty list; given tells it from
// one that is.
type journey struct {
	ID           string        `expr:"id"` // service/journey
	Name         string        `expr:"name"`
	Service      string        `expr:"service"`
	Steps        []string      `expr:"steps"` // service/operation, in order
	Waits        int           `expr:"waits"` // how many of the steps are synchronous
	SLO          float64       `expr:"slo"`
	Budget       time.Duration `expr:"budget"`
	P99          time.Duration `expr:"p99"`     // the sum of p99s, which is no percentile
	Typical      time.Duration `expr:"typical"` // the sum of medians
	Availability float64       `expr:"availability"`
	Depth        int           `expr:"depth"`    // hops of the longest chain of nested synchronous steps
	Attempts     float64       `expr:"attempts"` // the largest product of attempts along such a chain

	Given func(name string) bool `expr:"given"`
}

// journeyFacts are the names that given knows in a rule over journeys.
func journeyFacts() map[string]func(*graph.Journey, *graph.Numbers) bool {
	return map[string]func(*graph.Journey, *graph.Numbers) bool{
		"slo":          func(j *graph.Journey, _ *graph.Numbers) bool { return j.SLO.Set() },
		"budget":       func(j *graph.Journey, _ *graph.Numbers) bool { return j.Budget.Set() },
		"p99":          func(_ *graph.Journey, n *graph.Numbers) bool { return n.Tail.Known() },
		"typical":      func(_ *graph.Journey, n *graph.Numbers) bool { return n.Typical.Known() },
		"availability": func(_ *graph.Journey, n *graph.Numbers) bool { return n.Share.Known() },
	}
}

// overJourneys makes r look at journeys.
func overJourneys(r *lint.Rule, c *config.CustomRule) *fault {
	known := journeyFacts()
	p, f := program(c, journey{}, slices.Sorted(maps.Keys(known)))
	if f != nil {
		return f
	}
	e := &evaluator{program: p}
	r.Graph = func(pass *lint.Pass, g *graph.Graph) {
		for i := range g.Journeys() {
			j := &g.Journeys()[i]
			hit, err := e.run(journeyEnvironment(g, j, &g.AllNumbers()[i], known))
			switch {
			case errors.Is(err, errGivenUp):
			case err != nil:
				pass.Fail(j.File, j.Name.Range, g.JourneyID(j), failure(c, err), "fix the expression")
			case hit:
				pass.ReportIn(j.File, j.Name.Range, g.JourneyID(j), fmt.Sprintf("%q: %s", j.Name.Value, c.Message.Value), c.Fix.Value)
			}
		}
	}
	return nil
}

// journeyEnvironment returns what an expression sees of a journey.
func journeyEnvironment(g *graph.Graph, j *graph.Journey, n *graph.Numbers, known map[string]func(*graph.Journey, *graph.Numbers) bool) journey {
	env := journey{
		ID: g.JourneyID(j), Name: j.Name.Value, Service: g.ServiceName(j.Service), Steps: make([]string, 0, len(j.Path)),
		SLO: j.SLO.Value, Budget: j.Budget.Value, Depth: n.Depth, Attempts: n.Attempts,
		Given: func(name string) bool { return known[name] != nil && known[name](j, n) },
	}
	for _, step := range j.Path {
		env.Steps = append(env.Steps, g.ID(step.Operation))
		if g.Operation(step.Operation).Mode() == decide.Sync {
			env.Waits++
		}
	}
	if n.Tail.Known() {
		env.P99 = n.Tail.Time
	}
	if n.Typical.Known() {
		env.Typical = n.Typical.Time
	}
	if n.Share.Known() {
		env.Availability = n.Share.Value
	}
	return env
}
