// Traces writes the traces of a system that is not there, as OTLP in JSON, one
// export a line, as the collector's file exporter writes them. What its operations
// do is known, so that an importer can be held to it: -truth writes it down.
//
//	go run ./testdata/traces -size 1GB > /tmp/traces.jsonl
//
// The same seed gives the same bytes.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "traces:", err)
		os.Exit(1)
	}
}

func run(args []string, out, log io.Writer) error {
	flags := flag.NewFlagSet("traces", flag.ContinueOnError)
	flags.SetOutput(log)
	size := flags.String("size", "10MB", "about how `much` to write: kB, MB or GB")
	seed := flags.Uint64("seed", 1, "what chance starts from")
	truth := flags.String("truth", "", "write what is true of each operation to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	bytes, err := parseSize(*size)
	if err != nil || flags.NArg() > 0 {
		return fmt.Errorf("want -size such as 10MB, and no arguments")
	}
	w := bufio.NewWriterSize(out, 1<<20)
	g := newGenerator(*seed, w)
	for g.written < bytes {
		g.request()
	}
	g.flush()
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(log, "%d spans of %d requests in %d bytes\n", g.spans, g.requests, g.written)
	if *truth == "" {
		return nil
	}
	return os.WriteFile(*truth, []byte(g.truthText()), 0o644)
}

func parseSize(text string) (int64, error) {
	unit := int64(1)
	for suffix, n := range map[string]int64{"kB": 1e3, "MB": 1e6, "GB": 1e9} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = rest, n
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n * unit, err
}

// spread is how many exports are open at a time: spans of one trace stand far
// apart, and in any order.
const spread = 12

// perExport is how many spans a service exports at a time.
const perExport = 64

// A span is one as it is written.
type span struct {
	trace, id, parent uint64
	name              string
	kind              int
	start, end        int64 // microseconds
	attributes        [][2]string
	failed            bool
}

// A generator makes requests of a shop and writes their spans.
type generator struct {
	chance   *rand.Rand
	out      io.Writer
	now      int64
	next     uint64
	trace    uint64
	waiting  map[string][]span // by service
	took     map[string][]int64
	written  int64
	spans    int64
	requests int64
}

func newGenerator(seed uint64, out io.Writer) *generator {
	return &generator{
		chance: rand.New(rand.NewPCG(seed, 7)), out: out, now: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC).UnixMicro(),
		waiting: map[string][]span{}, took: map[string][]int64{},
	}
}

func (g *generator) id() uint64 {
	g.next++
	return g.next*0x9e3779b97f4a7c15 | 1
}

// about returns a duration around a median, log-normal.
func (g *generator) about(median time.Duration) int64 {
	return int64(float64(median.Microseconds()) * math.Exp(.5*g.chance.NormFloat64()))
}

func (g *generator) emit(service string, s span) {
	s.trace = g.trace
	g.waiting[service] = append(g.waiting[service], s)
	g.spans++
	if len(g.waiting[service]) >= perExport*spread {
		g.export(service, perExport)
	}
}

// request is one visit: the basket and three prices in parallel, the payment with
// a retry now and then, a log line that nobody waits for, a mail by queue.
func (g *generator) request() {
	g.requests++
	g.trace = g.id()
	g.now += 20_000 + int64(g.chance.IntN(60_000))
	at := g.now
	root := g.id()
	middle := g.id()
	g.emit("shop", span{id: middle, parent: root, name: "middleware - session", kind: 1, start: at + 100, end: at + 150})
	end := g.call("shop", middle, at+500, "cart", "GET", "/carts/:id", "/carts/"+strconv.Itoa(g.chance.IntN(1e6)), g.about(12*time.Millisecond), false)
	parallel := end
	for i := range 3 {
		done := g.call("shop", root, end+int64(i)*50, "prices", "GET", "/prices/:sku", "/prices/sku-"+strconv.Itoa(1000+g.chance.IntN(9000)), g.about(8*time.Millisecond), false)
		parallel = max(parallel, done)
	}
	at = parallel + 300
	path := "/payments"
	if g.chance.IntN(10) == 0 { // the first attempt fails, the second one does not
		start := at
		at = g.attempt("shop", root, at, "payment", "POST", path, path, g.about(30*time.Millisecond), true) + 5000
		at = g.attempt("shop", root, at, "payment", "POST", path, path, g.about(90*time.Millisecond), false)
		g.saw("shop payment POST /payments", at-start)
	} else {
		at = g.call("shop", root, at, "payment", "POST", path, path, g.about(90*time.Millisecond), false)
	}
	g.message(root, at+200)
	logged := g.about(400*time.Millisecond) + 50_000
	g.call("shop", root, at+400, "audit", "POST", "/events", "/events", logged, false)
	g.emit("shop", span{id: root, name: "POST /checkout", kind: 2, start: g.now, end: at + 2000, attributes: [][2]string{
		{"http.request.method", "POST"}, {"http.route", "/checkout"}, {"http.response.status_code", "200"}, {"url.scheme", "https"}, {"network.protocol.version", "1.1"},
	}})
}

// call is an attempt that succeeds at once.
func (g *generator) call(caller string, parent uint64, at int64, callee, method, route, path string, took int64, failed bool) int64 {
	end := g.attempt(caller, parent, at, callee, method, route, path, took, failed)
	g.saw(caller+" "+callee+" "+method+" "+route, end-at)
	return end
}

func (g *generator) saw(operation string, took int64) {
	g.took[operation] = append(g.took[operation], took)
}

