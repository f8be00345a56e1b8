package validate

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waitornot/decide/simulate"
)

// usual is what the callees of this file need for an answer.
var usual = simulate.Time{Median: 100 * time.Millisecond, P99: 300 * time.Millisecond}

// felt are the figures of what users go through, and readFelt those of a run.
func felt() []figure {
	return []figure{
		{name: "success during", unit: "%"}, {name: "success after", unit: "%"},
		{name: "mean answer before", unit: "s", least: .03}, {name: "mean answer during", unit: "s", least: .03},
	}
}

func readFelt(r *simulate.Run) []float64 {
	return []float64{success(r, simulate.During), success(r, simulate.After), mean(r, simulate.Before), mean(r, simulate.During)}
}

func (m *measurement) felt() []float64 {
	p := &m.phases
	return []float64{p[1].success(), p[2].success(), p[0].mean(), p[1].mean()}
}

// breaker: a callee hangs for half a minute, and a breaker stops the calls of a minute.
func breaker() *experiment {
	e := &experiment{
		name: "HTTP: the callee hangs for 30 s; a breaker of failsafe-go with 50 of 100 failures, 60 s and 10 trials",
		model: simulate.Model{Rate: 40, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: usual, Timeout: 500 * time.Millisecond, Breaker: true,
		}}},
		scenario: simulate.Scenario{Kind: simulate.Down, Callee: "callee", Length: 30 * time.Second, Before: 8 * time.Second, After: 50 * time.Second},
		figures: append(felt(), figure{name: "calls stopped by the breaker"}, figure{name: "attempts for a request during", least: .01},
			figure{name: "last failure after the end", unit: "s", least: 1.5}),
	}
	e.read = func(r *simulate.Run) []float64 {
		return append(readFelt(r), float64(r.Steps[0].Broken), r.Steps[0].Amplification, e.lastFailure(r))
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		times := newClock(usual, 15)
		m := measureHTTP(e, func(during func() bool) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !during() {
					time.Sleep(times.draw())
				}
				if during() {
					<-r.Context().Done()
				}
			})
		})
		return append(m.felt(), float64(m.stopped), float64(m.attempts)/float64(m.phases[1].requests), m.recovered.Seconds())
	}
	return e
}

// slowly answers in the usual time, or four times that during the event.
func slowly(seed uint64) func(during func() bool) http.Handler {
	times := newClock(usual, seed)
	return func(during func() bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			wait := times.draw()
			if during() {
				wait *= 4
			}
			time.Sleep(wait)
		})
	}
}

// slow is a callee that is four times as slow for ten seconds.
func slow() simulate.Scenario {
	return simulate.Scenario{Kind: simulate.Slow, Callee: "callee", Times: 4, Length: 10 * time.Second, Before: 8 * time.Second, After: 20 * time.Second}
}

// bulkhead: eight places, and who finds none fails at once.
func bulkhead() *experiment {
	return &experiment{
		name: "HTTP: the callee gets four times as slow for 10 s; a bulkhead of eight",
		model: simulate.Model{Rate: 30, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: usual, Timeout: 3 * time.Second, Pool: 8, Bulkhead: true,
		}}},
		scenario: slow(),
		figures:  append(felt(), figure{name: "calls refused", least: 5}),
		read:     func(r *simulate.Run) []float64 { return append(readFelt(r), float64(r.Steps[0].Refused)) },
		measure: func(t *testing.T, e *experiment) []float64 {
			m := measureHTTP(e, slowly(16))
			return append(m.felt(), float64(m.stopped))
		},
	}
}

// connections: eight connections of Go's HTTP client, for which requests wait.
func connections() *experiment {
	e := &experiment{
		name: "HTTP: the callee gets four times as slow for 10 s; eight connections, and requests that wait for one",
		model: simulate.Model{Rate: 30, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: usual, Timeout: 2 * time.Second, Pool: 8,
		}}},
		scenario: slow(),
		figures:  append(felt(), figure{name: "last failure after the end", unit: "s", least: 1}),
		measure: func(t *testing.T, e *experiment) []float64 {
			m := measureHTTP(e, slowly(17))
			return append(m.felt(), m.recovered.Seconds())
		},
	}
	e.read = func(r *simulate.Run) []float64 { return append(readFelt(r), e.lastFailure(r)) }
	return e
}

