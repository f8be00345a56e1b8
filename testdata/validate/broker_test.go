package validate

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"waitornot/decide/simulate"
)

// A broker is a JetStream server in this process with one stream, from which messages go
// once they are acknowledged.
type broker struct {
	js       jetstream.JetStream
	stream   jetstream.Stream
	consumer jetstream.Consumer
}

func newBroker(t *testing.T, q *simulate.Queue) *broker {
	s, err := server.NewServer(&server.Options{Port: server.RANDOM_PORT, Host: "127.0.0.1", JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown() // before its folder is removed
	})
	if !s.ReadyForConnections(3 * time.Minute) {
		t.Fatal("the broker does not start")
	}
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	b := &broker{}
	ctx := context.Background()
	if b.js, err = jetstream.New(conn); err == nil {
		b.stream, err = b.js.CreateStream(ctx, jetstream.StreamConfig{Name: "work", Subjects: []string{"work"}, Retention: jetstream.WorkQueuePolicy, Storage: jetstream.MemoryStorage})
	}
	if err == nil {
		most := q.MaxDeliveries
		if most == 0 {
			most = -1
		}
		b.consumer, err = b.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: "workers", AckPolicy: jetstream.AckExplicitPolicy, AckWait: q.Visibility, MaxDeliver: most, MaxAckPending: 100_000,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// depth is how many messages are not done and not in work.
func (b *broker) depth(inWork int64) int {
	info, err := b.stream.Info(context.Background())
	if err != nil {
		return 0
	}
	return int(info.State.Msgs) - int(inWork)
}

// work lets so many workers do messages until the context is done, as long as they are up.
func (b *broker) work(ctx context.Context, n int, up func() bool, handle func(jetstream.Msg)) *sync.WaitGroup {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for ctx.Err() == nil {
				if !up() {
					time.Sleep(50 * time.Millisecond)
					continue
				}
				m, err := b.consumer.Next(jetstream.FetchMaxWait(time.Second))
				if errors.Is(err, nats.ErrTimeout) || err != nil {
					continue
				}
				handle(m)
			}
		})
	}
	return &wg
}

// send publishes a message that says when it was sent.
func (b *broker) send(ctx context.Context) error {
	_, err := b.js.Publish(ctx, "work", []byte(time.Now().Format(time.RFC3339Nano)))
	return err
}

// watch tells every now and then, until the context is done, how many messages wait.
func (b *broker) watch(ctx context.Context, wg *sync.WaitGroup, busy *atomic.Int64, tell func(depth int)) {
	wg.Go(func() {
		for ctx.Err() == nil {
			tell(b.depth(busy.Load()))
			time.Sleep(200 * time.Millisecond)
		}
	})
}

// drive lets so many workers do messages while send works through the arrivals, which begin
// at start, and tells how many messages wait meanwhile.
func (b *broker) drive(start *time.Time, n int, up func() bool, handle func(jetstream.Msg), busy *atomic.Int64, waiting func(depth int), send func(context.Context)) {
	ctx, stop := context.WithCancel(context.Background())
	wg := b.work(ctx, n, up, handle)
	b.watch(ctx, wg, busy, waiting)
	*start = time.Now()
	send(ctx)
	stop()
	wg.Wait()
}

// A crew are workers that are down during the event. Each message takes them as long.
type crew struct {
	e         *experiment
	start     *time.Time // of the arrivals
	each      time.Duration
	busy, cut atomic.Int64
	mu        sync.Mutex
	total     [3]time.Duration // from when a message was sent until it was done
	done      [3]int
}

func (c *crew) up() bool { return c.e.phase(time.Since(*c.start)) != simulate.During }

func (c *crew) handle(m jetstream.Msg) {
	if !c.up() {
		c.cut.Add(1)
		return // taken by the last look before the outage: nobody acknowledges it
	}
	c.busy.Add(1)
	defer c.busy.Add(-1)
	time.Sleep(c.each)
	if !c.up() {
		c.cut.Add(1)
		return
	}
	_ = m.Ack()
	sent, err := time.Parse(time.RFC3339Nano, string(m.Data()))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.e.phase(sent.Sub(*c.start))
	c.total[p] += time.Since(sent)
	c.done[p]++
}

