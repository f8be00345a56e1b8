//go:build unix

package collect_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"waitornot/cmd/internal/screentest"
)

func TestMain(m *testing.M) { os.Exit(screentest.Main(m)) }

// On a terminal import says how far it is, in bytes and spans. An interrupt in the middle
// wipes that line, leaves no file behind, and ends with 130.
func TestProgressAndInterrupt(t *testing.T) {
	t.Parallel()
	dir, temp := t.TempDir(), t.TempDir()
	pipe := filepath.Join(dir, "traces.jsonl")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	s := screentest.Start(t, screentest.Options{
		Args: []string{"import", "--kind", "traces", "traces.jsonl", "--write", "out"}, Dir: dir, Env: []string{"TMPDIR=" + temp}, Columns: 80, Rows: 10,
	})
	in, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	const span = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[` +
		`{"traceId":"01","spanId":"02","name":"GET /a","kind":2,"startTimeUnixNano":"1764000000000000000","endTimeUnixNano":"1764000000050000000"}]}]}]}` + "\n"
	if _, err := in.WriteString(strings.Repeat(span, 20_000)); err != nil {
		t.Fatal(err)
	}
	s.Await("bytes and spans", func(text string) bool {
		return strings.Contains(text, "reading ") && strings.Contains(text, " MB, ") && strings.Contains(text, " spans") && !strings.Contains(text, ", 0 spans")
	})
	s.Press("ctrl+c")
	s.WantExit(130)
	if text := s.Text(); strings.Contains(text, "reading") || !strings.Contains(text, "interrupted") {
		t.Errorf("after the interrupt the screen shows:\n%s", text)
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); !os.IsNotExist(err) {
		t.Errorf("something was written: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// Of a file whose size is known, the share that is read is told.
func TestProgressOfFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const span = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[` +
		`{"traceId":"01","spanId":"02","name":"GET /a","kind":2,"startTimeUnixNano":"1764000000000000000","endTimeUnixNano":"1764000000050000000"}]}]}]}` + "\n"
	pipe := filepath.Join(dir, "later")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "traces.jsonl"), []byte(strings.Repeat(span, 50_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	// The pipe is read after the file, so the line stands still until something comes.
	s := screentest.Start(t, screentest.Options{Args: []string{"import", "--kind", "traces", "traces.jsonl", "later"}, Dir: dir, Columns: 80, Rows: 10})
	in, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.WaitFor(" MB (100 %), 50000 spans")
	in.Close()
	s.WantExit(0)
}

// What a dry run shows of a manifest that is there controls the terminal in no way: here, the
// direction of its text.
func TestDryRunOnTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"waitornot.yaml": "service: shop\noperations:\n- {name: ship, callee: bank, answers: {}}\n# \u202ereversed\n",
		"compose.yaml":   "services: {shop: {image: shop, environment: {MAILER_URL: 'http://mailer:80'}}, mailer: {image: mailer, build: .}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := screentest.Start(t, screentest.Options{Args: []string{"import", "--write", ".", "--dry-run", "compose.yaml"}, Dir: dir, Columns: 80, Rows: 30})
	s.WantExit(0)
	if raw := s.Raw(); !strings.Contains(raw, "reversed") || strings.Contains(raw, "\u202e") {
		t.Errorf("the terminal gets %q", raw)
	}
}
