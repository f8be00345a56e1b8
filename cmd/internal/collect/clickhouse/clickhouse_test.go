package clickhouse

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/collect/endpoint"
)

var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func measure(t *testing.T, url string, env func(string) string) (string, error) {
	t.Helper()
	e, err := endpoint.New("clickhouse", url, env, os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Measure(context.Background(), e, 1000*time.Hour, now)
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.Caller + ">" + s.Callee + " " + s.Text + " " + s.Mode.String() + " " + s.Broker + ";")
	}
	return b.String(), err
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	const row = `{"caller":"shop","callee":"mailer","name":"mails","broker":"rabbitmq","channel":"mails","calls":3,"first":1,"last":2,"took_ns":[1,2,3],"queued_ns":1,"handled_ns":1,"failed_share":0,"waited_share":0,"busiest_minute":3}`
	for name, test := range map[string]struct {
		status            int
		answer, want, err string
	}{
		"a row":   {200, row + "\n" + row, "shop>mailer mails async rabbitmq;shop>mailer mails async rabbitmq;", ""},
		"nothing": {200, "", "", "spans has no spans that call one another"},
		"no JSON": {200, row + "\nCode: 241", "", "can't read its response"},
		"refused": {403, "Code: 516. Authentication failed", "", "it returned 403 Forbidden: Code: 516. Authentication failed"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-ClickHouse-Key") != "secret" || r.Header.Get("Authorization") != "" && r.Header.Get("X-ClickHouse-User") != "reader" {
				t.Errorf("%s: headers %v", name, r.Header)
			}
			if v := r.URL.Query(); v.Get("param_table") != "spans" || v.Get("database") != "otel" || v.Get("param_to") != "1795694400000000000" {
				t.Errorf("%s: %v", name, v)
			}
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.answer)
		}))
		got, err := measure(t, server.URL+"?table=spans&database=otel", func(name string) string {
			return map[string]string{"WAITORNOT_CLICKHOUSE_USER": "reader", "WAITORNOT_CLICKHOUSE_PASSWORD": "secret"}[name]
		})
		server.Close()
		if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A current engine runs the query over the table that the exporter creates: CHDB_MODULES
// names the node_modules folder with npm's chdb in it.
func TestReal(t *testing.T) {
	t.Parallel()
	if os.Getenv("CHDB_MODULES") == "" {
		t.Skip("SKIPPED: CHDB_MODULES names no folder with npm's chdb")
	}
	const root = "../../../.."
	traces := filepath.Join(t.TempDir(), "traces.jsonl")
	generate := exec.Command("go", "run", "./testdata/traces", "-size", "1MB")
	generate.Dir = root
	text, err := generate.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(traces, text, 0o600); err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", root+"/testdata/traces/clickhouse.mjs", traces)
	node.Stderr = os.Stderr
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = node.Process.Kill(); _ = node.Wait() }()
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	got, err := measure(t, strings.TrimSpace(url), func(string) string { return "" })
	want := "shop>audit POST /events async ;shop>cart GET /carts/:id sync ;shop>mailer mails async rabbitmq;" +
		"shop>payment POST /payments sync ;shop>prices GET /prices/:sku sync ;"
	if err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
}

// An answer without end is refused.
func TestBomb(t *testing.T) {
	t.Parallel()
	_, err := read(endless{}, "here", time.Hour)
	if err == nil || !strings.Contains(err.Error(), "can't read its response: it has more than 100000 rows") {
		t.Error(err)
	}
}

// endless are rows without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "{\"callee\":\"b\",\"calls\":1}\n"), nil }