// shedding: ten threads, and a callee that refuses what would wait for longer than the work
// takes.
func shedding() *experiment {
	const threads = 10
	return &experiment{
		name: "HTTP: ten threads get four times as slow for 10 s; the callee refuses (503) when ten wait",
		model: simulate.Model{Rate: 35, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: usual, Timeout: 3 * time.Second,
			Capacity: threads / usual.Mean(), Shedding: true,
		}}},
		scenario: slow(),
		figures:  append(felt(), figure{name: "calls refused", least: 5}),
		read:     func(r *simulate.Run) []float64 { return append(readFelt(r), float64(r.Steps[0].Shed)) },
		measure: func(t *testing.T, e *experiment) []float64 {
			var shed atomic.Int64
			m := measureHTTP(e, func(during func() bool) http.Handler {
				work := slowly(18)(during)
				free, line := make(chan struct{}, threads), make(chan struct{}, 2*threads)
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					select {
					case line <- struct{}{}:
					default:
						shed.Add(1)
						w.WriteHeader(http.StatusServiceUnavailable)
						return
					}
					free <- struct{}{}
					work.ServeHTTP(w, r)
					<-free
					<-line
				})
			})
			return append(m.felt(), float64(shed.Load()))
		},
	}
}

// deployment: four servers restart one after the other. Each cuts what it is at, and is away
// for a quarter of the time; the others get its calls.
func deployment() *experiment {
	const instances, threads = 4, 10
	work := simulate.Time{Median: 500 * time.Millisecond, P99: time.Second}
	return &experiment{
		name: "HTTP: four servers of ten threads restart one after another in 20 s, with 20 calls of half a second under way",
		model: simulate.Model{Rate: 40, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: work, Timeout: 5 * time.Second, Capacity: instances * threads / work.Mean(),
		}}},
		scenario: simulate.Scenario{Kind: simulate.Deploy, Callee: "callee", Length: 20 * time.Second, Before: 8 * time.Second, After: 10 * time.Second},
		figures:  append(felt(), figure{name: "calls cut", least: 8}),
		read:     func(r *simulate.Run) []float64 { return append(readFelt(r), float64(r.Steps[0].Failed)) },
		measure: func(t *testing.T, e *experiment) []float64 {
			times := newClock(work, 19)
			quarter := e.scenario.Length / instances
			f := &fleet{start: time.Now().Add(e.scenario.Before), quarter: quarter}
			for range instances {
				s := &instance{free: make(chan struct{}, threads)}
				s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					defer s.open.Add(-1)
					s.free <- struct{}{}
					time.Sleep(times.draw())
					<-s.free
				}))
				defer s.Close()
				f.list = append(f.list, s)
			}
			for k, s := range f.list {
				time.AfterFunc(e.scenario.Before+time.Duration(k)*quarter, s.CloseClientConnections)
			}
			m := call(e, f.pick, func() bool { return false })
			cut := 0
			for p := range m.phases {
				cut += m.phases[p].requests - m.phases[p].succeeded
			}
			return append(m.felt(), float64(cut))
		},
	}
}

// An instance is one of several servers.
type instance struct {
	*httptest.Server
	free chan struct{}
	open atomic.Int64
}

// A fleet sends each call to the server that is there and has the fewest. From start on each
// of them is away for a quarter of the deployment, one after the other.
type fleet struct {
	mu      sync.Mutex
	list    []*instance
	start   time.Time
	quarter time.Duration
}

func (f *fleet) pick() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var best *instance
	since := time.Since(f.start)
	for k, s := range f.list {
		away := since >= time.Duration(k)*f.quarter && since < time.Duration(k+1)*f.quarter
		if !away && (best == nil || s.open.Load() < best.open.Load()) {
			best = s
		}
	}
	best.open.Add(1)
	return best.URL
}