// attempt writes both spans of a request; the callee asks its store.
func (g *generator) attempt(caller string, parent uint64, at int64, callee, method, route, path string, took int64, failed bool) int64 {
	c, s := g.id(), g.id()
	status := "200"
	if failed {
		status = "503"
	}
	end := at + took + 800
	g.emit(caller, span{id: c, parent: parent, name: method, kind: 3, start: at, end: end, failed: failed, attributes: [][2]string{
		{"http.request.method", method}, {"server.address", "127.0.0.1"}, {"server.port", port(callee)}, {"url.full", "http://127.0.0.1:" + port(callee) + path},
		{"url.path", path}, {"http.response.status_code", status}, {"network.peer.address", "127.0.0.1"}, {"network.protocol.version", "1.1"},
	}})
	g.emit(callee, span{id: s, parent: c, name: method + " " + route, kind: 2, start: at + 300, end: at + 300 + took, failed: failed, attributes: [][2]string{
		{"http.request.method", method}, {"http.route", route}, {"url.path", path}, {"http.response.status_code", status}, {"url.scheme", "http"},
		{"server.address", "127.0.0.1"}, {"client.address", "127.0.0.1"}, {"user_agent.original", "node"},
	}})
	g.emit(callee, span{id: g.id(), parent: s, name: "SELECT " + callee, kind: 3, start: at + 400, end: at + 400 + took/2, attributes: [][2]string{
		{"db.system.name", "postgresql"}, {"db.operation.name", "SELECT"}, {"db.collection.name", callee}, {"db.query.text", "SELECT * FROM " + callee + " WHERE id = $1"},
	}})
	return end
}

func port(callee string) string { return strconv.Itoa(3000 + len(callee)) }

// message is a mail by queue, some of them handled twice.
func (g *generator) message(parent uint64, at int64) {
	p := g.id()
	attributes := [][2]string{{"messaging.system", "rabbitmq"}, {"messaging.destination.name", "mails"}}
	g.emit("shop", span{id: p, parent: parent, name: "publish mails", kind: 4, start: at, end: at + 300, attributes: append(attributes, [2]string{"messaging.operation.type", "send"})})
	start := at + 300 + g.about(40*time.Millisecond)
	end := start + g.about(100*time.Millisecond)
	again := g.chance.IntN(50) == 0
	g.emit("mailer", span{id: g.id(), parent: p, name: "process mails", kind: 5, start: start, end: end, failed: again, attributes: append(attributes, [2]string{"messaging.operation.type", "process"})})
	if again {
		start = end + 10_000
		end = start + g.about(100*time.Millisecond)
		g.emit("mailer", span{id: g.id(), parent: p, name: "process mails", kind: 5, start: start, end: end, attributes: append(attributes, [2]string{"messaging.operation.type", "process"})})
	}
	g.saw("shop mailer mails", end-at)
}

// export writes some of a service's spans, picked by chance, as one line.
func (g *generator) export(service string, n int) {
	list := g.waiting[service]
	var b strings.Builder
	fmt.Fprintf(&b, `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":%q}},{"key":"host.name","value":{"stringValue":"host-1"}},{"key":"process.pid","value":{"intValue":"4711"}},{"key":"telemetry.sdk.language","value":{"stringValue":"nodejs"}}]},"scopeSpans":[{"scope":{"name":"@opentelemetry/instrumentation-http","version":"0.203.0"},"spans":[`, service)
	for i := range min(n, len(list)) {
		k := i + g.chance.IntN(len(list)-i)
		list[i], list[k] = list[k], list[i]
		if i > 0 {
			b.WriteByte(',')
		}
		list[i].write(&b)
	}
	b.WriteString("]}]}]}\n")
	g.waiting[service] = slices.Clone(list[min(n, len(list)):])
	m, _ := io.WriteString(g.out, b.String())
	g.written += int64(m)
}

func (g *generator) flush() {
	var services []string
	for s := range g.waiting {
		services = append(services, s)
	}
	slices.Sort(services)
	for _, s := range services {
		for len(g.waiting[s]) > 0 {
			g.export(s, perExport)
		}
	}
}

func (s *span) write(b *strings.Builder) {
	fmt.Fprintf(b, `{"traceId":"%016x%016x","spanId":"%016x","parentSpanId":"`, s.trace, s.trace*31, s.id)
	if s.parent != 0 {
		fmt.Fprintf(b, "%016x", s.parent)
	}
	fmt.Fprintf(b, `","flags":257,"name":%q,"kind":%d,"startTimeUnixNano":"%d000","endTimeUnixNano":"%d000","attributes":[`, s.name, s.kind, s.start, s.end)
	for i, a := range s.attributes {
		if i > 0 {
			b.WriteByte(',')
		}
		kind := "stringValue"
		if strings.HasSuffix(a[0], "status_code") || strings.HasSuffix(a[0], "port") {
			kind = "intValue"
		}
		fmt.Fprintf(b, `{"key":%q,"value":{%q:%q}}`, a[0], kind, a[1])
	}
	b.WriteString(`],"droppedAttributesCount":0,"events":[],"links":[],"status":{`)
	if s.failed {
		b.WriteString(`"code":2`)
	}
	b.WriteString("}}")
}

// truthText lists each operation with its calls and exact quantiles, in microseconds.
func (g *generator) truthText() string {
	var names []string
	for n := range g.took {
		names = append(names, n)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, n := range names {
		list := g.took[n]
		slices.Sort(list)
		at := func(share float64) int64 { return list[int(math.Ceil(share*float64(len(list))))-1] }
		fmt.Fprintf(&b, "%s calls=%d p50=%d p95=%d p99=%d\n", n, len(list), at(.5), at(.95), at(.99))
	}
	return b.String()
}
