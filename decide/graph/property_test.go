package graph

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waitornot/decide"
)

// draw makes a random run: a few services, operations between them with or
// without facts, and journeys over them.
func draw(t *rapid.T) *builder {
	b := newBuilder()
	services := rapid.IntRange(1, 6).Draw(t, "services")
	name := func(i int) string { return fmt.Sprintf("s%d", i) }
	count := 0
	for s := range services {
		d := b.doc(name(s))
		if rapid.Bool().Draw(t, "own availability") {
			put(b, &d.Availability, rapid.Float64Range(.9, 1).Draw(t, "availability"))
		}
		if s == 0 {
			b.broker(d, "mq", rapid.SampledFrom([]float64{0, .99, .9999}).Draw(t, "broker"))
		}
		for range rapid.IntRange(0, 4).Draw(t, "operations") {
			b.op(d, fmt.Sprintf("o%d", count), name(rapid.IntRange(0, services).Draw(t, "callee")), drawMode(t), drawOptions(t)...)
			count++
		}
	}
	var all []string
	for _, f := range b.files {
		for _, d := range f.Documents {
			for _, o := range b.ops[d] {
				all = append(all, o.ID())
			}
		}
	}
	for j := range rapid.IntRange(0, 2).Draw(t, "journeys") {
		steps := ""
		for range rapid.IntRange(0, 7).Draw(t, "steps") {
			if len(all) > 0 {
				steps += rapid.SampledFrom([]string{" ", " ", "|"}).Draw(t, "joint") + rapid.SampledFrom(all).Draw(t, "step")
			}
		}
		journey := b.journey(b.files[0].Documents[0], fmt.Sprintf("j%d", j), trimBar(steps))
		if rapid.Bool().Draw(t, "has a budget") {
			put(b, &journey.Budget, time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms"))*ms)
		}
		if rapid.Bool().Draw(t, "has an objective") {
			put(b, &journey.SLO, rapid.Float64Range(.8, 1).Draw(t, "objective"))
		}
	}
	return b
}

func trimBar(s string) string {
	for len(s) > 0 && (s[0] == '|' || s[0] == ' ') {
		s = s[1:]
	}
	return s
}

func drawMode(t *rapid.T) decide.Verdict {
	return rapid.SampledFrom([]decide.Verdict{decide.Sync, decide.Sync, decide.Sync, decide.Async, decide.Hybrid, decide.Undecided}).Draw(t, "mode")
}

func drawOptions(t *rapid.T) []option {
	var options []option
	add := func(what string, o func() option) {
		if rapid.Bool().Draw(t, what) {
			options = append(options, o())
		}
	}
	add("p99", func() option { return p99(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * ms) })
	add("p50", func() option { return p50(time.Duration(rapid.IntRange(1, 500).Draw(t, "ms")) * ms) })
	add("up", func() option { return up(rapid.Float64Range(.9, 1).Draw(t, "share")) })
	add("attempts", func() option { return attempts(rapid.IntRange(1, 4).Draw(t, "n")) })
	add("through", func() option { return through("mq") })
	options = append(options, answers(rapid.StringMatching("[ylly?n][yn?][yn?][yn?]").Draw(t, "answers")))
	if rapid.IntRange(0, 9).Draw(t, "soft") == 0 {
		options = append(options, soft)
	}
	return options
}

// The graph is the same however the operations are cut into pieces.
func TestJoinWhateverThePieces(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := draw(rt)
		whole, pieces := b.build(t, 0), b.build(t, rapid.IntRange(1, 3).Draw(rt, "piece"))
		if a, b := describe(whole), describe(pieces); a != b {
			rt.Errorf("in one piece:\n%s\nin several:\n%s", a, b)
		}
	})
}

// describe writes down all that a graph tells.
func describe(g *Graph) string {
	s := fmt.Sprintln(g.Services(), len(g.Brokers()), g.Entries(), g.WaitingCycles(), g.MessageCycles())
	for _, b := range g.Brokers() {
		s += fmt.Sprintln(b.Name, len(b.Declared), b.Operations)
	}
	for i := range g.Operations() {
		id := OperationID(i)
		o := g.Operation(id)
		q, detached := g.Queue(id)
		held, ok := g.CallsInFlight(id)
		s += fmt.Sprintln(g.ID(id), g.File(id), o.Caller, o.Callee, o.Mode(), o.Possible, o.Attempts(), *o.Traits, g.Waited(id), q, detached, held, ok)
		for f := FactName; f <= FactBroker; f++ {
			s += fmt.Sprint(g.Place(id, f))
		}
	}
	for i := range g.Journeys() {
		j := &g.Journeys()[i]
		s += fmt.Sprintln(g.JourneyID(j), j.Path, j.Unresolved, g.Numbers(j))
	}
	for i := range g.Services() {
		s += fmt.Sprintln(g.Chain(ServiceID(i)), g.RetryChain(ServiceID(i)), g.Calls(ServiceID(i)), g.CalledBy(ServiceID(i)))
	}
	return s
}

