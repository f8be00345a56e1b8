package simulate

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// once runs a model once.
func once(t *testing.T, m *Model, s Scenario) *Run {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	r, err := NewEngine(m, s).Run(context.Background(), func(step int) Chance { return seeded(1)(0, step) })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const ms = time.Millisecond

// scene is an event of a minute at service b, in the middle of three.
func scene(k Kind, times float64) Scenario {
	return Scenario{Kind: k, Callee: "b", Times: times, Length: time.Minute, Before: time.Minute, After: time.Minute}
}

// step is a call of b.
func step(change func(*Step)) *Model {
	s := Step{Name: "call", Service: "b", Parent: None, Own: constant(10 * ms), Timeout: 100 * ms}
	change(&s)
	return &Model{Rate: 20, Steps: []Step{s}}
}

// send is a message for b.
func send(change func(*Queue)) *Model {
	q := Queue{Broker: "mq", Workers: 2, Redelivery: 100 * ms, Visibility: time.Second}
	change(&q)
	return step(func(s *Step) { s.Detached, s.Queue = true, q })
}

func share(r *Run, p Phase) float64 {
	return float64(r.Phases[p].Succeeded) / float64(r.Phases[p].Requests)
}

// Each fact of a step does what it is for.
func TestWhatEachFactDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		model *Model
		scene Scenario
		ok    func(r *Run, s *StepRun) bool
	}{
		{"on a quiet day nothing is done twice, or taken for failed", step(func(s *Step) { s.Attempts = 3 }), quiet(time.Minute), func(r *Run, s *StepRun) bool {
			return share(r, Before) == 1 && s.Twice+s.Unknown+s.Wasted+s.Failed == 0 && s.Attempts == s.Calls
		}},
		{"an outage fails all that arrive in it", step(func(*Step) {}), scene(Down, 0), func(r *Run, s *StepRun) bool {
			return share(r, Before) == 1 && share(r, During) < .01 && share(r, After) == 1 && s.TimedOut > 1000
		}},
		{"a soft step fails nobody", step(func(s *Step) { s.Soft = true }), scene(Down, 0), func(r *Run, s *StepRun) bool {
			return share(r, During) == 1 && s.Failed > 1000
		}},
		{"a refusal is felt at once", step(func(*Step) {}), Scenario{Kind: Down, Callee: "b", Refuse: true, Length: time.Minute, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			felt, _ := r.Phases[During].Felt(.99)
			return felt >= ms && felt < 2*ms && s.TimedOut < 3
		}},
		{"retries ride out a short outage", step(func(s *Step) { s.Attempts, s.Backoff = 12, 10*ms }), Scenario{Kind: Down, Callee: "b", Length: 2 * time.Second, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			return share(r, During) == 1 && s.Amplification > 3
		}},
		{"a budget bounds them", step(func(s *Step) { s.Attempts, s.Budget = 12, true }), scene(Down, 0), func(r *Run, s *StepRun) bool {
			return s.Amplification > 1 && s.Amplification < 1.35
		}},
		{"a breaker spares the callee and the callers", step(func(s *Step) { s.Breaker = true }), scene(Down, 0), func(r *Run, s *StepRun) bool {
			felt, _ := r.Phases[During].Felt(.5)
			return s.Broken > 900 && felt == 0 && r.UsersRecovered > 0 && r.UsersRecovered < 70*time.Second
		}},
		{"a full pool makes callers wait", step(func(s *Step) { s.Pool, s.Timeout = 1, time.Second }), scene(Slow, 10), func(r *Run, s *StepRun) bool {
			return s.MostOpen == 1 && s.TimedOut > 500 && s.Refused == 0
		}},
		{"who waits in line after the event isn't back to normal", step(func(s *Step) { s.Pool, s.Timeout, s.Own = 1, time.Hour, constant(20*ms) }), scene(Slow, 4), func(r *Run, s *StepRun) bool {
			return share(r, During) == 1 && share(r, After) == 1 && r.UsersRecovered > 12*time.Second && r.UsersRecovered < 18*time.Second
		}},
		{"a bulkhead refuses them", step(func(s *Step) { s.Pool, s.Bulkhead, s.Timeout = 1, true, time.Second }), scene(Slow, 10), func(r *Run, s *StepRun) bool {
			return s.MostOpen == 1 && s.TimedOut == 0 && s.Refused > 500
		}},
		{"a deadline for all attempts ends them", step(func(s *Step) { s.Attempts, s.Within = 12, 250*ms }), scene(Down, 0), func(r *Run, s *StepRun) bool {
			felt, _ := r.Phases[During].Felt(.5)
			return s.Amplification > 2.5 && s.Amplification < 3.1 && felt > 245*ms && felt < 255*ms
		}},
		{"a step that is made five times takes five times as long", step(func(s *Step) { s.Times = 5 }), quiet(time.Minute), func(r *Run, s *StepRun) bool {
			felt, _ := r.Phases[Before].Felt(.5)
			return felt > 49*ms && felt < 51*ms && s.Amplification > .95 && s.Amplification < 1.05
		}},
		{"so are messages", send(func(*Queue) {}).times(3), quiet(time.Minute), func(r *Run, s *StepRun) bool {
			return s.Done > 3*1100 && r.Phases[Before].Pending+r.Phases[After].Pending < 10
		}},
		{"acknowledged before its work, what fails is lost", send(func(q *Queue) { q.AckFirst, q.MaxDeliveries = true, 5 }), scene(Poison, 10), func(r *Run, s *StepRun) bool {
			return s.Lost > 80 && s.DeadLettered == 0 && s.Amplification < 1.05
		}},
		{"a shared pool is emptied by a neighbor", sharedPool(), Scenario{Kind: Down, Callee: "c", Length: time.Minute, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			return s.Failed > 100 && s.Refused > 100
		}},
		{"too slow a callee works in vain", step(func(s *Step) { s.Capacity = 40 }), scene(Slow, 4), func(r *Run, s *StepRun) bool {
			return s.Wasted > 500 && s.Unknown > 500 && share(r, During) < .5
		}},
		{"shedding spares it that", step(func(s *Step) { s.Capacity, s.Shedding, s.Timeout = 40, true, 300*ms }), scene(Slow, 4), func(r *Run, s *StepRun) bool {
			return s.Shed > 300 && s.Wasted < 100 && share(r, During) > .4
		}},
		{"a read that is repeated harms nobody", step(func(s *Step) { s.Capacity, s.Read, s.Attempts = 40, true, 3 }), scene(Slow, 4), func(r *Run, s *StepRun) bool {
			return s.Wasted > 500 && s.Unknown == 0 && s.Twice == 0
		}},
		{"a write that is repeated is done twice", step(func(s *Step) { s.Attempts = 3 }), scene(Slow, 12), func(r *Run, s *StepRun) bool {
			return s.Unknown > 500 || s.Twice > 500
		}},
		{"poison fails however often it is tried", step(func(s *Step) { s.Attempts = 3 }), scene(Poison, 4), func(r *Run, s *StepRun) bool {
			return share(r, During) > .7 && share(r, During) < .8 && share(r, After) == 1
		}},
		{"a deployment cuts what is under way", step(func(s *Step) { s.Own, s.Timeout = constant(time.Second), 5*time.Second }), scene(Deploy, 0), func(r *Run, s *StepRun) bool {
			return s.Failed >= 8 && s.Failed <= 40 && share(r, After) == 1
		}},
		{"what is under way when the callee goes down hangs until its timeout", step(func(s *Step) { s.Own, s.Timeout = constant(500*ms), 5*time.Second }), Scenario{Kind: Down, Callee: "b", Length: 2 * time.Second, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			felt, _ := r.Phases[Before].Felt(.9999)
			return s.Failed > 30 && s.Failed < 70 && felt > 4900*ms && felt < 5100*ms
		}},
		{"a deployment leaves three of four servers", step(func(s *Step) { s.Own, s.Capacity, s.Timeout = constant(100*ms), 22, time.Second }), scene(Deploy, 0), func(r *Run, s *StepRun) bool {
			return share(r, Before) > .95 && share(r, During) < .5
		}},
		{"a burst", step(func(*Step) {}), Scenario{Kind: Burst, Times: 5, Length: time.Minute, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			return r.Phases[During].Requests > 4*r.Phases[Before].Requests
		}},
		{"a queue keeps what its workers can't do", send(func(*Queue) {}), scene(Down, 0), func(r *Run, s *StepRun) bool {
			return share(r, During) == 1 && s.MostWaiting > 1000 && s.Lost+s.DeadLettered == 0 && r.Phases[During].Pending == 0
		}},
		{"a full one refuses", send(func(q *Queue) { q.Limit = 100 }), scene(Down, 0), func(r *Run, s *StepRun) bool {
			return s.MostWaiting == 100 && s.Unsent > 1000 && share(r, During) < .2
		}},
		{"old messages expire", send(func(q *Queue) { q.TTL = 5 * time.Second }), scene(Down, 0), func(r *Run, s *StepRun) bool {
			return s.Expired > 1000 && r.Phases[During].Never > 1000
		}},
		{"without an outbox a broker's outage is the sender's", send(func(*Queue) {}), Scenario{Kind: Down, Callee: "mq", Length: time.Minute, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			return share(r, During) < .01 && s.Unsent > 1000
		}},
		{"with one it isn't", send(func(q *Queue) { q.Outbox = true }), Scenario{Kind: Down, Callee: "mq", Length: time.Minute, Before: time.Minute, After: time.Minute}, func(r *Run, s *StepRun) bool {
			return share(r, During) == 1 && s.MostWaiting > 1000
		}},
		{"poison goes to the dead-letter queue", send(func(q *Queue) { q.MaxDeliveries, q.DeadLetter = 3, true }), scene(Poison, 10), func(r *Run, s *StepRun) bool {
			return s.DeadLettered > 80 && s.Lost == 0 && r.Phases[During].Never == s.DeadLettered && r.QueuesRecovered >= 0
		}},
		{"or is lost", send(func(q *Queue) { q.MaxDeliveries = 3 }), scene(Poison, 10), func(r *Run, s *StepRun) bool {
			return s.DeadLettered == 0 && s.Lost > 80
		}},
		{"or comes back forever", send(func(*Queue) {}), scene(Poison, 10), func(r *Run, s *StepRun) bool {
			return s.DeadLettered+s.Lost == 0 && r.Phases[During].Pending > 80 && r.QueuesRecovered < 0
		}},
		{"in order, it stops all behind it", send(func(q *Queue) { q.Ordered, q.Workers = true, 1 }), scene(Poison, 100), func(r *Run, s *StepRun) bool {
			return r.Phases[During].Pending > 500 && s.MostWaiting > 500
		}},
		{"a deployment delivers again what it cut", send(func(q *Queue) { q.Workers = 40 }), scene(Deploy, 0), func(r *Run, s *StepRun) bool {
			return r.Phases[During].Pending == 0 && s.Lost == 0
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if r := once(t, test.model, test.scene); !test.ok(r, &r.Steps[0]) {
				t.Errorf("success %.3f, %.3f, %.3f; pending %d; never %d; recovered %s, %s; %+v", share(r, Before), share(r, During), share(r, After),
					r.Phases[During].Pending, r.Phases[During].Never, r.UsersRecovered, r.QueuesRecovered, r.Steps[0].Tally)
			}
		})
	}
}

