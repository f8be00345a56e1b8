package simview

import (
	"math"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/simulate"
)

// jsonVersion is the version of the JSON format. It changes when a reader of the old one
// would be misled.
const jsonVersion = 1

// The shapes of the JSON format. simulate.schema.json describes them. Times are in
// seconds, shares from 0 to 1; what is not known is null.
type (
	jsonPage struct {
		Version  int             `json:"version"`
		Tool     markup.JSONTool `json:"tool"`
		Journey  string          `json:"journey"`
		Scenario jsonScenario    `json:"scenario"`
		Seed     uint64          `json:"seed"`
		Runs     int             `json:"runs"`
		Rate     float64         `json:"requests_per_s"`
		Lost     int             `json:"steps_not_found"`
		Same     []string        `json:"same_as_first"` // variants that change nothing of the first
		Variants []jsonVariant   `json:"variants"`
	}
	jsonScenario struct {
		Kind   string  `json:"kind"`
		Callee *string `json:"callee"`
		Times  float64 `json:"times"`
		Refuse bool    `json:"refuse"`
		Before float64 `json:"before_s"`
		Length float64 `json:"length_s"`
		After  float64 `json:"after_s"`
	}
	jsonVariant struct {
		As         string           `json:"as"`
		Changes    []jsonChange     `json:"changes"`
		Measured   []jsonReading    `json:"measured"`
		Assumed    []jsonAssumption `json:"assumed"`
		Before     jsonPhase        `json:"before"`
		During     jsonPhase        `json:"during"`
		After      jsonPhase        `json:"after"`
		Whole      jsonPhase        `json:"whole"`
		MostOpen   *jsonEstimate    `json:"requests_open_most"`
		Users      *jsonEstimate    `json:"requests_recovered_s"`
		Queues     *jsonEstimate    `json:"queues_recovered_s"`
		Unrestored int              `json:"runs_not_recovered"`
		Steps      []jsonStep       `json:"steps"`
		Series     jsonSeries       `json:"series"`
	}
	jsonChange struct {
		Operation string   `json:"operation"`
		To        *string  `json:"to"`
		With      []string `json:"with"`
	}
	jsonAssumption struct {
		Fact       string   `json:"fact"`
		Instead    string   `json:"instead"`
		Why        string   `json:"why"`
		Operations []string `json:"operations"`
	}
	jsonEstimate struct {
		Mean float64  `json:"mean"`
		Half *float64 `json:"plus_minus"` // 95 % confidence; null with one run
	}
	jsonPhase struct {
		Requests      *jsonEstimate `json:"requests"`
		Success       *jsonEstimate `json:"success"`
		FeltMean      *jsonEstimate `json:"answer_mean_s"`
		FeltMedian    *jsonEstimate `json:"answer_p50_s"`
		FeltTail      *jsonEstimate `json:"answer_p99_s"`
		OutcomeMean   *jsonEstimate `json:"outcome_mean_s"`
		OutcomeMedian *jsonEstimate `json:"outcome_p50_s"`
		OutcomeTail   *jsonEstimate `json:"outcome_p99_s"`
		Never         *jsonEstimate `json:"given_up"`
		Pending       *jsonEstimate `json:"not_done"`
		Waiting       *jsonEstimate `json:"not_done_waiting"` // of those, the ones that wait in a queue
	}
	jsonStep struct {
		Operation     string        `json:"operation"`
		Detached      bool          `json:"detached"`
		Attempts      *jsonEstimate `json:"attempts"`
		Amplification *jsonEstimate `json:"attempts_per_call"`
		MostOpen      *jsonEstimate `json:"open_most"`
		MostWaiting   *jsonEstimate `json:"waiting_most"`
		Oldest        *jsonEstimate `json:"oldest_s"`
		TimedOut      *jsonEstimate `json:"timed_out"`
		Refused       *jsonEstimate `json:"refused_by_pool"`
		Broken        *jsonEstimate `json:"stopped_by_breaker"`
		Shed          *jsonEstimate `json:"shed"`
		Wasted        *jsonEstimate `json:"answers_unheard"`
		Twice         *jsonEstimate `json:"done_twice"`
		Redone        *jsonEstimate `json:"redelivered_after_done"`
		Unknown       *jsonEstimate `json:"done_but_failed"`
		DeadLettered  *jsonEstimate `json:"dead_lettered"`
		Lost          *jsonEstimate `json:"lost"`
		Expired       *jsonEstimate `json:"expired"`
		Unsent        *jsonEstimate `json:"unsent"`
	}
	jsonSeries struct {
		Width   float64    `json:"width_s"`
		Success []*float64 `json:"success"`
		Felt    []*float64 `json:"answer_mean_s"`
		Open    []float64  `json:"open"`
		Waiting []float64  `json:"waiting"`
		Oldest  []float64  `json:"oldest_s"`
	}
)

