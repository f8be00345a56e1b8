package simulate

import (
	"cmp"
	"math"
	"time"

	"waitornot/decide"
	"waitornot/decide/graph"
	"waitornot/decide/manifest"
)

// Facts are what a simulation needs of an operation beside what the graph keeps of it.
type Facts struct {
	Facts         decide.Facts
	Jitter        bool
	Budget        bool // guards: retry-budget
	Shedding      bool // guards: load-shedding or rate-limit
	Unsimulated   bool // guards: cache or hedging
	MaxDeliveries int
	Deliveries    bool // MaxDeliveries is given; 0 is then unlimited
	Redelivery    time.Duration
	Redelivers    bool // Redelivery is given; 0 is then at once
	Blocks        bool // poison: block
	AckFirst      bool // ack: before
	QueueLimit    int  // 0 when unlimited or not given
	Visibility    time.Duration
	Measured      *manifest.Evidence // nil when nothing was
}

// FactsOf returns the facts of an operation as written.
func FactsOf(op *manifest.Operation) Facts {
	f := Facts{
		Facts: op.Facts(), Jitter: op.Retry.Jitter.Value,
		MaxDeliveries: op.Delivery.MaxDeliveries.Value, Deliveries: op.Delivery.MaxDeliveries.Set(),
		QueueLimit: op.Delivery.QueueLimit.Value, Visibility: op.Delivery.Visibility.Value,
		Redelivery: op.Delivery.Backoff.Value, Redelivers: op.Delivery.Backoff.Set(),
		Blocks: op.Delivery.Poison.Value == "block", AckFirst: op.Delivery.Ack.Value == "before",
		Measured: op.Evidence,
	}
	for i := range op.Guards {
		switch op.Guards[i].Value {
		case "retry-budget":
			f.Budget = true
		case "load-shedding", "rate-limit":
			f.Shedding = true
		case "cache", "hedging":
			f.Unsimulated = true
		}
	}
	return f
}

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

// calls is how often one request of the caller makes a step: as declared, as measured, or
// once.
func (b *builder) calls(i int32) (n int, from *manifest.Evidence) {
	if r := b.op(i).Rates; r != nil && r.Calls > 0 {
		return r.Calls, nil
	}
	if m := b.facts(i).Measured; m != nil && m.PerRequest.Value > 1 {
		return m.PerRequest.Value, m
	}
	return 1, nil
}

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

// rates takes the lowest mean rate of the steps for that of the journey: each step happens
// in every request, and the rest of its traffic comes from elsewhere.
func (b *builder) rates() {
	m := &b.out.Model
	b.out.RateOf = None
	for i := range m.Steps {
		if mean := b.mean(int32(i)) / b.times(int32(i)); mean > 0 && (m.Rate == 0 || mean < m.Rate) {
			m.Rate, b.out.RateOf = mean, int32(i)
		}
	}
	if m.Rate == 0 {
		m.Rate = assumedRequests
		b.assume(assumedRate, assumedRequests, None)
	}
	b.rate = make([]float64, len(m.Steps))
	through := map[graph.OperationID]float64{}
	for i := range m.Steps {
		b.rate[i] = b.asked(int32(i))
		through[b.out.Operations[i]] += b.rate[i]
	}
	told := map[graph.OperationID]bool{}
	for i := range m.Steps {
		id := b.out.Operations[i]
		b.rate[i] = b.asked(int32(i))
		if extra := b.mean(int32(i)) - math.Max(through[id], b.rate[i]); extra > 0 && !told[id] {
			m.Steps[i].Extra = extra
			b.rate[i] += extra
		}
		told[id] = true
	}
}

// times is how often one request of the journey makes a step.
func (b *builder) times(i int32) float64 {
	n := 1.0
	for ; i != None; i = b.out.Steps[i].Parent {
		calls, _ := b.calls(i)
		n *= float64(calls)
	}
	return n
}

// asked is how often a step happens because of the one around it.
func (b *builder) asked(i int32) float64 {
	rate := b.out.Rate
	if p := b.out.Steps[i].Parent; p != None {
		rate = b.rate[p]
	}
	times, _ := b.calls(i)
	return rate * float64(times)
}

// mean is how often an operation happens in all: as declared, as measured, or 0.
func (b *builder) mean(i int32) float64 {
	if r := b.op(i).Rates; r != nil && r.Mean > 0 {
		return r.Mean
	}
	if m := b.facts(i).Measured; m != nil {
		return m.Mean.Value
	}
	return 0
}

