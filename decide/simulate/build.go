package simulate

import (
	"time"

	"waitornot/decide"
	"waitornot/decide/graph"
)

// A Variant is a way in which the operations of a journey work.
type Variant uint8

// The variants.
const (
	Declared    Variant = iota // as the manifests say
	Recommended                // as their verdicts say, with the safeguards that their answers oblige
	Planned                    // as declared, with the changes of the journey's plan
)

// String returns the stable name of the variant.
func (v Variant) String() string { return [...]string{"declared", "recommended", "planned"}[v] }

// Variants returns the variants in order.
func Variants() []Variant { return []Variant{Declared, Recommended, Planned} }

// An Input is a journey of a graph, and what is known of its operations beside.
type Input struct {
	Graph     *graph.Graph
	Journey   *graph.Journey
	Facts     func(graph.OperationID) Facts
	Knowledge *decide.Knowledge // with the table that decides on the journey's operations
}

// A Change is what a variant does otherwise than the manifests say.
type Change struct {
	Step int32
	To   decide.Verdict // Undecided when the mode stays
	With []string       // ids of safeguards, sorted
}

// A Prepared journey can be simulated.
type Prepared struct {
	Model
	Operations []graph.OperationID // of the steps
	Variant    Variant
	Changes    []Change
	Readings   []Reading    // what was measured and no manifest says, by step
	Assumed    []Assumption // by what is assumed, then by value
	Lost       int          // steps that name no operation
	RateOf     int32        // the step whose mean rate is taken for the journey's; None when it is assumed
	// Unsimulated are the steps that have a cache or hedging, which a run does without.
	Unsimulated []int32

	burst burst
}

// Prepare makes a journey ready to be simulated as a variant. What the manifests don't
// say is assumed, and told.
func Prepare(in Input, v Variant) *Prepared {
	var changes []graph.Change
	if v == Planned {
		plan, _ := in.Graph.Plan(in.Journey, in.Knowledge.Table)
		changes = plan.Changes
	}
	return prepare(in, v, changes)
}

// PrepareWith is Prepare for changes of a plan.
func PrepareWith(in Input, changes []graph.Change) *Prepared { return prepare(in, Planned, changes) }

func prepare(in Input, v Variant, changes []graph.Change) *Prepared {
	b := builder{Input: in, out: &Prepared{Variant: v, Lost: len(in.Journey.Unresolved)}}
	b.walk()
	b.modes()
	b.rates()
	b.bursts()
	b.durations()
	for i := range b.out.Steps {
		b.fill(int32(i))
	}
	if v == Recommended {
		b.recommend()
	}
	b.plan(changes)
	held := b.out.held()
	for i := range b.out.Steps {
		if b.out.Steps[i].Detached {
			b.queue(int32(i), held)
		}
	}
	return b.out
}

// A builder makes a model.
type builder struct {
	Input
	out    *Prepared
	rate   []float64 // by step: how often it happens without failures
	median []time.Duration
	p99    []time.Duration
}

func (b *builder) op(i int32) *graph.Operation { return b.Graph.Operation(b.out.Operations[i]) }

func (b *builder) facts(i int32) Facts { return b.Facts(b.out.Operations[i]) }

// walk takes the steps of the journey, and the calls that surely follow from them.
func (b *builder) walk() {
	at := make([]int32, b.Journey.Len()) // by position in the journey: that of the step
	for i := range at {
		s := b.Journey.Step(int32(i))
		if at[i] = None; s.Joined == graph.ByService || s.Parent != graph.None && at[s.Parent] == None {
			continue
		}
		at[i] = int32(len(b.out.Steps))
		step := Step{Name: b.Graph.ID(s.Operation), Slot: s.Slot, Parent: None}
		if s.Parent != graph.None {
			step.Parent = at[s.Parent]
		}
		b.out.Steps = append(b.out.Steps, step)
		b.out.Operations = append(b.out.Operations, s.Operation)
	}
}

func (b *builder) modes() {
	for i := range b.out.Steps {
		s, o := &b.out.Steps[i], b.op(int32(i))
		s.Detached = o.Detached()
		if o.Mode() == decide.Undecided {
			b.assume(assumedMode, 0, int32(i))
		}
	}
}