// writeJSON writes every number as one document.
func writeJSON(w *markup.Writer, p *Page, _ term.Layout) {
	w.JSON(p.document())
}

func (p *Page) document() *jsonPage {
	s := &p.Scenario
	d := &jsonPage{
		Version: jsonVersion, Tool: markup.JSONTool{Name: markup.ToolName, Version: p.Version},
		Journey: p.Journey, Seed: p.Seed, Runs: p.Runs, Rate: p.Rate, Lost: p.Variants[0].Lost, Same: []string{}, Variants: []jsonVariant{},
		Scenario: jsonScenario{
			Kind: s.Kind.String(), Callee: given(s.Callee), Times: s.Times, Refuse: s.Refuse,
			Before: s.Before.Seconds(), Length: s.Length.Seconds(), After: s.After.Seconds(),
		},
	}
	for _, v := range p.Same {
		d.Same = append(d.Same, v.String())
	}
	for i := range p.Variants {
		d.Variants = append(d.Variants, p.variant(&p.Variants[i]))
	}
	return d
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (p *Page) variant(v *Variant) jsonVariant {
	j := jsonVariant{
		As: v.Variant.String(), Changes: []jsonChange{}, Measured: readings(v), Assumed: []jsonAssumption{}, Steps: []jsonStep{},
		Before: phase(&v.Phases[simulate.Before]), During: phase(&v.Phases[simulate.During]), After: phase(&v.Phases[simulate.After]), Whole: phase(&v.Whole),
		MostOpen: estimate(v.Summary.MostOpen), Users: estimate(v.Users), Queues: estimate(v.Queues), Unrestored: v.Unrestored,
		Series: jsonSeries{
			Width:   p.Scenario.Measured().Seconds() / simulate.Buckets,
			Success: known(v.Success[:]), Felt: known(v.Felt[:]), Open: v.Open[:], Waiting: v.Waiting[:], Oldest: v.Oldest[:],
		},
	}
	for _, c := range v.Changes {
		change := jsonChange{Operation: v.Prepared.Steps[c.Step].Name, With: append([]string{}, c.With...)}
		if c.To != decide.Undecided {
			change.To = given(c.To.String())
		}
		j.Changes = append(j.Changes, change)
	}
	for i := range v.Assumed {
		a := &v.Assumed[i]
		assumption := jsonAssumption{Fact: a.Fact(), Instead: a.Instead(), Why: a.Why(), Operations: []string{}}
		for _, step := range a.Steps {
			assumption.Operations = append(assumption.Operations, v.Prepared.Steps[step].Name)
		}
		j.Assumed = append(j.Assumed, assumption)
	}
	for i := range v.Summary.Steps {
		j.Steps = append(j.Steps, step(&v.Prepared.Steps[i], &v.Summary.Steps[i]))
	}
	return j
}

func estimate(e simulate.Estimate) *jsonEstimate {
	if !e.Known {
		return nil
	}
	j := &jsonEstimate{Mean: e.Mean}
	if e.Sure {
		j.Half = &e.Half
	}
	return j
}

// known writes a number that isn't one as null.
func known(list []float64) []*float64 {
	out := make([]*float64, len(list))
	for i := range list {
		if !math.IsNaN(list[i]) {
			out[i] = &list[i]
		}
	}
	return out
}

func phase(p *simulate.PhaseSummary) jsonPhase {
	return jsonPhase{
		Requests: estimate(p.Requests), Success: estimate(p.Success),
		FeltMean: estimate(p.FeltMean), FeltMedian: estimate(p.FeltMedian), FeltTail: estimate(p.FeltTail),
		OutcomeMean: estimate(p.OutcomeMean), OutcomeMedian: estimate(p.OutcomeMedian), OutcomeTail: estimate(p.OutcomeTail),
		Never: estimate(p.Never), Pending: estimate(p.Pending), Waiting: estimate(p.Waiting),
	}
}

func step(s *simulate.Step, n *simulate.StepSummary) jsonStep {
	return jsonStep{
		Operation: s.Name, Detached: s.Detached,
		Attempts: estimate(n.Attempts), Amplification: estimate(n.Amplification), MostOpen: estimate(n.MostOpen),
		MostWaiting: estimate(n.MostWaiting), Oldest: estimate(n.Oldest),
		TimedOut: estimate(n.TimedOut), Refused: estimate(n.Refused), Broken: estimate(n.Broken), Shed: estimate(n.Shed), Wasted: estimate(n.Wasted),
		Twice: estimate(n.Twice), Redone: estimate(n.Redone), Unknown: estimate(n.Unknown),
		DeadLettered: estimate(n.DeadLettered), Lost: estimate(n.Lost), Expired: estimate(n.Expired), Unsent: estimate(n.Unsent),
	}
}
