package cmd

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const browserDir = "../testdata/browser"

// The page works in a real browser: testdata/browser/report.mjs says how. It
// needs node, a Chromium, and the modules of testdata/browser/package.json in
// the folder that BROWSER_MODULES names, or beside package.json; .ci/run
// provides them. BROWSER_ONLY runs the checks with that word in their names alone.
func TestReportInBrowser(t *testing.T) {
	chromium, node, modules := browserTools(t)
	dir := t.TempDir()
	writeReports(t, dir)
	c := exec.Command(node, filepath.Join(browserDir, "report.mjs"), dir, modules, chromium)
	if *update {
		picture, err := filepath.Abs("docs/report.png")
		if err != nil {
			t.Fatal(err)
		}
		c.Env = append(os.Environ(), "REPORT_PICTURE="+picture)
	}
	out, err := c.Output()
	if err != nil {
		t.Errorf("report.mjs: %v\n%s", err, stderrOf(err))
	}
	checks := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var line struct {
			Name, Fault, Figure string
			Took                int // milliseconds
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("report.mjs wrote %q", lines.Text())
		}
		if line.Figure != "" {
			t.Log(line.Figure)
			continue
		}
		checks++
		t.Run(line.Name, func(t *testing.T) {
			t.Logf("%d ms", line.Took)
			if line.Fault != "" {
				t.Error(line.Fault)
			}
		})
	}
	if checks < 30 && os.Getenv("BROWSER_ONLY") == "" {
		t.Errorf("report.mjs made %d checks only", checks)
	}
}

// browserTools finds what the test needs, or skips it, and says so.
func browserTools(t *testing.T) (chromium, node, modules string) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	node, _ = exec.LookPath("node")
	for _, dir := range []string{os.Getenv("BROWSER_MODULES"), browserDir} {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", "playwright-core")); dir != "" && err == nil && modules == "" {
			modules, _ = filepath.Abs(dir)
		}
	}
	if chromium == "" || node == "" || modules == "" {
		t.Skipf("BROWSER TESTS SKIPPED: chromium %q, node %q, modules %q", chromium, node, modules)
	}
	return chromium, node, modules
}

func stderrOf(err error) string {
	if failed, ok := err.(*exec.ExitError); ok {
		return string(failed.Stderr)
	}
	return ""
}

// writeReports writes the pages that report.mjs looks at, and beside some what
// advise says of the same manifest.
func writeReports(t *testing.T, dir string) {
	t.Helper()
	page := func(name string, args ...string) {
		t.Helper()
		code, out, errs := runMain(t, strings.NewReader(""), append([]string{"report"}, args...)...)
		if code != exitOK {
			t.Fatalf("report %s: %d %s", name, code, errs)
		}
		writeText(t, filepath.Join(dir, name+".html"), out)
	}
	page("twelve", "--no-config", filepath.Join(samplesDir, "twelve"))
	page("strained", "--no-config", filepath.Join(browserDir, "strained.waitornot.yaml"))
	page("late", "--no-config", "--title", "Web shop", "--revision", "a1b2c3d", filepath.Join(samplesDir, "bad", "late"))
	unknown := filepath.Join(dir, "unknown.yaml")
	writeText(t, unknown, "service: shop\noperations:\n  - {name: pay, callee: bank, mode: sync, answers: {immediacy: yes}}\njourneys:\n  - {name: buy, steps: [pay], budget: 1s, slo: 99%}\n")
	page("unknown", "--no-config", unknown)
	for _, services := range []int{12, 40, 100, 300} {
		for suffix, cyclic := range map[string]bool{"": false, "c": true} {
			name := fmt.Sprintf("s%d%s", services, suffix)
			writeText(t, filepath.Join(dir, name+".yaml"), drawnSystem(services, cyclic))
			page(name, "--no-config", filepath.Join(dir, name+".yaml"))
		}
	}
	drawn := filepath.Join(dir, "journeys.yaml")
	writeText(t, drawn, drawnJourneys(40))
	page("journeys", "--no-config", drawn)
	for name, path := range map[string]string{"late": filepath.Join(samplesDir, "bad", "late"), "strained": filepath.Join(browserDir, "strained.waitornot.yaml"), "journeys": drawn} {
		writeText(t, filepath.Join(dir, name+"-journeys.json"), changedJourneys(t, path))
	}
	large := filepath.Join(dir, "large.yaml")
	writeText(t, large, largeManifest(1000))
	page("large", "--no-config", large)

	many := filepath.Join(dir, "many.yaml")
	writeText(t, many, largeManifest(3600)+repeat(250, func(i int) string {
		return fmt.Sprintf("%s  - {name: journey-%d, steps: [operation-%d, operation-%d], budget: 1s, slo: 99.9%%}\n", map[bool]string{true: "journeys:\n"}[i == 0], i, i*9, i*9+3)
	}))
	page("many", "--no-config", many)

	own := filepath.Join(dir, "own.yaml")
	writeText(t, own, ownTable)
	for name, flags := range map[string][]string{"combinations": {"--no-config"}, "own-table": {"--config", own}} {
		all := filepath.Join(dir, name+".yaml")
		text := everyCombination(factSets)
		if name == "own-table" {
			text = everyCombination(factSets[:2])
		}
		writeText(t, all, text)
		page(name, append(flags, all)...)
		code, out, errs := runMain(t, strings.NewReader(""), append(append([]string{"advise", "--format", "json"}, flags...), all)...)
		if code != exitOK {
			t.Fatalf("advise %s: %d %s", name, code, errs)
		}
		writeText(t, filepath.Join(dir, name+".json"), out)
	}
}