// mean is how long messages sent in a phase took until they were done, in seconds.
func (c *crew) mean(p simulate.Phase) float64 {
	return c.total[p].Seconds() / float64(max(1, c.done[p]))
}

// workers: the workers of a queue are down for ten seconds; what they were at comes back.
func workers() *experiment {
	const each = 120 * time.Millisecond
	e := &experiment{
		name: "JetStream: five workers of 120 ms are down for 10 s at 20 messages a second",
		model: simulate.Model{Rate: 20, Steps: []simulate.Step{{
			Name: "send", Service: "worker", Parent: simulate.None, Detached: true, Own: simulate.Time{Median: each, P99: each},
			Accept: simulate.Time{Median: time.Millisecond, P99: 3 * time.Millisecond},
			Queue:  simulate.Queue{Broker: "nats", Workers: 5, Visibility: 5 * time.Second},
		}}},
		scenario: simulate.Scenario{Kind: simulate.Down, Callee: "worker", Length: 10 * time.Second, Before: 8 * time.Second, After: 32 * time.Second},
		figures: []figure{
			{name: "messages waiting, most", least: 5}, {name: "until the queue is short again", unit: "s", least: 2},
			{name: "mean time until done, of those sent during", unit: "s"},
			{name: "messages done twice or cut short", least: 3},
		},
		read: func(r *simulate.Run) []float64 {
			gone := 0.0
			width := 50.0 / simulate.Buckets
			for b := range r.Buckets {
				if at := float64(b+1)*width - 18; at > 0 && r.Buckets[b].Waiting > 5 {
					gone = at
				}
			}
			half, _ := r.Phases[simulate.During].OutcomeMean()
			return []float64{float64(r.Steps[0].MostWaiting), gone, half.Seconds(), float64(r.Steps[0].Cut)}
		},
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		b := newBroker(t, &e.model.Steps[0].Queue)
		start := time.Now()
		c := &crew{e: e, start: &start, each: each}
		most, gone := 0, time.Duration(0)
		waiting := func(depth int) {
			at := time.Since(start) - e.scenario.Before - e.scenario.Length
			if most = max(most, depth); at > 0 && depth > 5 {
				gone = at
			}
		}
		b.drive(&start, 5, c.up, c.handle, &c.busy, waiting, func(ctx context.Context) {
			e.arrivals(func(int, time.Duration) { _ = b.send(ctx) })
		})
		return []float64{float64(most), gone.Seconds(), c.mean(simulate.During), float64(c.cut.Load())}
	}
	return e
}

