package graph

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// Every formula gives its textbook example.
func TestFormulas(t *testing.T) {
	drain, drains := DrainTime(Backlog(500, 300, 600*time.Second), 100, 300)
	age, _ := MessageAge(120000, 300)
	tests := []struct {
		name           string
		got, want, eps float64
	}{
		{"two copies", Redundant(.99, 2), .9999, 1e-12},
		{"extra nine", ExtraNine(.999), .9999, 1e-12},
		{"downtime of a month at three nines", Downtime(.999, 30*24*time.Hour).Minutes(), 43.2, 1e-6},
		{"downtime of a month at two nines", Downtime(.99, 30*24*time.Hour).Minutes(), 432, 1e-6},
		{"fan-out of 5", SlowShare(.99, 5), .049, 5e-4},
		{"fan-out of 10", SlowShare(.99, 10), .096, 5e-4},
		{"fan-out of 20", SlowShare(.99, 20), .182, 5e-4},
		{"fan-out of 100", SlowShare(.99, 100), .634, 5e-4},
		{"five layers of three", Amplification(3, 3, 3, 3, 3), 243, 0},
		{"three layers of four", Amplification(4, 4, 4), 64, 0},
		{"two layers of three", Amplification(3, 3), 9, 0},
		{"three attempts of 250 ms", RetryTime(3, 250*ms, 50*ms).Seconds(), .900, 0},
		{"in flight", InFlight(200, 800*ms), 160, 1e-9},
		{"utilization", Utilization(240, Capacity(4, 10*ms)), .6, 1e-12},
		{"backlog", Backlog(500, 300, 600*time.Second), 120000, 0},
		{"drain", drain.Seconds(), 600, 1e-9},
		{"message age", age.Seconds(), 400, 1e-9},
	}
	for _, tt := range tests {
		if math.Abs(tt.got-tt.want) > tt.eps {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	if !drains {
		t.Error("a queue with capacity to spare does not drain")
	}
}

// What never ends is said so, and nothing overflows.
func TestFormulasWithoutEnd(t *testing.T) {
	if _, ok := DrainTime(1, 100, 100); ok {
		t.Error("a backlog drains although as much arrives as is handled")
	}
	if u := Utilization(1, 0); !math.IsInf(u, 1) {
		t.Errorf("utilization of no capacity is %v", u)
	}
	if got := RetryTime(math.MaxInt32, time.Hour, time.Hour); got != math.MaxInt64 {
		t.Errorf("endless retries take %v", got)
	}
	if got := Amplification(make([]int, 10)...); got != 1 {
		t.Errorf("layers without attempts amplify by %v", got)
	}
}

// An arrival or the end of a service in a simulated queue.
type event struct {
	at    float64 // seconds
	order int     // breaks ties
	ends  bool
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// simulate runs n arrivals at a rate through one worker that serves at mu, both
// random, and returns the mean time in the system and the mean number in it.
func simulate(rate, mu float64, n int, random *rand.Rand) (stay, inside float64) {
	var queue events
	var waiting []float64 // when they arrived, the one in service first
	var now, area, total float64
	order, done := 0, 0
	push := func(delay float64, ends bool) {
		order++
		heap.Push(&queue, event{now + delay, order, ends})
	}
	push(random.ExpFloat64()/rate, false)
	for done < n {
		e := heap.Pop(&queue).(event)
		area += float64(len(waiting)) * (e.at - now)
		now = e.at
		if e.ends {
			total += now - waiting[0]
			waiting = waiting[1:]
			done++
		} else {
			waiting = append(waiting, now)
			push(random.ExpFloat64()/rate, false)
		}
		if len(waiting) > 0 && (e.ends || len(waiting) == 1) {
			push(random.ExpFloat64()/mu, true)
		}
	}
	return total / float64(n), area / now
}

// Little's law holds in a simulated queue, which itself agrees with M/M/1.
func TestQueueAgainstSimulation(t *testing.T) {
	for _, busy := range []float64{.3, .5, .8} {
		const mu = 100
		stay, inside := simulate(busy*mu, mu, 400_000, rand.New(rand.NewPCG(7, uint64(busy*100))))
		want := 1 / (mu * (1 - busy)) // M/M/1
		if math.Abs(stay/want-1) > .05 {
			t.Errorf("%.0f%% busy: simulated stay %.4fs, formula %.4fs", 100*busy, stay, want)
		}
		if little := InFlight(busy*mu, time.Duration(stay*float64(time.Second))); math.Abs(inside/little-1) > .02 {
			t.Errorf("%.0f%% busy: simulated %.3f inside, Little's law %.3f", 100*busy, inside, little)
		}
	}
}

// A burst into a simulated queue leaves the backlog that the formula gives, and
// it is gone when the formula says.
func TestDrainAgainstSimulation(t *testing.T) {
	const peak, mean, capacity, burst = 500.0, 100.0, 300.0, 60.0
	random := rand.New(rand.NewPCG(11, 13))
	var now, free float64 // free: when the worker has done all that arrived
	var backlog, empty float64
	for now < 10*burst {
		rate := mean
		if now < burst {
			rate = peak
		}
		now += random.ExpFloat64() / rate
		if now >= burst && backlog == 0 {
			backlog = (free - now) * capacity
		}
		if now > burst && free <= now {
			empty = now - burst
			break
		}
		free = math.Max(free, now) + random.ExpFloat64()/capacity
	}
	want := Backlog(peak, capacity, time.Duration(burst*float64(time.Second)))
	drain, _ := DrainTime(want, mean, capacity)
	if math.Abs(backlog/want-1) > .05 {
		t.Errorf("simulated backlog %.0f, formula %.0f", backlog, want)
	}
	if math.Abs(empty/drain.Seconds()-1) > .1 {
		t.Errorf("simulated drain %.1fs, formula %v", empty, drain)
	}
}

// How long a message waits, in working times, by how many share the work: one worker is
// M/M/1 (four times at 80 % busy, nineteen at 95 %), and many hardly let anybody wait.
func TestErlangC(t *testing.T) {
	for _, tt := range []struct {
		workers    int
		busy, want float64
	}{
		{1, .8, 4}, {1, .95, 19}, {10, .8, .20}, {10, .95, 1.65}, {50, .8, .01}, {50, .95, .25}, {200, .8, 0}, {200, .95, .04},
	} {
		got := QueueWait(tt.workers, tt.busy, time.Second).Seconds()
		if math.Abs(got-tt.want) > .005+.01*tt.want {
			t.Errorf("%d workers %.0f%% busy wait %.3f working times, want %.2f", tt.workers, 100*tt.busy, got, tt.want)
		}
	}
	if near, far := ErlangC(10_000, .995), ErlangC(10_001, .995); math.Abs(near-far) > .01 {
		t.Errorf("the limit for many workers gives %.4f, the formula %.4f", far, near)
	}
	for _, tt := range []struct {
		workers    int
		busy, want float64
	}{{3, 0, 0}, {3, 1, 1}, {3, 2, 1}, {0, .5, 1}, {1, .5, .5}, {2, .5, 1. / 3}} {
		if got := ErlangC(tt.workers, tt.busy); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%d workers %.0f%% busy: %v wait, want %v", tt.workers, 100*tt.busy, got, tt.want)
		}
	}
	if QueueWait(3, 1, time.Second) != math.MaxInt64 || QueueWait(0, .5, time.Second) != math.MaxInt64 {
		t.Error("a queue that never drains is waited for in finite time")
	}
}

// Several simulated workers let messages wait as long as Erlang's formula says.
func TestErlangCAgainstSimulation(t *testing.T) {
	for _, workers := range []int{2, 5, 20} {
		const busy, n = .85, 400_000
		random := rand.New(rand.NewPCG(5, uint64(workers)))
		free := make([]float64, workers) // when each worker is free
		now, waited := 0.0, 0.0
		for range n {
			now += random.ExpFloat64() / (busy * float64(workers))
			first := 0
			for w := range free {
				if free[w] < free[first] {
					first = w
				}
			}
			start := math.Max(now, free[first])
			waited += start - now
			free[first] = start + random.ExpFloat64()
		}
		want := QueueWait(workers, busy, time.Second).Seconds()
		if got := waited / n; math.Abs(got/want-1) > .1 {
			t.Errorf("%d workers: simulated wait %.3f working times, formula %.3f", workers, got, want)
		}
	}
}

// The mean of log-normal times agrees with drawn ones.
func TestMeanTime(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 1))
	sigma, _ := spread(100*ms, time.Second)
	sum := 0.0
	const n = 1_000_000
	for range n {
		sum += .1 * math.Exp(sigma*random.NormFloat64())
	}
	mean, ok := MeanTime(100*ms, time.Second)
	if !ok || math.Abs(mean.Seconds()/(sum/n)-1) > .02 {
		t.Errorf("mean %v, drawn %.4fs", mean, sum/n)
	}
	if same, ok := MeanTime(100*ms, 100*ms); !ok || same != 100*ms {
		t.Errorf("times without a spread have the mean %v", same)
	}
	for _, wrong := range [][2]time.Duration{{0, time.Second}, {2 * time.Second, time.Second}} {
		if _, ok := MeanTime(wrong[0], wrong[1]); ok {
			t.Errorf("a median of %v and a p99 of %v have a mean", wrong[0], wrong[1])
		}
	}
}

