package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/simview"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/decide/diag"
	"waitornot/decide/graph"
	"waitornot/decide/lint"
	"waitornot/decide/parallel"
	"waitornot/decide/project"
	"waitornot/decide/simulate"
	"waitornot/rules/embedded"
)

// simulateOptions are what a run of simulate needs.
type simulateOptions struct {
	*globals
	policyFlags
	paths    []string
	format   string
	journey  string
	output   string
	starts   string // the operation that is simulated with all that follows from it
	kind     string
	scenario simulate.Scenario
	as       []string
	runs     int
	seed     uint64
	insists  bool // on the number of runs
	timed    bool // --times is given
	lasts    bool // --length is given
}

// usualRuns is how many runs are made when nobody says how many.
const usualRuns = 10

// leastRuns is how many runs are made however long they take: the interval of two runs is six
// times as wide as that of ten.
const leastRuns = 3

// mostEvents is how many events all runs of a variant may have, unless the number of runs
// is given: some five seconds.
const mostEvents = 30_000_000

func newSimulate(g *globals) *cobra.Command {
	o := simulateOptions{globals: g}
	c := &cobra.Command{
		Use:   "simulate [PATH...]",
		Short: "Show what an outage does to a journey",
		Long: "Simulates a journey request by request through an outage or another event, both as the\n" +
			"manifests declare it and as waitornot recommends it, and shows the two side by side: how\n" +
			"many requests succeed, how long users wait, what piles up, and how long it takes to\n" +
			"recover. The same seed gives the same result, byte for byte.\n\n" +
			"Scenarios:\n" +
			scenarioHelp() + "\n" +
			"Variants: declared is what the manifests say; recommended follows the verdicts and\n" +
			"adds the safeguards that the answers require; planned makes the changes of 'plan'.\n" +
			"Facts that no manifest gives are assumed, and listed at the end.\n\n" +
			"Formats:\n" + formatHelp(simview.Formats()),
		Example: "  waitornot simulate --journey place-order\n" +
			"  waitornot simulate --journey place-order --scenario slow --callee payments --times 20\n" +
			"  waitornot simulate --journey place-order --scenario burst --as declared,planned",
		RunE: func(c *cobra.Command, args []string) error {
			f := c.Flags()
			o.paths, o.insists, o.timed, o.lasts = args, f.Changed("runs"), f.Changed("times"), f.Changed("length")
			return o.run(c.Context())
		},
	}
	var kinds, variants []string
	for _, k := range simulate.Kinds() {
		kinds = append(kinds, k.String())
	}
	for _, v := range simulate.Variants() {
		variants = append(variants, v.String())
	}
	formatVar(c, &o.format, simview.Formats())
	outputVar(c, &o.output)
	nonEmptyVar(c.Flags(), &o.journey, "journey", "simulate the journey with this `NAME`; required if there are several")
	nonEmptyVar(c.Flags(), &o.starts, "operation", "instead of a journey, simulate the operation with this `NAME` and everything its callee calls, as if every call happened")
	_ = c.RegisterFlagCompletionFunc("operation", o.completeOperations)
	kinds = append([]string{"down"}, slices.DeleteFunc(kinds, func(k string) bool { return k == "down" })...)
	enumVar(c, c.Flags(), &o.kind, "scenario", kinds, "what happens")
	nonEmptyVar(c.Flags(), &o.scenario.Callee, "callee", "who it happens to: the `NAME` of a service or a broker (default: the deepest callee)")
	c.Flags().Float64Var(&o.scenario.Times, "times", 0, "how much, for burst, slow, and poison")
	c.Flags().DurationVar(&o.scenario.Length, "length", 0, "how long it lasts (default: 2m, or the manifest's burst)")
	c.Flags().BoolVar(&o.scenario.Refuse, "refuse", false, "a callee that's down rejects calls instead of not answering")
	c.Flags().StringSliceVar(&o.as, "as", []string{"declared", "recommended"}, "the `VARIANTS` to run: "+strings.Join(variants, "|")+", separated by commas")
	c.Flags().Lookup("as").DefValue = strings.Join(o.as, ",")
	c.Flags().IntVar(&o.runs, "runs", usualRuns, "how many runs to average; fewer if there are very many requests")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "the random seed")
	_ = c.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(variants, cobra.ShellCompDirectiveNoFileComp))
	o.policyFlags.add(c)
	return c
}

// scenarioHelp lists what can happen.
func scenarioHelp() string {
	var b strings.Builder
	for _, k := range simulate.Kinds() {
		fmt.Fprintf(&b, "  %-8s %s\n", k, k.Doc())
	}
	return b.String()
}