// poison: one message in ten can't be done and is given up after three deliveries.
func poison() *experiment {
	const each = 50 * time.Millisecond
	e := &experiment{
		name: "JetStream: one message in ten fails each of three deliveries, with pauses of 1 and 2 s",
		model: simulate.Model{Rate: 30, Steps: []simulate.Step{{
			Name: "send", Service: "worker", Parent: simulate.None, Detached: true, Own: simulate.Time{Median: each, P99: each},
			Accept: simulate.Time{Median: time.Millisecond, P99: 3 * time.Millisecond},
			Queue:  simulate.Queue{Broker: "nats", Workers: 4, Visibility: 30 * time.Second, MaxDeliveries: 3, DeadLetter: true, Redelivery: time.Second},
		}}},
		scenario: simulate.Scenario{Kind: simulate.Poison, Callee: "worker", Times: 10, Length: 30 * time.Second, Before: 8 * time.Second, After: 10 * time.Second},
		figures: []figure{
			{name: "messages given up", least: 5}, {name: "deliveries for a message", least: .1}, {name: "messages waiting, most", least: 8},
		},
		read: func(r *simulate.Run) []float64 {
			return []float64{float64(r.Steps[0].DeadLettered), r.Steps[0].Amplification, float64(r.Steps[0].MostWaiting)}
		},
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		b := newBroker(t, &e.model.Steps[0].Queue)
		start := time.Now()
		var busy, given, deliveries, sent atomic.Int64
		handle := func(m jetstream.Msg) {
			busy.Add(1)
			defer busy.Add(-1)
			if e.phase(time.Since(start)) == simulate.During {
				deliveries.Add(1)
			}
			time.Sleep(each)
			meta, err := m.Metadata()
			switch {
			case err != nil || string(m.Data()) != "poison":
				_ = m.Ack()
			case meta.NumDelivered >= 3:
				given.Add(1)
				_ = m.Term()
			default:
				_ = m.NakWithDelay(time.Second << (meta.NumDelivered - 1))
			}
		}
		most := 0
		always := func() bool { return true }
		b.drive(&start, 4, always, handle, &busy, func(depth int) { most = max(most, depth) }, func(ctx context.Context) {
			e.arrivals(func(i int, at time.Duration) {
				body := "fine"
				if e.phase(at) == simulate.During {
					sent.Add(1)
					if (i*2654435761>>8)%10 == 0 { // one in ten, without a pattern
						body = "poison"
					}
				}
				_, _ = b.js.Publish(ctx, "work", []byte(body))
			})
		})
		return []float64{float64(given.Load()), float64(deliveries.Load()) / float64(max(1, sent.Load())), float64(most)}
	}
	return e
}

// accepted: an HTTP server acknowledges with 202 as soon as the broker has the work, and the
// caller learns the outcome later. The workers are down for eight seconds.
func accepted() *experiment {
	const each = 150 * time.Millisecond
	e := &experiment{
		name: "HTTP 202 and JetStream: four workers of 150 ms are down for 8 s at 15 requests a second",
		model: simulate.Model{Rate: 15, Steps: []simulate.Step{{
			Name: "order", Service: "worker", Parent: simulate.None, Detached: true, Own: simulate.Time{Median: each, P99: each},
			Timeout: time.Second, Accept: simulate.Time{Median: time.Millisecond / 2, P99: 3 * time.Millisecond},
			Queue: simulate.Queue{Broker: "nats", Workers: 4, Visibility: 5 * time.Second},
		}}},
		scenario: simulate.Scenario{Kind: simulate.Down, Callee: "worker", Length: 8 * time.Second, Before: 8 * time.Second, After: 24 * time.Second},
		figures: []figure{
			{name: "success during", unit: "%"}, {name: "mean answer during", unit: "s", least: .005}, {name: "messages waiting, most", least: 5},
			{name: "mean time until the outcome, of those sent before", unit: "s", least: .2},
			{name: "mean time until the outcome, of those sent during", unit: "s"},
		},
		read: func(r *simulate.Run) []float64 {
			before, _ := r.Phases[simulate.Before].OutcomeMean()
			during, _ := r.Phases[simulate.During].OutcomeMean()
			return []float64{success(r, simulate.During), mean(r, simulate.During), float64(r.Steps[0].MostWaiting), before.Seconds(), during.Seconds()}
		},
	}
	e.measure = func(t *testing.T, e *experiment) []float64 {
		b := newBroker(t, &e.model.Steps[0].Queue)
		start := time.Now()
		c := &crew{e: e, start: &start, each: each}
		most := 0
		var m measurement
		b.drive(&start, 4, c.up, c.handle, &c.busy, func(depth int) { most = max(most, depth) }, func(ctx context.Context) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if b.send(ctx) != nil {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				w.WriteHeader(http.StatusAccepted)
			}))
			defer server.Close()
			m = call(e, func() string { return server.URL }, func() bool { return false })
		})
		return []float64{m.phases[1].success(), m.phases[1].mean(), float64(most), c.mean(simulate.Before), c.mean(simulate.During)}
	}
	return e
}