// durations splits what a step takes from what the steps nested in it take, as they are
// declared: its median less their medians, its p99 less their p99s.
func (b *builder) durations() {
	n := len(b.out.Steps)
	b.median, b.p99 = make([]time.Duration, n), make([]time.Duration, n)
	for i := range n {
		b.median[i], b.p99[i] = b.given(int32(i))
	}
	for i := range n {
		s := &b.out.Steps[i]
		s.Own = Time{
			Median: max(0, b.median[i]-b.nested(int32(i), b.median)),
			P99:    max(0, b.p99[i]-b.nested(int32(i), b.p99)),
		}
	}
}

// nested adds the times of the steps that a step waits for: the longest of each slot.
func (b *builder) nested(parent int32, times []time.Duration) time.Duration {
	var sum, most time.Duration
	slot := int32(-1)
	for i := range b.out.Steps {
		s := &b.out.Steps[i]
		if s.Parent != parent || s.Detached {
			continue
		}
		if s.Slot != slot {
			sum += most
			slot, most = s.Slot, 0
		}
		repeated := times[i]
		if calls, _ := b.calls(int32(i)); calls > 1 {
			repeated = time.Duration(math.Min(float64(repeated)*float64(calls), math.MaxInt64/4))
		}
		most = max(most, repeated)
	}
	return sum + most
}

// given returns the median and the p99 of a step's work as the manifest has them, or as
// they were measured.
func (b *builder) given(i int32) (median, p99 time.Duration) {
	o := b.op(i)
	p99, known := o.Latency()
	if d := o.Delivery; o.Detached() && d != nil && d.Processing > 0 {
		p99, known = d.Processing, true
	}
	median, typical := o.Typical()
	if m := b.facts(i).Measured; m != nil {
		middle, tail := workOf(m, o.Detached())
		if !known && tail > 0 {
			p99, known = tail, true
			b.out.read(measuredTail, float64(tail), i, m)
		}
		if !typical && middle > 0 {
			median, typical = middle, true
			b.out.read(measuredMedian, float64(middle), i, m)
		}
	}
	switch {
	case known && typical:
		return min(median, p99), p99
	case known:
		b.assume(assumedMedian, 0, i)
		return p99 / tailRatio, p99
	case typical:
		b.assume(assumedTail, 0, i)
		return median, median * tailRatio
	}
	b.assume(assumedTime, float64(assumedWork), i)
	return assumedWork / tailRatio, assumedWork
}

// fill takes over what the manifest says of a step.
func (b *builder) fill(i int32) {
	s, o, f := &b.out.Steps[i], b.op(i), b.facts(i)
	if o.Callee != graph.None && o.Callee != o.Caller {
		s.Service = b.Graph.ServiceName(o.Callee)
	}
	s.Soft, s.Read = !o.Critical(), o.Traits.Kind == "query"
	s.Repeats = o.Traits.Idempotent
	s.Attempts, s.Backoff, s.Jitter = o.Attempts(), o.Backoff(), f.Jitter
	s.Budget, s.Shedding = f.Budget, f.Shedding
	s.Breaker, s.Bulkhead = o.Traits.Breaker, o.Traits.Bulkhead
	s.Failure = b.failure(i)
	if f.Unsimulated {
		b.out.Unsimulated = append(b.out.Unsimulated, i)
	}
	if r := o.Rates; r != nil {
		s.Capacity, s.Pool, s.Within = r.Capacity, r.Pool, r.Within
	}
	b.traffic(i)
	if o.Data != nil && o.Data.Pool != "" {
		s.PoolName = b.Graph.ServiceName(o.Caller) + "/" + o.Data.Pool
	}
	if d := o.Delivery; d != nil {
		s.Queue.DeadLetter, s.Queue.Outbox = d.DeadLetter, d.Outbox || d.Type == "process"
		s.Repeats = s.Repeats || d.Idempotency != "" && d.Idempotency != "none"
	}
	if s.Detached {
		return
	}
	s.Timeout = b.timeout(i)
	if s.Attempts > 1 && s.Backoff == 0 {
		b.assume(assumedBackoff, 0, i)
	}
	b.guards(i)
	if s.Capacity == 0 && s.Service != "" {
		b.assume(assumedCapacity, 0, i)
	}
}

// traffic takes over how often a step is made, and notes what was measured of that.
func (b *builder) traffic(i int32) {
	calls, m := b.calls(i)
	b.out.Steps[i].Times = calls
	if m != nil {
		b.out.read(measuredCalls, float64(calls), i, m)
	}
	if r := b.op(i).Rates; r != nil && r.Mean > 0 {
		return
	}
	if m := b.facts(i).Measured; m != nil && m.Mean.Value > 0 {
		b.out.read(measuredRate, m.Mean.Value, i, m)
	}
}

