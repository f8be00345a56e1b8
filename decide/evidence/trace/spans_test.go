package trace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waitornot/decide/evidence"
)

// A sp is a span as tests write it: times in milliseconds, attributes as
// "key=value", links as "trace/span".
type sp struct {
	trace, id, parent int
	service           string
	kind              kind
	name              string
	start, end        float64
	attrs             []string
	failed            bool
	links             []string
}

const testEpoch = 1_760_000_000_000 // milliseconds

func hexID(n, digits int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%0*x", digits, n)
}

func nano(ms float64) string { return strconv.FormatInt(testEpoch*1_000_000+int64(ms*1e6), 10) }

func (s *sp) json() map[string]any {
	var attributes []any
	for _, a := range s.attrs {
		k, v, _ := strings.Cut(a, "=")
		value := map[string]any{"stringValue": v}
		if _, err := strconv.Atoi(v); err == nil && !strings.HasPrefix(k, "messaging") {
			value = map[string]any{"intValue": v}
		}
		attributes = append(attributes, map[string]any{"key": k, "value": value})
	}
	var links []any
	for _, l := range s.links {
		var t, id int
		fmt.Sscanf(l, "%d/%d", &t, &id)
		links = append(links, map[string]any{"traceId": hexID(t, 32), "spanId": hexID(id, 16)})
	}
	m := map[string]any{
		"traceId": hexID(s.trace, 32), "spanId": hexID(s.id, 16), "parentSpanId": hexID(s.parent, 16), "name": s.name,
		"kind": int(s.kind), "startTimeUnixNano": nano(s.start), "endTimeUnixNano": nano(s.end),
		"attributes": attributes, "links": links, "events": []any{map[string]any{"name": "a } ] \" \\ event"}},
	}
	if s.failed {
		m["status"] = map[string]any{"code": 2}
	}
	return m
}

// body writes spans as one OTLP text.
func body(spans []sp) []byte {
	var resources []any
	for _, s := range spans {
		resources = append(resources, map[string]any{
			"resource":   map[string]any{"attributes": []any{map[string]any{"key": "service.name", "value": map[string]any{"stringValue": s.service}}}},
			"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "test"}, "spans": []any{s.json()}}},
		})
	}
	text, err := json.Marshal(map[string]any{"resourceSpans": resources})
	if err != nil {
		panic(err)
	}
	return text
}

