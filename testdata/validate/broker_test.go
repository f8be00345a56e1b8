package validate

import (
	"context"
	"errors"
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
	t.Cleanup(s.Shutdown)
	if !s.ReadyForConnections(30 * time.Second) {
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
		up := func() bool { return e.phase(time.Since(start)) != simulate.During }
		var busy, cut atomic.Int64
		var mu sync.Mutex
		var total time.Duration
		var done int
		ctx, stop := context.WithCancel(context.Background())
		wg := b.work(ctx, 5, up, func(m jetstream.Msg) {
			if !up() {
				cut.Add(1)
				return // taken by the last look before the outage: nobody acknowledges it
			}
			busy.Add(1)
			defer busy.Add(-1)
			time.Sleep(each)
			if !up() {
				cut.Add(1)
				return
			}
			_ = m.Ack()
			sent, err := time.Parse(time.RFC3339Nano, string(m.Data()))
			if err == nil && e.phase(sent.Sub(start)) == simulate.During {
				mu.Lock()
				total += time.Since(sent)
				done++
				mu.Unlock()
			}
		})
		most, gone := 0, time.Duration(0)
		wg.Go(func() {
			for ctx.Err() == nil {
				d := b.depth(busy.Load())
				at := time.Since(start) - e.scenario.Before - e.scenario.Length
				if most = max(most, d); at > 0 && d > 5 {
					gone = at
				}
				time.Sleep(200 * time.Millisecond)
			}
		})
		start = time.Now()
		e.arrivals(4, func(int, time.Duration) {
			_, _ = b.js.Publish(ctx, "work", []byte(time.Now().Format(time.RFC3339Nano)))
		})
		stop()
		wg.Wait()
		return []float64{float64(most), gone.Seconds(), total.Seconds() / float64(max(1, done)), float64(cut.Load())}
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
		ctx, stop := context.WithCancel(context.Background())
		wg := b.work(ctx, 4, func() bool { return true }, func(m jetstream.Msg) {
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
		})
		most := 0
		wg.Go(func() {
			for ctx.Err() == nil {
				most = max(most, b.depth(busy.Load()))
				time.Sleep(200 * time.Millisecond)
			}
		})
		start = time.Now()
		e.arrivals(9, func(i int, at time.Duration) {
			body := "fine"
			if e.phase(at) == simulate.During {
				sent.Add(1)
				if (i*2654435761>>8)%10 == 0 { // one in ten, without a pattern
					body = "poison"
				}
			}
			_, _ = b.js.Publish(ctx, "work", []byte(body))
		})
		stop()
		wg.Wait()
		return []float64{float64(given.Load()), float64(deliveries.Load()) / float64(max(1, sent.Load())), float64(most)}
	}
	return e
}