// times makes the first step of a model so often.
func (m *Model) times(n int) *Model {
	m.Steps[0].Times = n
	return m
}

// sharedPool is two calls beside each other over one pool.
func sharedPool() *Model {
	m := step(func(s *Step) { s.Pool, s.PoolName, s.Bulkhead, s.Soft = 10, "http", true, true })
	other := m.Steps[0]
	other.Service, other.Slot, other.Timeout = "c", 1, 2*time.Second
	m.Steps = append(m.Steps, other)
	return m
}

// drawn draws a model.
func drawn(t *rapid.T) *Model {
	m := &Model{Rate: rapid.Float64Range(1, 30).Draw(t, "rate")}
	upTo := func(name string, n int) int { return rapid.IntRange(0, n).Draw(t, name) }
	yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
	for i := range rapid.IntRange(1, 5).Draw(t, "steps") {
		s := Step{
			Name: "s", Service: string(rune('a' + upTo("service", 3))), Slot: int32(i), Parent: int32(upTo("parent", i)) - 1,
			Own:     Time{Median: time.Duration(upTo("median", 50)) * ms, P99: time.Duration(upTo("p99", 400)) * ms},
			Timeout: time.Duration(1+upTo("timeout", 300)) * ms, Attempts: upTo("attempts", 4), Backoff: time.Duration(upTo("backoff", 200)) * ms,
			Jitter: yes("jitter"), Breaker: yes("breaker"), Budget: yes("budget"), Pool: upTo("pool", 5), Bulkhead: yes("bulkhead"),
			Capacity: float64(upTo("capacity", 60)), Shedding: yes("shedding"), Failure: float64(upTo("failure", 3)) / 10, Soft: yes("soft"),
			Detached: yes("detached"), Extra: float64(upTo("extra", 5)), Times: upTo("times", 3), Within: time.Duration(upTo("within", 500)) * ms,
			PoolName: rapid.SampledFrom([]string{"", "", "p"}).Draw(t, "pool name"),
			Queue: Queue{
				Broker: "mq", Workers: upTo("workers", 4), Limit: upTo("limit", 30), TTL: time.Duration(upTo("ttl", 5)) * time.Second,
				MaxDeliveries: upTo("deliveries", 3), DeadLetter: yes("dead letter"), Redelivery: time.Duration(upTo("redelivery", 900)) * ms,
				Visibility: time.Duration(upTo("visibility", 3000)) * ms, Ordered: yes("ordered"), Outbox: yes("outbox"), AckFirst: yes("ack first"),
			},
		}
		if i > 0 && yes("beside") {
			s.Slot, s.Parent = m.Steps[i-1].Slot, m.Steps[i-1].Parent
		}
		m.Steps = append(m.Steps, s)
	}
	return m
}