// measure reads texts and joins them.
func measure(t testing.TB, o Options, texts ...[]byte) ([]evidence.Sighting, Report) {
	t.Helper()
	s := NewStore(o)
	for i, text := range texts {
		if err := s.Read(context.Background(), fmt.Sprintf("t%d", i), bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Result(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r.Sightings, r.Report
}

// show writes what tests look at of a sighting.
func show(x evidence.Sighting) string {
	m := x.Measured
	var b strings.Builder
	fmt.Fprintf(&b, "%s > %s %q %s %s calls=%d p50=%s p99=%s", x.Caller, x.Callee, x.Text, x.Mode, x.Kind, m.Calls, m.P50, m.P99)
	add := func(name string, v float64, usual float64) {
		if v != usual {
			fmt.Fprintf(&b, " %s=%.3g", name, v)
		}
	}
	add("errors", m.Errors, 0)
	add("waited", m.Waited, 1)
	add("attempts", m.Attempts, 1)
	add("each", m.PerRequest, 1)
	add("parallel", m.Parallel, 0)
	add("timeouts", m.TimedOut, 0)
	add("redelivered", m.Redelivered, 0)
	add("troubled", float64(m.Troubled), 0)
	add("spread", m.Spread, 0)
	if m.GaveUp > 0 {
		fmt.Fprintf(&b, " gaveup=%s", m.GaveUp)
	}
	if x.Broker != "" {
		fmt.Fprintf(&b, " broker=%s channel=%s", x.Broker, x.Channel)
	}
	if m.Consumers > 0 || x.Kind == "event" {
		fmt.Fprintf(&b, " queued=%s processing=%s consumers=%d", m.Queued, m.Processing, m.Consumers)
	}
	if m.Polled {
		b.WriteString(" polled")
	}
	return b.String()
}

var known = []struct {
	name    string
	spans   []sp
	want    []string
	orphans int64
}{
	{"a call that waits", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 100, nil, false, nil},
		{1, 2, 1, "shop", client, "GET", 10, 60, []string{"http.request.method=GET", "server.address=127.0.0.1", "server.port=3001", "url.path=/stock/42"}, false, nil},
		{1, 3, 2, "stock", server, "GET /stock/:sku", 15, 55, []string{"http.request.method=GET", "http.route=/stock/:sku"}, false, nil},
	}, []string{`shop > stock "GET /stock/{sku}" sync query calls=1 p50=50ms p99=50ms`}, 0},
	{"middleware between, and the conventions of old", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 100, nil, false, nil},
		{1, 9, 1, "shop", internal, "middleware - json", 1, 2, nil, false, nil},
		{1, 8, 9, "shop", internal, "request handler - /", 2, 3, nil, false, nil},
		{1, 2, 8, "shop", client, "HTTP POST", 10, 60, []string{"http.method=POST", "net.peer.name=pay", "http.url=http://pay:80/charge?x=1", "http.status_code=200"}, false, nil},
		{1, 3, 2, "pay", server, "POST /charge", 15, 55, []string{"http.method=POST", "http.target=/charge?x=1", "http.status_code=200"}, false, nil},
	}, []string{`shop > pay "POST /charge" sync command calls=1 p50=50ms p99=50ms`}, 0},
	{"nobody waits: the request ended", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 20, nil, false, nil},
		{1, 2, 1, "shop", client, "POST", 10, 60, []string{"http.request.method=POST", "url.path=/log"}, false, nil},
		{1, 3, 2, "log", server, "POST /log", 15, 55, []string{"http.request.method=POST", "http.route=/log"}, false, nil},
	}, []string{`shop > log "POST /log" async command calls=1 p50=50ms p99=50ms waited=0`}, 0},
	{"nobody waits: the client's span ended first", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 500, nil, false, nil},
		{1, 2, 1, "shop", client, "POST", 10, 20, []string{"http.request.method=POST", "url.path=/log"}, false, nil},
		{1, 3, 2, "log", server, "POST /log", 15, 255, []string{"http.request.method=POST", "http.route=/log"}, false, nil},
	}, []string{`shop > log "POST /log" async command calls=1 p50=240ms p99=240ms waited=0`}, 0},
	{"waited in vain", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 500, nil, true, nil},
		{1, 2, 1, "shop", client, "POST", 10, 110, []string{"http.request.method=POST", "url.path=/pay", "error.type=TimeoutError"}, true, nil},
		{1, 3, 2, "pay", server, "POST /pay", 15, 455, []string{"http.request.method=POST", "http.route=/pay"}, false, nil},
	}, []string{`shop > pay "POST /pay" sync command calls=1 p50=100ms p99=100ms errors=1 timeouts=1 troubled=1 spread=1 gaveup=100ms`}, 0},
	{"a clock behind", []sp{
		{1, 1, 0, "shop", server, "GET /", 1000, 1100, nil, false, nil},
		{1, 2, 1, "shop", client, "GET", 1010, 1060, []string{"http.request.method=GET", "url.path=/a"}, false, nil},
		{1, 3, 2, "a", server, "GET /a", 15, 55, []string{"http.request.method=GET", "http.route=/a"}, false, nil},
	}, []string{`shop > a "GET /a" sync query calls=1 p50=50ms p99=50ms`}, 0},
	{"a retry after the connection was refused", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 200, nil, false, nil},
		{1, 2, 1, "shop", client, "GET", 10, 20, []string{"http.request.method=GET", "server.address=localhost", "server.port=81", "url.path=/a/1234", "error.type=ECONNREFUSED"}, true, nil},
		{1, 3, 1, "shop", client, "GET", 50, 90, []string{"http.request.method=GET", "server.address=localhost", "server.port=81", "url.path=/a/1234"}, false, nil},
		{1, 4, 3, "a", server, "GET /a/:id", 55, 85, []string{"http.request.method=GET", "http.route=/a/:id"}, false, nil},
		{1, 5, 1, "shop", client, "GET", 100, 120, []string{"http.request.method=GET", "server.address=localhost", "server.port=81", "url.path=/a/5678", "error.type=ECONNREFUSED"}, true, nil},
	}, []string{`shop > a "GET /a/{id}" sync query calls=2 p50=20ms p99=80ms errors=0.5 attempts=1.5 each=2 troubled=1`}, 0},
	{"repeats that the client counts", []sp{
		{1, 2, 0, "job", client, "PUT", 10, 20, []string{"http.request.method=PUT", "server.address=files.example", "url.path=/a"}, false, nil},
		{1, 1, 0, "job", internal, "nightly", 0, 200, nil, false, nil},
		{1, 3, 1, "job", client, "PUT", 30, 40, []string{"http.request.method=PUT", "server.address=files.example", "url.path=/a"}, false, nil},
		{1, 4, 1, "job", client, "PUT", 50, 60, []string{"http.request.method=PUT", "server.address=files.example", "url.path=/a", "http.request.resend_count=1"}, false, nil},
	}, []string{`job > files.example "PUT /a" sync command calls=2 p50=10ms p99=30ms attempts=1.5 troubled=1`}, 0},
	{"attempts inside one client's span", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 200, nil, false, nil},
		{1, 2, 1, "shop", client, "shop.Cart/Get", 10, 100, []string{"rpc.system=grpc", "rpc.service=shop.Cart", "rpc.method=Get"}, false, nil},
		{1, 3, 2, "shop", client, "POST", 10, 40, []string{"http.request.method=POST", "server.address=cart.prod.svc.cluster.local", "url.path=/shop.Cart/Get"}, false, nil},
		{1, 4, 2, "shop", client, "POST", 50, 95, []string{"http.request.method=POST", "server.address=cart.prod.svc.cluster.local", "url.path=/shop.Cart/Get"}, false, nil},
	}, []string{`shop > cart "POST /shop.Cart/Get" sync command calls=1 p50=90ms p99=90ms attempts=2`}, 0},
	{"in parallel, and one after the other", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 200, nil, false, nil},
		{1, 2, 1, "shop", client, "GET", 10, 60, []string{"http.request.method=GET", "peer.service=a", "url.path=/a"}, false, nil},
		{1, 3, 1, "shop", client, "GET", 20, 50, []string{"http.request.method=GET", "peer.service=b", "url.path=/b"}, false, nil},
		{1, 4, 1, "shop", client, "GET", 60, 90, []string{"http.request.method=GET", "peer.service=c", "url.path=/c"}, false, nil},
		{1, 5, 1, "shop", client, "GET", 90, 99, []string{"http.request.method=GET", "peer.service=c", "url.path=/c"}, false, nil},
	}, []string{
		`shop > a "GET /a" sync query calls=1 p50=50ms p99=50ms parallel=1`,
		`shop > b "GET /b" sync query calls=1 p50=30ms p99=30ms parallel=1`,
		`shop > c "GET /c" sync query calls=2 p50=9ms p99=30ms each=2 troubled=1`,
	}, 0},
	{"a server without a client's span, with a clock ahead", []sp{
		{1, 1, 0, "shop", server, "GET /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", internal, "work", 10, 40, nil, false, nil},
		{1, 3, 2, "a", server, "GET /a", 15, 35, []string{"http.request.method=GET", "http.route=/a"}, false, nil},
		{2, 4, 77, "b", server, "GET /b", 15, 35, nil, false, nil},
	}, []string{`shop > a "GET /a" sync query calls=1 p50=20ms p99=20ms`}, 1},
	{"a message, by parent, delivered twice", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", producer, "publish", 10, 12, []string{"messaging.system=rabbitmq", "messaging.rabbitmq.routing_key=mails", "messaging.destination="}, false, nil},
		{1, 3, 2, "mailer", consumer, "mails process", 112, 142, []string{"messaging.system=rabbitmq", "messaging.operation=process"}, true, nil},
		{1, 4, 2, "mailer", consumer, "mails process", 200, 220, []string{"messaging.system=rabbitmq", "messaging.operation=process"}, false, nil},
	}, []string{`shop > mailer "mails" async event calls=1 p50=210ms p99=210ms waited=0 attempts=2 redelivered=1 broker=rabbitmq channel=mails queued=100ms processing=30ms consumers=1`}, 0},
	{"a message, by link from another trace, to two services, one with a clock behind", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", client, "orders send", 10, 12, []string{"messaging.system=kafka", "messaging.destination.name=orders", "messaging.operation.type=send"}, false, nil},
		{2, 3, 0, "bill", client, "orders receive", 20, 22, []string{"messaging.system=kafka", "messaging.operation.type=receive"}, false, []string{"1/2"}},
		{2, 4, 3, "bill", consumer, "orders process", 22, 62, []string{"messaging.system=kafka", "messaging.operation.type=process"}, false, []string{"1/2"}},
		{3, 5, 0, "ship", consumer, "orders process", 2, 32, []string{"messaging.system=kafka", "messaging.operation.type=process"}, false, []string{"1/2"}},
		{4, 6, 0, "shop", producer, "orders send", 10, 12, []string{"messaging.system=kafka", "messaging.destination.name=orders"}, false, nil},
	}, []string{
		`shop > bill "orders" async event calls=1 p50=52ms p99=52ms waited=0 broker=kafka channel=orders queued=10ms processing=40ms consumers=2`,
		`shop > ship "orders" async event calls=1 p50=32ms p99=32ms waited=0 broker=kafka channel=orders queued=0s processing=30ms consumers=2`,
	}, 0},
	{"a message that nobody takes", []sp{
		{1, 2, 0, "shop", producer, "orders send", 10, 12, []string{"messaging.system=kafka", "messaging.destination.name=orders"}, false, nil},
	}, []string{`shop > kafka "orders" async event calls=1 p50=2ms p99=2ms waited=0 broker=kafka channel=orders queued=0s processing=0s consumers=1`}, 0},
	{"202 and polling", []sp{
		{1, 1, 0, "shop", internal, "export", 0, 500, nil, false, nil},
		{1, 2, 1, "shop", client, "POST", 10, 20, []string{"http.request.method=POST", "peer.service=jobs", "url.path=/exports", "http.response.status_code=202"}, false, nil},
		{1, 3, 1, "shop", client, "GET", 100, 110, []string{"http.request.method=GET", "peer.service=jobs", "url.path=/state/555"}, false, nil},
		{1, 4, 1, "shop", client, "GET", 200, 210, []string{"http.request.method=GET", "peer.service=jobs", "url.path=/state/555"}, false, nil},
	}, []string{
		`shop > jobs "GET /state/{id}" sync query calls=2 p50=10ms p99=10ms each=2`,
		`shop > jobs "POST /exports" hybrid command calls=1 p50=10ms p99=10ms polled`,
	}, 0},
	{"a store, and what belongs to its connection", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", client, "pg-pool.connect", 1, 2, []string{"db.system=postgresql"}, false, nil},
		{1, 3, 1, "shop", client, "pg.query:SELECT shop", 2, 5, []string{"db.system=postgresql", "db.operation=SELECT", "db.sql.table=orders", "net.peer.name=localhost"}, false, nil},
		{1, 4, 3, "shop", client, "tcp.connect", 2, 3, nil, false, nil},
	}, []string{`shop > postgresql "" sync  calls=1 p50=3ms p99=3ms`}, 0},
	{"refused is not failed", []sp{
		{1, 1, 0, "shop", server, "POST /", 0, 50, nil, false, nil},
		{1, 2, 1, "shop", client, "GET", 2, 5, []string{"http.request.method=GET", "peer.service=a", "url.path=/a/x", "http.response.status_code=404"}, true, nil},
		{1, 3, 1, "shop", client, "b.B/Get", 6, 8, []string{"rpc.service=b.B", "rpc.method=Get", "rpc.grpc.status_code=5"}, true, nil},
		{1, 4, 1, "shop", client, "b.B/Get", 9, 12, []string{"rpc.service=b.B", "rpc.method=Get", "rpc.grpc.status_code=14"}, true, nil},
	}, []string{
		`shop > a "GET /a/x" sync query calls=1 p50=3ms p99=3ms`,
		`shop > b.B "b.B/Get" sync  calls=2 p50=2ms p99=3ms errors=0.5 each=2 troubled=1`,
	}, 0},
}