// At their edges formulas keep their sense: nothing is no work, no capacity is never
// enough, one worker works.
func TestFormulasAtTheirEdges(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"nothing for nobody", Utilization(0, 0), inf},
		{"half a message a second", Utilization(.5, .8), .625},
		{"no workers and no time", Capacity(0, 0), inf},
		{"a nanosecond each", Capacity(1, 1), 1e9},
		{"no backlog", Backlog(1, 2, time.Second), 0},
		{"a single worker", ErlangC(1, .5), .5},
		{"no workers", ErlangC(0, .5), 1},
		{"more than can be worked on", ErlangC(3, 1.5), 1},
		{"nothing to do", ErlangC(3, 0), 0},
		{"one worker half busy", QueueWait(1, .5, time.Second).Seconds(), 1},
		{"fully busy", float64(QueueWait(2, 1, time.Second)), math.MaxInt64},
		{"more than busy", float64(QueueWait(2, 1.5, time.Second)), math.MaxInt64},
		{"nobody to wait for", float64(QueueWait(0, .5, time.Second)), math.MaxInt64},
		{"one attempt", RetryTime(1, time.Second, time.Minute).Seconds(), 1},
		{"two attempts", RetryTime(2, time.Second, time.Minute).Seconds(), 62},
	} {
		if math.Abs(tt.got-tt.want) > 1e-9*math.Max(1, math.Abs(tt.want)) && tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	type time3 struct {
		d  time.Duration
		ok bool
	}
	both := func(d time.Duration, ok bool) time3 { return time3{d, ok} }
	for name, tt := range map[string][2]time3{
		"an empty queue drains":              {both(DrainTime(0, 5, 3)), {0, true}},
		"a queue that grows":                 {both(DrainTime(1, 5, 3)), {0, false}},
		"no backlog and no capacity":         {both(MessageAge(0, 0)), {0, true}},
		"a backlog without capacity":         {both(MessageAge(1, 0)), {0, false}},
		"a backlog and little capacity":      {both(MessageAge(1, .5)), {2 * time.Second, true}},
		"a mean of a nanosecond":             {both(MeanTime(1, 1)), {1, true}},
		"a mean without a median":            {both(MeanTime(0, 1)), {0, false}},
		"a mean of a p99 below the median":   {both(MeanTime(2*time.Second, time.Second)), {2 * time.Second, false}},
		"a mean of a p99 that is the median": {both(MeanTime(time.Second, time.Second)), {time.Second, true}},
	} {
		if tt[0].ok != tt[1].ok || tt[0].d != tt[1].d {
			t.Errorf("%s: %v, %t, want %v, %t", name, tt[0].d, tt[0].ok, tt[1].d, tt[1].ok)
		}
	}
}