// Whatever the model and the scenario: a run is repeatable, every request is answered, and
// every message is done, given up or still there; nothing is counted twice or left open.
func TestNothingGetsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawn(t)
		s := Scenario{
			Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), Callee: rapid.SampledFrom([]string{"a", "b", "mq"}).Draw(t, "callee"),
			Times: 3, Refuse: rapid.Bool().Draw(t, "refuse"), Length: 10 * time.Second, Before: 5 * time.Second, After: 10 * time.Second,
		}
		e := NewEngine(m, s)
		e.limit = 5_000_000 // no drawn model needs as many
		chance := func(step int) Chance { return seeded(3)(0, step) }
		run := func() Run {
			r, err := e.Run(context.Background(), chance)
			if err != nil {
				t.Fatal(err)
			}
			kept := *r
			kept.Steps = append([]StepRun{}, r.Steps...)
			return kept
		}
		first := run()
		if again := run(); !reflect.DeepEqual(first, again) {
			t.Fatal("two runs with the same chance differ")
		}
		if e.open != 0 {
			t.Errorf("%d requests have no answer", e.open)
		}
		for p := range first.Phases {
			n := &first.Phases[p]
			if n.Succeeded > n.Requests || n.Pending < 0 || n.Never < 0 || int(n.felt.count) != n.Requests {
				t.Errorf("%s: %d requests, %d answers, %d succeeded, %d never done, %d pending", Phase(p), n.Requests, n.felt.count, n.Succeeded, n.Never, n.Pending)
			}
		}
		if n := len(e.requests.items) - len(e.requests.free); n > len(e.frames.items)-len(e.frames.free)+len(e.calls.items)-len(e.calls.free) {
			t.Errorf("%d requests are kept without anything that refers to them", n)
		}
		for i := range e.steps {
			st := &e.steps[i]
			if st.busy < 0 || st.pool.used < 0 || st.open < 0 || st.delayed < 0 || st.waiting.count < 0 || st.PoolName == "" && st.open != st.pool.used {
				t.Errorf("step %d: %d busy, %d places used, %d open, %d delayed, %d waiting", i, st.busy, st.pool.used, st.open, st.delayed, st.waiting.count)
			}
			if st.Detached && st.Queue.Limit > 0 && st.tally.MostWaiting > st.Queue.Limit+max(1, st.Queue.Workers) {
				t.Errorf("step %d: %d messages waited, the limit is %d", i, st.tally.MostWaiting, st.Queue.Limit)
			}
			if st.Pool > 0 && st.PoolName == "" && !st.Detached && st.tally.MostOpen > st.Pool {
				t.Errorf("step %d: %d calls are open, the pool has %d", i, st.tally.MostOpen, st.Pool)
			}
		}
	})
}

