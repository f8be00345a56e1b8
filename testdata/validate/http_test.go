package validate

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"waitornot/decide/simulate"
)

// A client calls with a timeout, and tries again after a pause that doubles and varies. Its
// pool is that of Go's HTTP client, its breaker that of failsafe-go.
type client struct {
	http    *http.Client
	url     func() string
	step    *simulate.Step
	breaker circuitbreaker.CircuitBreaker[any]
	places  chan struct{} // of a bulkhead
	mu      sync.Mutex
	chance  *rand.Rand
	started atomic.Int64 // attempts during the event
	stopped atomic.Int64 // by the breaker or the bulkhead
}

func newClient(url func() string, step *simulate.Step) *client {
	c := &client{url: url, step: step, chance: rand.New(rand.NewPCG(7, 7))}
	transport := &http.Transport{MaxIdleConnsPerHost: 500}
	switch {
	case step.Bulkhead:
		c.places = make(chan struct{}, step.Pool)
	case step.Pool > 0:
		transport.MaxConnsPerHost = step.Pool
	}
	c.http = &http.Client{Transport: transport}
	if step.Breaker {
		c.breaker = circuitbreaker.NewBuilder[any]().WithFailureThresholdRatio(50, 100).WithSuccessThresholdRatio(6, 10).WithDelay(time.Minute).Build()
	}
	return c
}

// guarded makes an attempt unless a guard stops it.
func (c *client) guarded(during bool) bool {
	if c.places != nil {
		select {
		case c.places <- struct{}{}:
			defer func() { <-c.places }()
		default:
			c.stopped.Add(1)
			return false
		}
	}
	if c.breaker != nil && !c.breaker.TryAcquirePermit() {
		c.stopped.Add(1)
		return false
	}
	if during {
		c.started.Add(1)
	}
	ok := c.once()
	switch {
	case c.breaker == nil:
	case ok:
		c.breaker.RecordSuccess()
	default:
		c.breaker.RecordFailure()
	}
	return ok
}

