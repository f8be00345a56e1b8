package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// typedSystem are the services of a system and whom each of them calls.
var typedSystem = map[string][]string{
	"web": {"catalogue", "cart", "checkout", "search"}, "catalogue": {"stock"}, "search": {"catalogue"}, "cart": {"catalogue", "pricing"},
	"checkout": {"cart", "payment", "shipping", "mailer"}, "shipping": {"stock"}, "payment": {"fraud"}, "pricing": nil, "stock": nil,
	"mailer": nil, "fraud": nil, "reviews": {"catalogue"},
}

// twelveRequests is how many requests of each call are traced.
const twelveRequests = 150

// twelveCompose writes the compose file of the system.
func twelveCompose() string {
	var b strings.Builder
	b.WriteString("services:\n")
	for _, name := range slices.Sorted(maps.Keys(typedSystem)) {
		fmt.Fprintf(&b, "  %s:\n    image: acme/%s\n    environment:\n      LOG_LEVEL: info\n", name, name)
		for _, callee := range typedSystem[name] {
			fmt.Fprintf(&b, "      %s_URL: http://%s:8080\n", strings.ToUpper(callee), callee)
		}
	}
	return b.String()
}

// twelveTraces writes spans of the system: one request in three is slow in the callee and,
// since the caller waits, slow for the caller, too.
func twelveTraces(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	id := 0
	span := func(service, trace string, parent, kind int, start, end time.Duration, attributes map[string]string) int {
		id++
		var list []any
		for _, k := range slices.Sorted(maps.Keys(attributes)) {
			list = append(list, map[string]any{"key": k, "value": map[string]any{"stringValue": attributes[k]}})
		}
		above := ""
		if parent > 0 {
			above = fmt.Sprintf("%016x", parent)
		}
		text, err := json.Marshal(map[string]any{"resourceSpans": []any{map[string]any{
			"resource": map[string]any{"attributes": []any{map[string]any{"key": "service.name", "value": map[string]any{"stringValue": service}}}},
			"scopeSpans": []any{map[string]any{"spans": []any{map[string]any{
				"traceId": trace, "spanId": fmt.Sprintf("%016x", id), "parentSpanId": above, "name": "GET", "kind": kind,
				"startTimeUnixNano": fmt.Sprint(1_764_000_000_000_000_000 + int64(start)), "endTimeUnixNano": fmt.Sprint(1_764_000_000_000_000_000 + int64(end)), "attributes": list,
			}}}}}}})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(text, '\n'))
		return id
	}
	traces := 0
	for _, caller := range slices.Sorted(maps.Keys(typedSystem)) {
		for _, callee := range typedSystem[caller] {
			for n := range twelveRequests {
				traces++
				trace, start, took := fmt.Sprintf("%032x", traces), time.Duration(traces)*time.Second, 20*time.Millisecond
				if n%3 == 0 {
					took = 200 * time.Millisecond
				}
				request := span(caller, trace, 0, 2, start, start+took+5*time.Millisecond, map[string]string{"http.request.method": "GET", "http.route": "/"})
				call := span(caller, trace, request, 3, start+time.Millisecond, start+took+3*time.Millisecond, map[string]string{
					"http.request.method": "GET", "url.path": "/" + callee, "server.address": callee,
				})
				span(callee, trace, call, 2, start+2*time.Millisecond, start+took+2*time.Millisecond, map[string]string{"http.request.method": "GET", "http.route": "/" + callee})
			}
		}
	}
	return out.Bytes()
}

// A typist answers the questions that are asked, a line for each read, and counts. Of every
// four operations, two are needed now, one later and one not at all.
type typist struct {
	mu    sync.Mutex
	heard *sync.Cond
	said  bytes.Buffer
	lines int
	times map[string]int // by question
	until string         // what ends the work; "" answers all
}

// answersTyped are what the typist answers to each question, in turn.
var answersTyped = map[string][]string{
	"immediacy": {"yes", "later", "yes", "no"}, "retryability": {"yes", "too-late"}, "latency": {"no", "no", "2s"}, "coupling": {"yes", "no"},
	"gate": {"no"}, "read-back": {"no"},
}

func (p *typist) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard.Broadcast()
	return p.said.Write(text)
}

func (p *typist) Read(to []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for bytes.Count(p.said.Bytes(), []byte("\nQuestion ")) <= p.lines { // whoever reads may be ahead of who asks
		p.heard.Wait()
	}
	said := p.said.String()
	if p.until != "" && strings.Contains(said, p.until) {
		return 0, io.EOF
	}
	asked := said[max(strings.LastIndex(said, "Question "), 0):]
	for question, answers := range answersTyped {
		if strings.Contains(asked, ", "+question+":") {
			p.lines++
			p.times[question]++
			return copy(to, answers[(p.times[question]-1)%len(answers)]+"\n"), nil
		}
	}
	return 0, fmt.Errorf("no question in %q", asked)
}

// A system of twelve services gets from nothing to manifests that pass a check with three
// values typed for each operation at most: with traces for all that import and its evidence
// don't settle, from a compose file alone until every verdict is decided.
func TestTwelveServicesTyped(t *testing.T) {
	t.Parallel()
	t.Run("compose and traces, all answers", func(t *testing.T) { t.Parallel(); typed(t, "", "compose.yaml", "traces.jsonl") })
	t.Run("compose alone, all verdicts", func(t *testing.T) {
		t.Parallel()
		typed(t, "Every verdict that can be settled is settled", "compose.yaml")
	})
}

func typed(t *testing.T, until string, sources ...string) {
	dir := t.TempDir()
	for name, text := range map[string][]byte{"compose.yaml": []byte(twelveCompose()), "traces.jsonl": twelveTraces(t)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	person := &typist{times: map[string]int{}, until: until}
	person.heard = sync.NewCond(&person.mu)
	run := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		s := Streams{In: person, Out: &out, Err: person, Env: func(string) string { return "" }, Now: time.Now, Dir: dir}
		if code := Main(t.Context(), args, s); code != want {
			t.Fatalf("%q ends with %d: %s%s", args, code, out.String(), person.said.String())
		}
		return out.String()
	}
	run(exitOK, append([]string{"import", "--write", "services"}, sources...)...)
	operations := 0
	for _, callees := range typedSystem {
		operations += len(callees)
	}
	code, done := exitOK, "every question is answered"
	if until != "" {
		code, done = exitFailed, " and 0 operations undecided"
	}
	if said := run(code, "ask", "--plain", "services"); !strings.Contains(said, done) {
		t.Errorf("ask says %q", said)
	}
	run(exitOK, "check", "--fail-on", "error", "services")
	run(exitOK, append([]string{"import", "--check", "--manifests", "services"}, sources...)...)
	each := float64(person.lines) / float64(operations)
	t.Logf("%d services, %d operations: %d values typed, %.2f an operation: %v", len(typedSystem), operations, person.lines, each, person.times)
	if each > 3 {
		t.Errorf("%.2f values typed for each operation, want 3 at most", each)
	}
}