// ownTable is a table that shares no row with the standard one.
const ownTable = `latency_threshold: 3s
wait_limit: 90s
table:
  - {row: "we <b>always</b> wait", when: {immediacy: [yes, later], coupling: [no]}, verdict: sync, why: "We & they wait."}
  - {row: apart, when: {immediacy: [yes, later], coupling: [yes]}, verdict: hybrid, why: Kept apart.}
  - {row: never, when: {immediacy: [no]}, verdict: async, why: Nobody asks.}
`

// factSets are facts of operations that lead to different patterns.
var factSets = []string{
	"",
	", mode: sync, kind: query, boundary: third-party, cacheable: yes, audience: human",
	", mode: async, kind: event, delivery: {broker: kafka, consumers: 3, type: stream, outbox: yes, ordering: key}",
	", mode: hybrid, kind: job, audience: machine, reply: {notify: webhook}, compensation: undo",
	", kind: command, loss_ok: yes, boundary: in-process, delivery: {type: process}, reply: {notify: sse}",
}

// everyCombination is a manifest with an operation for each combination of
// answers, unknown ones included, the last question the fastest to change; and
// all of that again for each set of facts.
func everyCombination(facts []string) string {
	var b strings.Builder
	b.WriteString("service: every\nstack: go\noperations:\n")
	for f, more := range facts {
		n := 0
		for _, i := range []string{"unknown", "yes", "later", "no"} {
			for _, r := range []string{"unknown", "yes", "too-late", "unsafe", "no"} {
				for _, l := range []string{"unknown", "no", "yes", "beyond"} {
					for _, c := range []string{"unknown", "yes", "no"} {
						fmt.Fprintf(&b, "  - {name: c%d-%d, answers: {immediacy: %s, retryability: %s, latency: %s, coupling: %s}%s}\n", f, n, i, r, l, c, more)
						n++
					}
				}
			}
		}
	}
	return b.String()
}

// largeManifest is a manifest of n operations.
func largeManifest(n int) string {
	var b strings.Builder
	b.WriteString("service: large\nstack: dotnet\noperations:\n")
	immediacy, yesNo := []string{"yes", "later", "no"}, []string{"yes", "no"}
	for i := range n {
		fmt.Fprintf(&b, "  - {name: operation-%d, description: What operation %d does and why it does it., callee: service-%d, mode: sync, answers: {immediacy: %s, retryability: %s, latency: %dms, coupling: %s}}\n",
			i, i, i%40, immediacy[i%3], yesNo[i/3%2], 20+i*7%3000, yesNo[i/6%2])
	}
	return b.String()
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