func (c *client) once() bool {
	ctx, cancel := context.WithTimeout(context.Background(), c.step.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url(), nil) // a GET would be repeated by Go itself
	if err != nil {
		return false
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode < 300
}

func (c *client) call(during func() bool) bool {
	pause := c.step.Backoff
	for k := 1; ; k++ {
		if c.guarded(during()) {
			return true
		}
		if k >= max(1, c.step.Attempts) {
			return false
		}
		wait := pause
		if c.step.Jitter {
			c.mu.Lock()
			wait = time.Duration(c.chance.Float64() * float64(pause))
			c.mu.Unlock()
		}
		time.Sleep(wait)
		pause *= 2
	}
}

// A count gathers the requests of a phase.
type count struct {
	requests, succeeded int
	felt                time.Duration
}

// A measurement is what a client went through.
type measurement struct {
	phases    [3]count
	attempts  int64 // during the event
	stopped   int64
	recovered time.Duration // from the end of the event to the last request that failed
}

// measureHTTP runs the experiment against a server.
func measureHTTP(e *experiment, handler func(during func() bool) http.Handler) measurement {
	start := time.Now()
	during := func() bool { return e.phase(time.Since(start)) == simulate.During }
	server := httptest.NewServer(handler(during))
	defer server.Close()
	start = time.Now()
	return call(e, func() string { return server.URL }, during)
}

// call makes the calls of the experiment.
func call(e *experiment, url func() string, during func() bool) (m measurement) {
	c := newClient(url, &e.model.Steps[0])
	defer c.http.CloseIdleConnections()
	var mu sync.Mutex
	end := e.scenario.Before + e.scenario.Length
	e.arrivals(func(_ int, at time.Duration) {
		began := time.Now()
		ok := c.call(during)
		felt := time.Since(began)
		mu.Lock()
		defer mu.Unlock()
		p := &m.phases[e.phase(at)]
		p.requests++
		p.felt += felt
		if ok {
			p.succeeded++
		} else if at > end {
			m.recovered = max(m.recovered, at-end)
		}
	})
	m.attempts, m.stopped = c.started.Load(), c.stopped.Load()
	return m
}

func (c *count) success() float64 { return float64(c.succeeded) / float64(c.requests) }
func (c *count) mean() float64    { return c.felt.Seconds() / float64(c.requests) }

func success(r *simulate.Run, p simulate.Phase) float64 {
	return float64(r.Phases[p].Succeeded) / float64(r.Phases[p].Requests)
}

func mean(r *simulate.Run, p simulate.Phase) float64 {
	d, _ := r.Phases[p].FeltMean()
	return d.Seconds()
}

// outage: a callee that hangs for eight seconds, and a client that tries three times.
func outage() *experiment {
	work := simulate.Time{Median: 100 * time.Millisecond, P99: 300 * time.Millisecond}
	e := &experiment{
		name: "HTTP: the callee hangs for 8 s; three attempts of 500 ms, backoff with jitter",
		model: simulate.Model{Rate: 30, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: work, Timeout: 500 * time.Millisecond,
			Attempts: 3, Backoff: 100 * time.Millisecond, Jitter: true,
		}}},
		scenario: simulate.Scenario{Kind: simulate.Down, Callee: "callee", Length: 8 * time.Second, Before: 8 * time.Second, After: 16 * time.Second},
		figures: []figure{
			{name: "success before", unit: "%"}, {name: "success during", unit: "%"}, {name: "success after", unit: "%"},
			{name: "mean answer before", unit: "s", least: .03}, {name: "mean answer during", unit: "s", least: .03},
			{name: "attempts for a request during"},
		},
		read: func(r *simulate.Run) []float64 {
			return []float64{
				success(r, simulate.Before), success(r, simulate.During), success(r, simulate.After),
				mean(r, simulate.Before), mean(r, simulate.During), r.Steps[0].Amplification,
			}
		},
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		times := newClock(work, 5)
		m := measureHTTP(e, func(during func() bool) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if during() {
					<-r.Context().Done() // no answer
					return
				}
				time.Sleep(times.draw())
				if during() {
					<-r.Context().Done()
				}
			})
		})
		p := &m.phases
		return []float64{
			p[0].success(), p[1].success(), p[2].success(), p[0].mean(), p[1].mean(),
			float64(m.attempts) / float64(p[1].requests),
		}
	}
	return e
}

// overload: a callee of ten threads that gets four times as slow, and works on what its
// callers have given up.
func overload() *experiment {
	work := simulate.Time{Median: 100 * time.Millisecond, P99: 300 * time.Millisecond}
	const threads = 10
	e := &experiment{
		name: "HTTP: ten threads get four times as slow for 10 s; two attempts of 1 s",
		model: simulate.Model{Rate: 35, Steps: []simulate.Step{{
			Name: "call", Service: "callee", Parent: simulate.None, Own: work, Timeout: time.Second,
			Attempts: 2, Capacity: threads / work.Mean(), Read: false,
		}}},
		scenario: simulate.Scenario{Kind: simulate.Slow, Callee: "callee", Times: 4, Length: 10 * time.Second, Before: 8 * time.Second, After: 20 * time.Second},
		figures:  append(felt(), figure{name: "answers nobody waited for"}, figure{name: "last failure after the end", unit: "s", least: 1}),
	}
	e.read = func(r *simulate.Run) []float64 {
		return append(readFelt(r), float64(r.Steps[0].Wasted), e.lastFailure(r))
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		times := newClock(work, 6)
		var unheard atomic.Int64
		m := measureHTTP(e, func(during func() bool) http.Handler {
			free := make(chan struct{}, threads)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				free <- struct{}{}
				wait := times.draw()
				if during() {
					wait *= 4
				}
				time.Sleep(wait)
				<-free
				if r.Context().Err() != nil {
					unheard.Add(1)
				}
			})
		})
		return append(m.felt(), float64(unheard.Load()), m.recovered.Seconds())
	}
	return e
}
