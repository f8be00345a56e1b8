package prometheus

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/collect/endpoint"
	"waitornot/decide/evidence"
)

func noEnv(string) string { return "" }

func at(t *testing.T, url string) *endpoint.Endpoint {
	t.Helper()
	e, err := endpoint.New("prometheus", url, noEnv, os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// Every family says what its labels mean and asks for the same figures.
func TestFamilies(t *testing.T) {
	t.Parallel()
	for _, name := range families {
		f, err := parse(name)
		if err != nil {
			t.Fatal(err)
		}
		if f.callee == "" || len(f.queries) != 6 {
			t.Errorf("%s: %+v", name, f)
		}
		for figure, query := range f.queries {
			if !strings.Contains(query, "$window") || !strings.Contains(query, f.callee) || strings.Contains(query, "#") {
				t.Errorf("%s: %s: %q", name, figure, query)
			}
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ answer, want string }{
		"nothing":     {`{"status":"success","data":{"resultType":"vector","result":[]}}`, "it has no metrics from"},
		"an error":    {`{"status":"error","errorType":"bad_data","error":"parse error"}`, "calls of service_graph: parse error"},
		"no JSON":     {`nothing`, "can't read its response"},
		"a page":      {`<html>`, "a web page instead of data"},
		"no number":   {`{"status":"success","data":{"result":[{"metric":{},"value":[1,"x"]}]}}`, `can't read its response: a value isn't a number: "x"`},
		"no text":     {`{"status":"success","data":{"result":[{"metric":{},"value":[1,2]}]}}`, "can't read its response: a value isn't a string: 2"},
		"not a value": {`{"status":"success","data":{"result":[{"metric":{"client":"a","server":"b"},"value":[1,"NaN"]}]}}`, "it has no metrics from"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, test.answer) }))
		_, err := Measure(context.Background(), at(t, server.URL), time.Hour, now)
		server.Close()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// A real Prometheus, with metrics as the connectors write them, gives what they count.
func TestReal(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"prometheus", "promtool"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("SKIPPED: %s is not installed", program)
		}
	}
	dir := t.TempDir()
	metrics := filepath.Join(dir, "metrics")
	if err := os.WriteFile(metrics, []byte(history()), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if out, err := exec.Command("promtool", "tsdb", "create-blocks-from", "openmetrics", metrics, data).CombinedOutput(); err != nil {
		t.Fatalf("promtool: %v: %s", err, out)
	}
	url := start(t, dir, data)
	list, err := Measure(context.Background(), at(t, url), time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range list {
		m := s.Measured
		got = append(got, fmt.Sprintf("%s>%s %s %s %s calls=%d errors=%.2f mean=%.1f peak=%.1f p50=%s p99=%s waited=%v",
			s.Caller, s.Callee, s.Name, s.Kind, s.Shows, m.Calls, m.Errors, m.Mean, m.Peak, m.P50.Round(time.Millisecond), m.P99.Round(time.Millisecond), m.Waited))
	}
	want := []string{
		fmt.Sprintf("shop>cart   service_graph calls=7200 errors=0.10 mean=2.0 peak=2.0 p50=75ms p99=197ms waited=%d", evidence.NotMeasured),
		"shop>mailer  event service_graph calls=3600 errors=0.00 mean=1.0 peak=1.0 p50=75ms p99=197ms waited=0",
		fmt.Sprintf(">cart get-carts-id  span_metrics calls=3600 errors=0.00 mean=1.0 peak=1.0 p50=75ms p99=197ms waited=%d", evidence.NotMeasured),
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// history is two hours of counters, a sample every 15 seconds: half of the calls take up to 100
// ms, half up to 200 ms, evenly.
func history() string {
	var b strings.Builder
	const step = 15
	series := func(name, labels string, rate float64) {
		for s := -7200; s <= 0; s += step {
			fmt.Fprintf(&b, "%s{%s} %g %d\n", name, labels, rate*float64(s+7200), now.Unix()+int64(s))
		}
	}
	buckets := func(name, labels string, rate float64, edges ...string) {
		series(name+"_bucket", labels+`,le="`+edges[0]+`"`, 0)
		series(name+"_bucket", labels+`,le="`+edges[1]+`"`, rate/2*4/3)
		series(name+"_bucket", labels+`,le="`+edges[2]+`"`, rate)
		series(name+"_bucket", labels+`,le="+Inf"`, rate)
	}
	counter := func(name string) { fmt.Fprintf(&b, "# TYPE %s counter\n", name) }
	counter("traces_service_graph_request")
	series("traces_service_graph_request_total", `client="shop",server="cart",connection_type=""`, 2)
	series("traces_service_graph_request_total", `client="shop",server="mailer",connection_type="messaging_system"`, 1)
	counter("traces_service_graph_request_failed")
	series("traces_service_graph_request_failed_total", `client="shop",server="cart",connection_type=""`, .2)
	b.WriteString("# TYPE traces_service_graph_request_client_seconds histogram\n")
	buckets("traces_service_graph_request_client_seconds", `client="shop",server="cart",connection_type=""`, 2, "0", "0.1", "0.2")
	buckets("traces_service_graph_request_client_seconds", `client="shop",server="mailer",connection_type="messaging_system"`, 1, "0", "0.1", "0.2")
	counter("traces_span_metrics_calls")
	series("traces_span_metrics_calls_total", `service_name="cart",span_name="GET /carts/{id}",span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_UNSET"`, 1)
	b.WriteString("# TYPE traces_span_metrics_duration_milliseconds histogram\n")
	buckets("traces_span_metrics_duration_milliseconds", `service_name="cart",span_name="GET /carts/{id}",span_kind="SPAN_KIND_SERVER"`, 1, "0", "100", "200")
	b.WriteString("# EOF\n")
	return b.String()
}

// start runs a Prometheus over data and returns its URL. Another program may take the port that
// was free a moment ago: then there is another try.
func start(t *testing.T, dir, data string) string {
	t.Helper()
	config := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if url := tryStart(t, config, data); url != "" {
			return url
		}
	}
	t.Fatal("prometheus ended early")
	return ""
}

// tryStart returns no URL when Prometheus ends early.
func tryStart(t *testing.T, config, data string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	p := exec.Command("prometheus", "--config.file="+config, "--storage.tsdb.path="+data, "--storage.tsdb.retention.time=100y", "--web.listen-address="+address)
	log, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.Contains(lines.Text(), "ready to receive web requests") {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return "http://" + address
		}
	}
	return ""
}

// Values that are no number are none: JSON and manifests couldn't hold them.
func TestNoNumbers(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"+Inf": "[]", "-Inf": "[]", "NaN": "[]", "1e308": "[{map[] 1e+308}]"} {
		list, err := samplesOf(strings.NewReader(`{"status":"success","data":{"result":[{"metric":{},"value":[1,"` + value + `"]}]}}`))
		if err != nil || fmt.Sprint(list) != want {
			t.Errorf("%s: %v, %v", value, list, err)
		}
	}
}

// As many samples as rows may be are read: status and error are none.
func TestMostSamples(t *testing.T) {
	t.Parallel()
	const most = 100_000
	for n, wanted := range map[int]bool{most: true, most + 1: false} {
		one := `{"value":[1,"1"]}`
		list, err := samplesOf(strings.NewReader(`{"status":"success","data":{"resultType":"vector","result":[` + one + strings.Repeat(","+one, n-1) + `]}}`))
		if (err == nil) != wanted || wanted && len(list) != n {
			t.Errorf("%d samples: %d, %v", n, len(list), err)
		}
	}
}

// Of an answer the labels that are named are kept: a series may have thousands.
func TestLabels(t *testing.T) {
	t.Parallel()
	list, err := samplesOf(strings.NewReader(`{"data":{"result":[{"metric":{"a":"1","b":"2","c":"3"},"value":[1,"2"]}],"x":[[]]},"y":{},"status":"success"}`), "a", "c", "d", "")
	if want := "[{map[a:1 c:3] 2}]"; err != nil || fmt.Sprint(list) != want {
		t.Errorf("%v, %v, want %s", list, err, want)
	}
}

// An answer without end is refused.
func TestBomb(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"success","data":{"result":[{"value":[1,"1"]}`)
		for {
			if _, err := io.WriteString(w, strings.Repeat(`,{"value":[1,"1"]}`, 1000)); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	if _, err := Measure(context.Background(), at(t, server.URL), time.Hour, now); err == nil || !strings.Contains(err.Error(), "it has more than 100000 rows") {
		t.Error(err)
	}
}
