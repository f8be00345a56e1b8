package mcp

import "context"

// planInput is what plan takes.
type planInput struct {
	manifests
	Journeys []string `json:"journeys,omitempty" jsonschema:"plan only these journeys"`
	page
}

// planResult is what plan returns.
type planResult struct {
	Journeys int           `json:"journeys" jsonschema:"how many there are"`
	Open     int           `json:"open" jsonschema:"how many can't be judged because facts are missing"`
	Plans    []journeyPlan `json:"plans" jsonschema:"one for each journey that misses a target"`
	rest
}

type journeyPlan struct {
	Journey  string   `json:"journey"`
	Place    string   `json:"place"`
	Budget   *float64 `json:"budget_ms,omitempty"`
	SLO      *float64 `json:"objective,omitempty"`
	Found    bool     `json:"found" jsonschema:"whether a set of changes meets the targets as far as the facts are known"`
	Exact    bool     `json:"exact" jsonschema:"no smaller set does as far as the facts are known"`
	Enough   bool     `json:"enough" jsonschema:"the targets are met whatever the missing facts turn out to be; if not, get the facts of after.missing first"`
	Before   outcome  `json:"before"`
	After    outcome  `json:"after"`
	Changes  []turn   `json:"changes"`
	Remedies []string `json:"remedies,omitempty" jsonschema:"what would help when no set of changes is enough"`
}

type outcome struct {
	P99          *float64 `json:"p99_sum_ms,omitempty"`
	TimeKnown    bool     `json:"p99_complete" jsonschema:"if not, it takes at least p99_sum_ms"`
	Availability *float64 `json:"availability,omitempty"`
	ShareKnown   bool     `json:"availability_complete" jsonschema:"if not, it is at most that"`
	Budget       string   `json:"budget_is"`
	Objective    string   `json:"objective_is"`
	Missing      []string `json:"missing" jsonschema:"the first facts that are missing"`
}

// short leaves out most names of missing facts, where there are many.
func (o outcome) short() outcome {
	o.Missing = o.Missing[:min(len(o.Missing), maxProblems)]
	return o
}

type turn struct {
	Operation string   `json:"operation"`
	To        []string `json:"to"`
	Ground    string   `json:"ground" jsonschema:"verdict: its answers already give it; answer: it depends on how the open question is answered; consent: only if the product agrees that an acknowledgment is enough"`
	Question  string   `json:"question,omitempty"`
}

func (s *Server) plan(ctx context.Context, in planInput) (planResult, error) {
	paths, text, err := in.arguments(&s.roots)
	if err != nil {
		return planResult{}, err
	}
	args := []string{"plan", "--format=json"}
	for _, name := range in.Journeys {
		args = append(args, "--journey="+name)
	}
	var doc struct {
		Journeys, Open int
		Plans          []struct {
			Journey, File string
			Range         *extent
			Budget        *float64 `json:"budget_ms"`
			Objective     *float64
			Found, Exact  bool
			Enough        bool
			Before, After outcome
			Turns         []turn
			Remedies      []struct {
				What   string
				Enough bool
			}
		}
	}
	if err := s.run(ctx, &doc, text, append(args, paths...)...); err != nil {
		return planResult{}, err
	}
	var list []journeyPlan
	for i := range doc.Plans {
		p := &doc.Plans[i]
		x := journeyPlan{
			Journey: p.Journey, Place: place(p.File, p.Range), Budget: p.Budget, SLO: p.Objective, Found: p.Found, Exact: p.Exact, Enough: p.Enough,
			Before: p.Before.short(), After: p.After.short(), Changes: append([]turn{}, p.Turns...),
		}
		for _, r := range p.Remedies {
			what := r.What
			if !r.Enough {
				what += "; not enough on its own"
			}
			x.Remedies = append(x.Remedies, what)
		}
		list = append(list, x)
	}
	out := planResult{Journeys: doc.Journeys, Open: doc.Open}
	out.Plans, out.rest = take(in.page, list)
	return out, nil
}