func TestKnown(t *testing.T) {
	t.Parallel()
	for _, test := range known {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantKnown(t, test.spans, test.want, test.orphans)
		})
	}
}

// wantKnown measures spans and compares what is found with what is known of them.
func wantKnown(t *testing.T, spans []sp, want []string, orphans int64) {
	t.Helper()
	found, report := measure(t, Options{}, body(spans))
	var got []string
	for _, x := range found {
		got = append(got, show(x))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if report.Broken > 0 || report.Orphans != orphans || report.Spans == 0 {
		t.Errorf("report %+v, want %d orphans", report, orphans)
	}
}

// The order of spans, how they are cut into texts and files, how many read them,
// and whether they go through a file, change nothing.
func TestOrder(t *testing.T) {
	t.Parallel()
	var all []sp
	for i, test := range known {
		for _, s := range test.spans {
			s.trace += 100 * i
			s.id += 1000 * i
			if s.parent != 0 {
				s.parent += 1000 * i
			}
			for k, l := range s.links {
				var tr, id int
				fmt.Sscanf(l, "%d/%d", &tr, &id)
				s.links = slices.Clone(s.links)
				s.links[k] = fmt.Sprintf("%d/%d", tr+100*i, id+1000*i)
			}
			s.service = fmt.Sprintf("%s%d", s.service, i)
			all = append(all, s)
		}
	}
	want := lines(t, Options{}, body(all))
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 40 {
		rng.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		var texts [][]byte
		o := Options{Workers: 1 + round%3}
		if round%2 == 0 {
			o.Memory, o.Spill = 1, func() (SpillFile, error) { return &memoryFile{}, nil }
		}
		for rest := all; len(rest) > 0; {
			n := min(1+rng.IntN(40), len(rest))
			var text []byte
			for _, s := range rest[:n] {
				text = append(append(text, body([]sp{s})...), '\n')
				if round%5 == 0 { // an export may be sent twice
					text = append(append(text, body([]sp{s})...), '\n')
				}
			}
			texts = append(texts, text)
			rest = rest[n:]
		}
		if got := lines(t, o, texts...); got != want {
			t.Fatalf("round %d: %s", round, cmp.Diff(want, got))
		}
	}
}

func lines(t *testing.T, o Options, texts ...[]byte) string {
	found, _ := measure(t, o, texts...)
	var b strings.Builder
	for _, x := range found {
		fmt.Fprintln(&b, show(x), x.Measured.From.Format(time.RFC3339Nano), x.Measured.To.Format(time.RFC3339Nano), x.Measured.Mean, x.Measured.Peak)
	}
	return b.String()
}

type memoryFile struct{ data []byte }

func (m *memoryFile) Write(p []byte) (int, error) {
	m.data = append(m.data, p...)
	return len(p), nil
}

func (m *memoryFile) ReadAt(p []byte, off int64) (int, error) { return copy(p, m.data[off:]), nil }