func (o *simulateOptions) run(ctx context.Context) error {
	variants, err := o.check()
	if err != nil {
		return err
	}
	if err := o.refuseOverwrite(ctx, o.globals, o.paths, o.output); err != nil {
		return err
	}
	b, err := o.readBehavior(ctx, o.globals, o.paths)
	if err != nil {
		return err
	}
	j, err := o.pick(b.graphRun)
	if err != nil {
		return err
	}
	in := b.input(j)
	page, err := o.simulate(ctx, in, variants)
	if errors.Is(err, simulate.ErrTooLong) {
		return fmt.Errorf("%s: %w; --length shortens the event", in.Graph.JourneyID(j), err)
	} else if err != nil {
		return err
	}
	err = o.writeTo(ctx, o.output, text.Count(page.Runs, "run"), func(w io.Writer) error {
		return formatNamed(simview.Formats(), o.format).Write(w, page, o.layoutIn(o.output, w))
	})
	if err != nil {
		return err
	}
	return readError(b.Result)
}

// A behavior is a graph, and what a simulation of its journeys needs besides.
type behavior struct {
	*graphRun
	facts     []simulate.Facts // by operation
	knowledge *decide.Knowledge
}

// readBehavior is readGraph for simulations.
func (p *policyFlags) readBehavior(ctx context.Context, g *globals, paths []string) (*behavior, error) {
	dir, err := g.folder()
	if err != nil {
		return nil, err
	}
	read, facts, err := readProject(ctx, g, p, paths, lint.Options{Graph: true},
		func(op project.Operation) simulate.Facts { return simulate.FactsOf(op.Operation) })
	if err != nil {
		return nil, err
	}
	g.complainOf(read)
	adviser, err := embedded.Load()
	if err != nil {
		return nil, err
	}
	return &behavior{&graphRun{read, read.Graph, dir}, facts, adviser.Knowledge}, nil
}

// input returns a journey ready to be prepared.
func (b *behavior) input(j *graph.Journey) simulate.Input {
	judge := *b.knowledge
	judge.Table = b.table(j.File)
	return simulate.Input{Graph: b.Graph, Journey: j, Facts: func(id graph.OperationID) simulate.Facts { return b.facts[id] }, Knowledge: &judge}
}

// chanceOf returns what draws for a seed: each run and each step has a source of its own.
func chanceOf(seed uint64) func(run, step int) simulate.Chance {
	return func(run, step int) simulate.Chance {
		return rand.New(rand.NewPCG(seed, uint64(run)<<32|uint64(step+1)))
	}
}

// check refuses flags that make no sense, and returns the variants to run.
func (o *simulateOptions) check() ([]simulate.Variant, error) {
	all := simulate.Variants()
	var variants []simulate.Variant
	for _, name := range o.as {
		i := slices.IndexFunc(all, func(v simulate.Variant) bool { return v.String() == name })
		switch {
		case i < 0:
			return nil, usagef("--as %s: expected declared, recommended, or planned", name)
		case slices.Contains(variants, all[i]):
			return nil, usagef("--as names %s twice", name)
		}
		variants = append(variants, all[i])
	}
	kinds := simulate.Kinds()
	o.scenario.Kind = kinds[slices.IndexFunc(kinds, func(k simulate.Kind) bool { return k.String() == o.kind })]
	switch s := &o.scenario; {
	case len(variants) == 0 || len(variants) > 2:
		return nil, usagef("--as takes one variant or two")
	case o.journey != "" && o.starts != "":
		return nil, usagef("--journey and --operation can't be combined")
	case o.runs < 1:
		return nil, usagef("--runs must be at least 1")
	case s.Callee != "" && !s.Kind.OnCallee():
		return nil, usagef("%s doesn't affect a callee: leave --callee out, or choose down, slow, poison, or deploy", s.Kind)
	case s.Refuse && s.Kind != simulate.Down:
		return nil, usagef("--refuse is only for --scenario down")
	}
	return variants, o.checkNumbers()
}

// checkNumbers refuses a number that makes no sense, or none in the scenario.
func (o *simulateOptions) checkNumbers() error {
	s := &o.scenario
	switch {
	case o.timed && !s.Kind.Counts():
		return usagef("--times is for --scenario burst, slow, and poison")
	case o.timed && !(s.Times > 0 && s.Times <= 1e6):
		return usagef("--times must be more than 0, and at most a million")
	case o.timed && s.Kind == simulate.Poison && s.Times < 1:
		return usagef("--times must be at least 1 for --scenario poison: one request in so many makes the callee fail")
	case o.lasts && (s.Length < time.Second || s.Length > 24*time.Hour):
		return usagef("--length must lie between 1s and 24h")
	}
	return nil
}

// pick returns the journey to simulate.
func (o *simulateOptions) pick(g *graphRun) (*graph.Journey, error) {
	journeys := g.Journeys()
	if o.starts != "" {
		return o.pickOperation(g)
	}
	if o.journey != "" {
		picked, err := g.Select([]string{o.journey}, nil)
		if err != nil {
			return nil, usageError{err}
		}
		if len(picked.Journeys) > 1 {
			return nil, usagef("%d journeys are called %s: use service/%s", len(picked.Journeys), o.journey, o.journey)
		}
		return o.withSteps(&journeys[picked.Journeys[0]])
	}
	switch len(journeys) {
	case 0:
		return nil, fmt.Errorf("no manifest has a journey: add one under journeys, with a name and steps, or name an operation with --operation")
	case 1:
		return o.withSteps(&journeys[0])
	}
	names := make([]string, len(journeys))
	for i := range journeys {
		names[i] = g.JourneyID(&journeys[i])
	}
	const most = 10
	if len(names) > most {
		names = append(names[:most], "...")
	}
	return nil, usagef("several journeys are declared; name one with --journey: %s", strings.Join(names, ", "))
}