// Turning steps from sync to async never lengthens the critical path, and never
// adds a step to the deepest chain.
func TestDetachingNeverLengthens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := draw(rt).build(t, 0)
		for i := range g.Journeys() {
			m := g.model(&g.Journeys()[i])
			some := make([]bool, len(m.steps))
			for k := range some {
				some[k] = rapid.Bool().Draw(rt, "turned")
			}
			more := slices.Clone(some)
			if len(more) > 0 {
				more[rapid.IntRange(0, len(more)-1).Draw(rt, "one more")] = true
			}
			before, after := m.wait(FactLatency, some), m.wait(FactLatency, more)
			if after.Time > before.Time || len(after.Missing) > len(before.Missing) {
				rt.Errorf("turning %v: %v, turning %v: %v", some, before, more, after)
			}
			if none := m.wait(FactLatency, make([]bool, len(m.steps))); none.Time != m.wait(FactLatency, nil).Time {
				rt.Errorf("turning nothing changes the time")
			}
		}
	})
}

// One more synchronous dependency never raises the availability of a journey;
// one that the journey has already does not change it.
func TestDependencyNeverRaisesAvailability(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(rt, "steps")
		shares := make([]float64, n)
		for i := range shares {
			shares[i] = rapid.Float64Range(.5, 1).Draw(rt, "share")
		}
		run := func(callees ...int) float64 {
			b := newBuilder()
			d := b.doc("shop")
			put(b, &d.Availability, .9999)
			steps := ""
			for i, c := range callees {
				name := fmt.Sprintf("o%d", i)
				b.op(d, name, fmt.Sprintf("s%d", c), decide.Sync, up(shares[c]))
				steps += " " + name
			}
			b.journey(d, "buy", steps)
			g := b.build(t, 0)
			return g.Numbers(&g.Journeys()[0]).Share.Value
		}
		var callees []int
		last, product := .9999, .9999
		for i := range n {
			callees = append(callees, i)
			now := run(callees...)
			if now > last {
				rt.Errorf("the %dth dependency raises %v to %v", i, last, now)
			}
			product *= shares[i]
			if want := product; math.Abs(now-want) > 1e-12 {
				rt.Errorf("availability %v, want the product %v", now, want)
			}
			last = now
		}
		if again := run(append(callees, 0)...); again != last {
			rt.Errorf("a second call of one dependency changes %v to %v", last, again)
		}
	})
}

// Components are the sets of services that reach each other, and the depth is
// that of the longest chain over them, by brute force.
func TestComponentsByBruteForce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBuilder()
		services := rapid.IntRange(1, 7).Draw(rt, "services")
		for s := range services {
			d := b.doc(fmt.Sprintf("s%d", s))
			for i, to := range rapid.SliceOfN(rapid.IntRange(0, services-1), 0, 3).Draw(rt, "callees") {
				mode := rapid.SampledFrom([]decide.Verdict{decide.Sync, decide.Sync, decide.Sync, decide.Async}).Draw(rt, "mode")
				b.op(d, fmt.Sprintf("o%d", i), fmt.Sprintf("s%d", to), mode)
			}
		}
		g := b.build(t, 0)
		n := len(g.Services())
		reaches := make([][]bool, n)
		for s := range reaches {
			reaches[s] = make([]bool, n)
			reaches[s][s] = true
		}
		for range n {
			for _, o := range g.Operations() {
				if o.Callee == None || !o.waits() {
					continue
				}
				for s := range n {
					reaches[s][o.Callee] = reaches[s][o.Callee] || reaches[s][o.Caller]
				}
			}
		}
		var want [][]ServiceID
		for s := range n {
			var ring []ServiceID
			for u := range n {
				if reaches[s][u] && reaches[u][s] {
					ring = append(ring, ServiceID(u))
				}
			}
			if len(ring) > 1 && ring[0] == ServiceID(s) {
				want = append(want, ring)
			}
		}
		var got [][]ServiceID
		for _, c := range g.WaitingCycles() {
			got = append(got, c.Services)
			at := c.Services[0]
			for _, id := range c.Ring {
				if g.Operation(id).Caller != at || !g.Operation(id).waits() {
					rt.Errorf("ring %v of %v is broken at %d", c.Ring, c.Services, id)
				}
				at = g.Operation(id).Callee
			}
			if at != c.Services[0] || len(c.Ring) < 2 {
				rt.Errorf("ring %v of %v does not close", c.Ring, c.Services)
			}
		}
		if !reflect.DeepEqual(got, want) {
			rt.Errorf("cycles %v, want %v", got, want)
		}
		for s := range n {
			if chain := g.Chain(ServiceID(s)); len(chain) != g.Depth(ServiceID(s)) {
				rt.Errorf("chain %v from %d, depth %d", chain, s, g.Depth(ServiceID(s)))
			}
			if len(want) == 0 {
				if deepest := deepestByForce(g, ServiceID(s)); deepest != g.Depth(ServiceID(s)) {
					rt.Errorf("depth %d from %d, by force %d", g.Depth(ServiceID(s)), s, deepest)
				}
			}
		}
	})
}

func deepestByForce(g *Graph, s ServiceID) int {
	most := 0
	for _, id := range g.Calls(s) {
		o := g.Operation(id)
		if !o.waits() || o.Callee == s {
			continue
		}
		depth := 1
		if o.Callee != None {
			depth += deepestByForce(g, o.Callee)
		}
		most = max(most, depth)
	}
	return most
}

// Operations that many services call the same spread over the index: it stays fast.
func TestHashSpreads(t *testing.T) {
	t.Parallel()
	const slots = 8192
	taken := map[uint32]bool{}
	for service := range ServiceID(slots / 2) {
		taken[hash(service, "create")%slots] = true
	}
	if len(taken) < slots/3 {
		t.Errorf("%d services have %d slots", slots/2, len(taken))
	}
}
