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

	"waitornot/decide/simulate"
)

// A client calls with a timeout, and tries again after a pause that doubles and varies.
type client struct {
	http    *http.Client
	url     string
	step    *simulate.Step
	mu      sync.Mutex
	chance  *rand.Rand
	started atomic.Int64 // attempts during the event
	unheard atomic.Int64
}

func newClient(url string, step *simulate.Step) *client {
	return &client{
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}}, url: url, step: step,
		chance: rand.New(rand.NewPCG(7, 7)),
	}
}

func (c *client) once() bool {
	ctx, cancel := context.WithTimeout(context.Background(), c.step.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
	if err != nil {
		return false
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK
}

func (c *client) call(during func() bool) bool {
	pause := c.step.Backoff
	for k := 1; ; k++ {
		if during() {
			c.started.Add(1)
		}
		if c.once() {
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

// measureHTTP runs the experiment against a server.
func measureHTTP(t *testing.T, e *experiment, handler func(during func() bool) http.Handler) (phases [3]count, attempts int64, recovered time.Duration) {
	start := time.Now()
	during := func() bool { return e.phase(time.Since(start)) == simulate.During }
	server := httptest.NewServer(handler(during))
	defer server.Close()
	c := newClient(server.URL, &e.model.Steps[0])
	defer c.http.CloseIdleConnections()
	var mu sync.Mutex
	start = time.Now()
	end := e.scenario.Before + e.scenario.Length
	e.arrivals(3, func(_ int, at time.Duration) {
		began := time.Now()
		ok := c.call(during)
		felt := time.Since(began)
		mu.Lock()
		defer mu.Unlock()
		p := &phases[e.phase(at)]
		p.requests++
		p.felt += felt
		if ok {
			p.succeeded++
		} else if at > end {
			recovered = max(recovered, at-end)
		}
	})
	return phases, c.started.Load(), recovered
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
		phases, attempts, _ := measureHTTP(t, e, func(during func() bool) http.Handler {
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
		p := &phases
		return []float64{
			p[0].success(), p[1].success(), p[2].success(), p[0].mean(), p[1].mean(),
			float64(attempts) / float64(p[1].requests),
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
		figures: []figure{
			{name: "success during", unit: "%"}, {name: "success after", unit: "%"},
			{name: "mean answer before", unit: "s", least: .03}, {name: "mean answer during", unit: "s", least: .03},
			{name: "answers nobody waited for"}, {name: "last failure after the end", unit: "s", least: 1},
		},
		read: func(r *simulate.Run) []float64 {
			last := 0.0
			width := 38.0 / simulate.Buckets
			for b := range r.Buckets {
				if at := float64(b+1)*width - 18; at > 0 && r.Buckets[b].Succeeded < r.Buckets[b].Requests {
					last = at
				}
			}
			return []float64{
				success(r, simulate.During), success(r, simulate.After), mean(r, simulate.Before), mean(r, simulate.During),
				float64(r.Steps[0].Wasted), last,
			}
		},
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		times := newClock(work, 6)
		var unheard atomic.Int64
		phases, _, recovered := measureHTTP(t, e, func(during func() bool) http.Handler {
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
		p := &phases
		return []float64{p[1].success(), p[2].success(), p[0].mean(), p[1].mean(), float64(unheard.Load()), recovered.Seconds()}
	}
	return e
}
