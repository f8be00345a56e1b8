package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// goSales is how many times the small system in Go is used.
const goSales = 40

// goTruth is what testdata/system/go does, as systemTruth has it.
var goTruth = map[string]systemFact{
	"till stock get-stock-id":     {1, 1, 1, 1, goSales, false},
	"till prices get-prices-id":   {1, 1, 1, 1, goSales, false},
	"till payment post-payments":  {1, 1 + 14./goSales, 0, 1, goSales, false},
	"payment bank post-transfers": {1, 1, 0, 1, goSales, false},
	"till audit post-events":      {0, 1, 0, 1, goSales, false},
	"till reports post-reports":   {1, 1, 0, 1, goSales, true},
	"till reports get-reports-id": {1, 1, 0, 3, 3 * goSales, false},
	"till printer receipts":       {0, 1, 0, 1, goSales, false},
}

// goSystem runs the system in Go, which GO_SYSTEM names, and returns once it has sent its
// spans to an endpoint.
func goSystem(t *testing.T, endpoint string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	p := exec.CommandContext(ctx, os.Getenv("GO_SYSTEM"), "-sales", fmt.Sprint(goSales))
	p.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+endpoint)
	if out, err := p.CombinedOutput(); err != nil {
		t.Fatalf("the system: %v: %s", err, out)
	}
}

// What a system recorded by OpenTelemetry's SDK for Go does is found: each operation once
// and nothing else. The test needs testdata/system/go, built where GO_SYSTEM says.
func TestGoSystem(t *testing.T) {
	if os.Getenv("GO_SYSTEM") == "" {
		t.Skip("GO SYSTEM TEST SKIPPED: GO_SYSTEM names no program; build testdata/system/go")
	}
	l := startListening(t, "json")
	goSystem(t, strings.TrimSuffix(l.url, "/v1/traces"))
	judgeOperations(t, l.stop(), goTruth)
}

// jaegerConfig is an all-in-one with what it holds in memory: an OTLP endpoint, and the
// interface that queries go to.
const jaegerConfig = `service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry: {metrics: {level: none}, logs: {level: error}}
extensions:
  jaeger_query: {storage: {traces: memory}, http: {endpoint: "127.0.0.1:%d"}, grpc: {endpoint: "127.0.0.1:%d"}}
  jaeger_storage: {backends: {memory: {memory: {max_traces: 100000}}}}
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
exporters:
  jaeger_storage_exporter: {trace_storage: memory}
`

// A real Jaeger is asked for what the system in Go sent to it, and tells the same. The
// test needs the program that JAEGER names, and GO_SYSTEM.
func TestRealJaeger(t *testing.T) {
	program := os.Getenv("JAEGER")
	if program == "" || os.Getenv("GO_SYSTEM") == "" {
		t.Skipf("JAEGER TEST SKIPPED: JAEGER is %q, GO_SYSTEM %q", program, os.Getenv("GO_SYSTEM"))
	}
	free := freePorts(t, 3)
	query, taking := free[0], free[1]
	config := filepath.Join(t.TempDir(), "jaeger.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, jaegerConfig, query, free[2], taking), 0o666); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(program, "--config", config)
	server.Stdout, server.Stderr = os.Stderr, os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	url := fmt.Sprintf("http://127.0.0.1:%d", query)
	answers := func(url string) bool {
		answer, err := http.Get(url)
		if err == nil {
			answer.Body.Close()
		}
		return err == nil
	}
	for deadline := time.Now().Add(5 * time.Minute); !answers(url+"/api/services") || !answers(fmt.Sprintf("http://127.0.0.1:%d", taking)); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("Jaeger does not answer")
		}
	}
	goSystem(t, fmt.Sprintf("http://127.0.0.1:%d", taking))

	var out, errs bytes.Buffer
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(500 * time.Millisecond) { // it shows spans a little later than it takes them
		out.Reset()
		errs.Reset()
		s := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" }, Now: time.Now}
		code := Main(t.Context(), []string{"import", "--jaeger", url, "--since", "1h", "--format", "json"}, s)
		if code == exitOK && strings.Count(out.String(), `"name": "`) >= len(goTruth) || time.Now().After(deadline) {
			break
		}
	}
	t.Logf("import says: %s", errs.String())
	judgeOperations(t, out.Bytes(), goTruth)
}

// A systemFact is what is true of an operation: the share of calls that are waited for,
// attempts of a call, the share that runs side by side, calls of a request, polling.
type systemFact struct {
	waited, attempts, parallel, each float64
	calls                            int64
	polled                           bool
}

// A measuredOperation is an operation as the JSON of import has it.
type measuredOperation struct {
	Caller, Callee, Name string
	Measured             struct {
		Calls      int64
		Waited     float64
		Attempts   float64
		Parallel   float64
		Each       float64 `json:"per_request"`
		Polled     bool
		P50        float64 `json:"p50_ms"`
		Processing float64 `json:"processing_p99_ms"`
	}
}

// judgeOperations wants each operation of a system once, as it is, and nothing else.
func judgeOperations(t *testing.T, text []byte, truth map[string]systemFact) []measuredOperation {
	t.Helper()
	var system struct{ Operations []measuredOperation }
	if err := json.Unmarshal(text, &system); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	close := func(a, b float64) bool { return math.Abs(a-b) <= .05 } // a busy machine ends some spans late
	seen := map[string]bool{}
	for _, o := range system.Operations {
		name, m := o.Caller+" "+o.Callee+" "+o.Name, o.Measured
		want, known := truth[name]
		switch {
		case !known || seen[name]:
			t.Errorf("%s is no operation of the system, or was found twice: %+v", name, m)
		case m.Calls != want.calls || !close(m.Waited, want.waited) || !close(m.Attempts, want.attempts) || !close(m.Parallel, want.parallel) || !close(m.Each, want.each) || m.Polled != want.polled:
			t.Errorf("%s: %+v, want %+v", name, m, want)
		}
		seen[name] = true
	}
	for name := range truth {
		if !seen[name] {
			t.Errorf("%s was not found", name)
		}
	}
	return system.Operations
}