// pickOperation returns the chain that starts with an operation.
func (o *simulateOptions) pickOperation(g *graphRun) (*graph.Journey, error) {
	var found []graph.OperationID
	var names []string
	for id, op := range g.Operations() {
		if names = append(names, g.ID(id), op.Name); op.Name == o.starts || g.ID(id) == o.starts {
			found = append(found, id)
		}
	}
	switch {
	case len(found) == 1:
		return simulate.Chain(g.Graph, found[0]), nil
	case len(found) > 1:
		return nil, usagef("%d operations are called %s: use service/operation", len(found), o.starts)
	}
	if near := diag.Nearest(o.starts, names); near != "" {
		return nil, usagef("unknown operation %q; did you mean %s?", o.starts, near)
	}
	return nil, usagef("unknown operation %q", o.starts)
}

func (o *simulateOptions) withSteps(j *graph.Journey) (*graph.Journey, error) {
	if len(j.Path) == 0 {
		return nil, fmt.Errorf("journey %s has no step that the manifests declare", j.Name.Value)
	}
	return j, nil
}

// simulate runs the variants of a journey.
func (o *simulateOptions) simulate(ctx context.Context, in simulate.Input, variants []simulate.Variant) (*simview.Page, error) {
	prepared := make([]*simulate.Prepared, len(variants))
	for i, v := range variants {
		prepared[i] = simulate.Prepare(in, v)
	}
	s := prepared[0].Complete(o.scenario)
	if err := o.known(prepared, s); err != nil {
		return nil, err
	}
	if len(prepared) == 2 && len(prepared[1].Changes) == 0 && len(prepared[0].Changes) == 0 {
		prepared = prepared[:1]
	}
	page := &simview.Page{Same: variants[len(prepared):], Journey: in.Graph.JourneyID(in.Journey), Seed: o.seed, Rate: prepared[0].Rate, Version: version(), Asked: o.runs}
	s, events, err := o.fit(ctx, prepared, s)
	if err != nil {
		return nil, err
	}
	page.Scenario, page.Runs = s, o.runs
	if !o.insists {
		page.Runs = min(o.runs, max(leastRuns, int(mostEvents/events)))
	}
	progress := newRunProgress(o.streams, page.Runs, len(prepared))
	defer progress.Stop()
	page.Variants = make([]simview.Variant, len(prepared))
	failed := make([]error, len(prepared))
	parallel.Each(len(prepared), len(prepared), func(i int) bool {
		p := prepared[i]
		page.Variants[i].Prepared = p
		page.Variants[i].Summary, failed[i] = simulate.Simulate(ctx, &p.Model, s, page.Runs, chanceOf(o.seed), func(runs float64) { progress.told(i, runs) })
		return failed[i] == nil
	})
	return page, cmp.Or(failed...)
}

// fit lets the scenario go on until all variants have recovered, and returns how many
// events the longest run has.
func (o *simulateOptions) fit(ctx context.Context, prepared []*simulate.Prepared, s simulate.Scenario) (simulate.Scenario, int64, error) {
	most := int64(1)
	progress := newRunProgress(o.streams, 0, 1)
	defer progress.Stop()
	for _, p := range prepared {
		longer, events, err := simulate.Fit(ctx, &p.Model, s, mostEvents/usualRuns, func(step int) simulate.Chance { return chanceOf(o.seed)(0, step) },
			func(share float64) { progress.told(0, share) })
		if err != nil {
			return s, 0, err
		}
		s, most = longer, max(most, events)
	}
	return s, most, nil
}

// known refuses a scenario that happens to nobody of the journey.
func (o *simulateOptions) known(prepared []*simulate.Prepared, s simulate.Scenario) error {
	var names []string
	for _, p := range prepared {
		names = append(names, p.Callees()...)
	}
	if s.Kind.OnCallee() && len(names) == 0 {
		return fmt.Errorf("%s can't be simulated, because no step has a callee: give operations a callee, or choose --scenario normal or burst", s.Kind)
	}
	if err := s.Validate(); err != nil {
		return usageError{err}
	}
	if !s.Kind.OnCallee() {
		return nil
	}
	if slices.Contains(names, s.Callee) {
		return nil
	}
	if near := diag.Nearest(s.Callee, names); near != "" {
		return usagef("the journey doesn't call %q; did you mean %s?", s.Callee, near)
	}
	return usagef("the journey doesn't call %q; it calls %s", s.Callee, strings.Join(prepared[0].Callees(), ", "))
}