// A call that gives its place to one that fails at once, on which what it waited for depends,
// ends once.
func TestPlaceOfANestedCall(t *testing.T) {
	t.Parallel()
	outer := Step{Name: "outer", Service: "a", Parent: None, Own: Time{Median: ms, P99: 2 * ms}, Timeout: 200 * ms, Attempts: 3, Pool: 6, PoolName: "p"}
	inner := Step{Name: "inner", Service: "b", Own: Time{Median: 100 * ms, P99: 400 * ms}, Timeout: 300 * ms, Attempts: 1, Breaker: true, Failure: .6, Pool: 6, PoolName: "p"}
	e := NewEngine(&Model{Rate: 30, Steps: []Step{outer, inner}}, scene(Down, 1))
	if _, err := e.Run(context.Background(), func(step int) Chance { return seeded(3)(0, step) }); err != nil {
		t.Fatal(err)
	}
	for i := range e.steps {
		if st := &e.steps[i]; st.open < 0 || st.pool.used < 0 {
			t.Errorf("%s: %d calls open, %d places used", st.Name, st.open, st.pool.used)
		}
	}
}

// A run ends soon after its context is done.
func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Simulate(ctx, tenSteps(1000), scene(Slow, 2), 1, seeded(1), func(float64) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// A run that would never end ends.
func TestRunIsBounded(t *testing.T) {
	t.Parallel()
	e := NewEngine(step(func(s *Step) { s.Attempts, s.Backoff = 1<<16, 0 }), Scenario{Kind: Down, Callee: "b", Refuse: true, Length: time.Minute, Before: time.Second, After: time.Second})
	e.limit = 100_000
	if _, err := e.Run(context.Background(), func(step int) Chance { return seeded(1)(0, step) }); !errors.Is(err, ErrTooLong) {
		t.Errorf("the error is %v", err)
	}
}

// A quantile is off by less than 1 %.
func TestHistogram(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var h histogram
		x := rapid.Int64Range(0, 1<<60).Draw(t, "time")
		h.add(x)
		h.add(1 << 62)
		got, ok := h.quantile(.25)
		if d := float64(got) - float64(x); !ok || d > .01*float64(x)+1 || -d > .01*float64(x)+1 {
			t.Errorf("%d is counted as %d", x, got)
		}
	})
	if _, ok := new(histogram).quantile(.5); ok {
		t.Error("nothing has a median")
	}
}

// Student's distribution narrows to the normal.
func TestStudent(t *testing.T) {
	t.Parallel()
	for freedom, want := range map[int]float64{1: 12.706, 9: 2.262, 30: 2.042, 60: 2.000, 120: 1.980} {
		if got := student(freedom); got < want-.003 || got > want+.003 {
			t.Errorf("%d degrees of freedom: %.3f, want %.3f", freedom, got, want)
		}
	}
}

// Of requests that make one call each, as many are open at a time as calls are: both are
// counted whenever they change, not sampled.
func TestMostOpen(t *testing.T) {
	t.Parallel()
	for _, scene := range []Scenario{quiet(time.Minute), scene(Slow, 20), scene(Down, 1)} {
		r := once(t, step(func(s *Step) { s.Own = constant(80 * ms) }), scene)
		if r.MostOpen != r.Steps[0].MostOpen || r.MostOpen < 3 {
			t.Errorf("kind %v: %d requests, %d calls", scene.Kind, r.MostOpen, r.Steps[0].MostOpen)
		}
	}
}