// timeout returns how long the caller of a step waits: as declared, as measured of those
// who gave up, or as assumed.
func (b *builder) timeout(i int32) time.Duration {
	if t, known := b.op(i).Timeout(); known {
		return t
	}
	if m := b.facts(i).Measured; m != nil && m.GaveUp.Value > 0 {
		b.out.read(measuredTimeout, float64(m.GaveUp.Value), i, m)
		return m.GaveUp.Value
	}
	b.assume(assumedTimeout, float64(assumedPatience), i)
	return assumedPatience
}

// guards tells what is assumed of the guards that a step has.
func (b *builder) guards(i int32) {
	s := &b.out.Steps[i]
	if s.Breaker {
		b.assume(assumedBreaker, 0, i)
	}
	if s.Bulkhead && s.Pool == 0 {
		s.Pool = int(math.Max(assumedPlaces, math.Ceil(2*b.rate[i]*b.p99[i].Seconds())))
		b.assume(assumedPool, 0, i)
	}
}

// failure returns the share of a step's attempts that fail by themselves: as declared for
// the operation or its callee, as measured, or none.
func (b *builder) failure(i int32) float64 {
	o := b.op(i)
	if a, ok := o.Availability(); ok {
		return 1 - a
	}
	remote := o.Callee != graph.None && o.Callee != o.Caller
	if remote {
		if a, _, _, ok := b.Graph.Services()[o.Callee].Availability(); ok {
			return 1 - a
		}
	}
	if m := b.facts(i).Measured; m != nil && m.Errors.Set() {
		b.out.read(measuredFailures, 1-m.Errors.Value, i, m)
		return m.Errors.Value
	}
	if remote {
		b.assume(assumedAvailability, 0, i)
	}
	return 0
}

// queue takes over how a detached step travels.
func (b *builder) queue(i int32, held []float64) {
	s, o, f := &b.out.Steps[i], b.op(i), b.facts(i)
	q := &s.Queue
	d := o.Delivery
	if d == nil {
		d = &graph.Delivery{Broker: graph.None}
	}
	if d.Broker != graph.None {
		q.Broker = b.Graph.Brokers()[d.Broker].Name
	}
	q.Workers, q.TTL, q.Limit, q.Visibility = d.Workers, d.TTL, f.QueueLimit, f.Visibility
	q.Ordered, q.AckFirst = f.Blocks || d.Ordering == "key" || d.Ordering == "global", f.AckFirst
	q.Outbox = q.Outbox || q.Broker == ""
	s.Accept = b.accept(i)
	b.workers(i, held)
	switch {
	case f.Deliveries:
		q.MaxDeliveries = f.MaxDeliveries
	case q.DeadLetter:
		q.MaxDeliveries = assumedDeliveries
		b.assume(assumedMax, assumedDeliveries, i)
	default:
		b.assume(assumedEndless, 0, i)
	}
	switch q.Redelivery = f.Redelivery; {
	case f.Redelivers:
	case s.Backoff > 0:
		q.Redelivery = s.Backoff
	default:
		q.Redelivery = assumedRedeliver
		b.assume(assumedRedelivery, float64(q.Redelivery), i)
	}
	if q.Visibility == 0 {
		q.Visibility = assumedVisible
		b.assume(assumedVisibility, float64(q.Visibility), i)
	}
}

// accept returns how long handing a step over takes.
func (b *builder) accept(i int32) Time {
	o := b.op(i)
	if t, ok := o.Accept(); ok {
		return Time{Median: t / tailRatio, P99: t}
	}
	if m := b.facts(i).Measured; m != nil && m.P99.Value > 0 && !waited(m, o.Detached()) {
		p99 := m.P99.Value
		b.out.read(measuredHandOver, float64(p99), i, m)
		return Time{Median: min(cmp.Or(m.P50.Value, p99/tailRatio), p99), P99: p99}
	}
	b.assume(assumedHandOver, float64(assumedHand), i)
	return Time{Median: assumedHand / tailRatio, P99: assumedHand}
}

// workers says how many messages of a step are worked on at a time: as given, or as many
// as its capacity keeps busy, or enough for twice what arrives.
func (b *builder) workers(i int32, held []float64) {
	s := &b.out.Steps[i]
	if s.Queue.Workers > 0 {
		return
	}
	rate := s.Capacity
	if rate == 0 {
		rate = 2 * b.rate[i]
		b.assume(assumedWorkers, 0, i)
	}
	s.Queue.Workers = int(math.Min(math.Max(1, math.Ceil(rate*held[i]-1e-9)), math.MaxInt32))
}
