package cmd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const systemDir = "../testdata/system"

// rabbitDir has Debian's programs themselves: what stands in the path runs them as a user
// who may not write into the test's folder.
const rabbitDir = "/usr/lib/rabbitmq/bin"

// checkouts is how many times the small system is used.
const checkouts = 60

// What a real system does, recorded by real clients and sent to --listen, is found:
// each operation once and nothing else, who waits, what is retried, what runs side by
// side. testdata/system/service.cjs says what the system does. The test needs node,
// Debian's rabbitmq-server, and the modules of testdata/system/package.json in the
// folder that SYSTEM_MODULES names.
func TestRealSystem(t *testing.T) {
	modules := systemTools(t)
	broker := startRabbitMQ(t)

	l := startListening(t, "json")
	shop, stop := startServices(t, modules, broker, strings.TrimSuffix(l.url, "/v1/traces"))
	for n := range checkouts {
		answer, err := http.Post(fmt.Sprintf("http://127.0.0.1:%d/checkout/%d", shop, n), "application/json", nil)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("checkout %d: %v, %v", n, answer, err)
		}
		answer.Body.Close()
	}
	time.Sleep(5 * time.Second) // for what nobody waits for
	stop()
	judgeSystem(t, l.stop())
}

// systemTruth is what the system does, by caller, callee and name.
var systemTruth = map[string]systemFact{
	"shop stock get-stock-sku":    {1, 1, 1, 1, checkouts, false},
	"shop prices get-prices-sku":  {1, 1, 1, 1, checkouts, false},
	"shop payment post-payments":  {1, 4. / 3, 0, 1, checkouts, false},
	"shop audit post-events":      {0, 1, 0, 1, checkouts, false},
	"shop reports post-reports":   {1, 1, 0, 1, checkouts, true},
	"shop reports get-reports-id": {1, 1, 0, 3, 3 * checkouts, false},
	"shop mailer mails":           {0, 1, 0, 1, checkouts, false},
	"shop billing invoices":       {0, 1, 0, 1, checkouts, false},
}

func judgeSystem(t *testing.T, text []byte) {
	t.Helper()
	for _, o := range judgeOperations(t, text, systemTruth) {
		if o.Callee == "audit" && o.Measured.P50 < 300 || o.Callee == "mailer" && o.Measured.Processing < 60 {
			t.Errorf("%s %s: too fast: %+v", o.Callee, o.Name, o.Measured)
		}
	}
}

// systemTools finds what the test needs, or skips it, and says so.
func systemTools(t *testing.T) (modules string) {
	t.Helper()
	node, _ := exec.LookPath("node")
	_, err := os.Stat(filepath.Join(rabbitDir, "rabbitmq-server"))
	for _, dir := range []string{os.Getenv("SYSTEM_MODULES"), systemDir} {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", "@opentelemetry")); dir != "" && err == nil && modules == "" {
			modules, _ = filepath.Abs(filepath.Join(dir, "node_modules"))
		}
	}
	if testing.Short() || node == "" || err != nil || modules == "" {
		t.Skipf("SYSTEM TEST SKIPPED: node %q, rabbitmq-server: %v, modules %q", node, err, modules)
	}
	return modules
}

// freePorts returns so many ports that nobody listens at. They are below those that systems give
// to whoever asks for any, so that nobody is given one before it is used.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range 1000 * n {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer l.Close() // not before all are found: none comes twice
		if ports = append(ports, port); len(ports) == n {
			return ports
		}
	}
	t.Fatal("no port is free")
	return nil
}

// startRabbitMQ runs a broker of its own and returns its URL.
func startRabbitMQ(t *testing.T) string {
	t.Helper()
	dir, free := t.TempDir(), freePorts(t, 2)
	port := free[0]
	name := fmt.Sprintf("waitornot%d@localhost", port)
	server := exec.Command(filepath.Join(rabbitDir, "rabbitmq-server"))
	server.Env = append(os.Environ(), "RABBITMQ_NODENAME="+name, fmt.Sprintf("RABBITMQ_NODE_PORT=%d", port), fmt.Sprintf("RABBITMQ_DIST_PORT=%d", free[1]),
		"RABBITMQ_NODE_IP_ADDRESS=127.0.0.1", "RABBITMQ_MNESIA_BASE="+dir, "RABBITMQ_LOG_BASE="+dir, "RABBITMQ_ENABLED_PLUGINS_FILE="+filepath.Join(dir, "plugins"), "HOME="+dir)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop := exec.Command(filepath.Join(rabbitDir, "rabbitmqctl"), "-n", name, "stop")
		stop.Env = append(os.Environ(), "HOME="+dir)
		if out, err := stop.CombinedOutput(); err != nil {
			t.Logf("rabbitmqctl stop: %v: %s", err, out)
			_ = server.Process.Kill()
		}
		_ = server.Wait()
	})
	for range 240 {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			c.Close()
			return fmt.Sprintf("amqp://guest:guest@127.0.0.1:%d", port)
		}
		time.Sleep(500 * time.Millisecond)
	}
	t.Fatal("rabbitmq-server does not answer")
	return ""
}

// startServices runs the services and returns the shop's port, and what ends them all
// once they have sent their spans.
func startServices(t *testing.T, modules, broker, endpoint string) (shop int, stop func()) {
	t.Helper()
	roles := []string{"mailer", "billing", "stock", "prices", "payment", "audit", "reports", "shop"}
	ports := map[string]int{}
	for i, port := range freePorts(t, len(roles)) {
		ports[roles[i]] = port
	}
	list, err := json.Marshal(ports)
	if err != nil {
		t.Fatal(err)
	}
	var running []*exec.Cmd
	for i, role := range roles {
		p := exec.Command("node", "--require", "@opentelemetry/auto-instrumentations-node/register", filepath.Join(systemDir, "service.cjs"), role)
		protocol, conventions := "http/json", "http" // both formats, and conventions of old and of today
		if i%2 == 1 {
			protocol, conventions = "http/protobuf", ""
		}
		p.Env = append(os.Environ(), "NODE_PATH="+modules, "PORTS="+string(list), "AMQP_URL="+broker, "OTEL_SERVICE_NAME="+role,
			"OTEL_EXPORTER_OTLP_ENDPOINT="+endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL="+protocol, "OTEL_SEMCONV_STABILITY_OPT_IN="+conventions,
			"OTEL_EXPORTER_OTLP_COMPRESSION=gzip", "OTEL_TRACES_EXPORTER=otlp", "OTEL_METRICS_EXPORTER=none", "OTEL_LOGS_EXPORTER=none",
			"OTEL_BSP_SCHEDULE_DELAY=200", "OTEL_NODE_ENABLED_INSTRUMENTATIONS=http,express,amqplib", "OTEL_NODE_RESOURCE_DETECTORS=env")
		p.Stderr = os.Stderr
		out, err := p.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Process.Kill() })
		ready := bufio.NewScanner(out)
		for ready.Scan() && ready.Text() != "ready" {
		}
		if ready.Text() != "ready" {
			t.Fatalf("%s ends early", role)
		}
		go func() { _, _ = io.Copy(io.Discard, out) }()
		running = append(running, p)
	}
	return ports["shop"], func() {
		for _, p := range running {
			_ = p.Process.Signal(syscall.SIGTERM)
		}
		for _, p := range running {
			_ = p.Wait()
		}
	}
}
