package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// attacked runs the program in a folder, with a standard input.
func attacked(ctx context.Context, dir string, in io.Reader, args ...string) (code int, out, errs string) {
	var stdout, stderr strings.Builder
	code = Main(ctx, args, Streams{
		In: in, Out: &stdout, Err: &stderr, Dir: dir, Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	return code, stdout.String(), stderr.String()
}

// A meanwhile is a text before whose first part something happens.
type meanwhile struct {
	io.Reader
	happens func()
	done    bool
}

func (m *meanwhile) Read(p []byte) (int, error) {
	if !m.done {
		m.done = true
		m.happens()
	}
	return m.Reader.Read(p)
}

// A baseline that changes while a run shrinks it keeps the change.
func TestBaselineChangedMeanwhile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "b.json")
	text := func(n int) io.Reader {
		var b strings.Builder
		b.WriteString("service: s\noperations:\n")
		for i := range n {
			fmt.Fprintf(&b, "- {name: op%d, mode: async, answers: {immediacy: yes, retryability: no, latency: 100ms, coupling: no}}\n", i)
		}
		return strings.NewReader(b.String())
	}
	if code, _, errs := attacked(context.Background(), dir, text(2), "check", "-", "--stdin-filename", "m.yaml", "--baseline", "b.json", "--write-baseline"); code != exitOK {
		t.Fatalf("ends with %d: %s", code, errs)
	}
	changed := ""
	in := &meanwhile{Reader: text(1), happens: func() {
		var file map[string]any
		old, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(old, &file) != nil {
			t.Errorf("%v: %s", err, old)
			return
		}
		file["findings"] = append(file["findings"].([]any), map[string]any{"file": "other.waitornot.yaml", "operation": "kept", "code": "WN101", "rule": "mode-disagrees", "fingerprint": strings.Repeat("0", 32)})
		data, _ := json.Marshal(file)
		changed = string(data)
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Error(err)
		}
	}}
	code, _, errs := attacked(context.Background(), dir, in, "check", "-", "--stdin-filename", "m.yaml", "--baseline", "b.json", "--shrink")
	if now, _ := os.ReadFile(path); code != exitFailed || string(now) != changed || changed == "" {
		t.Errorf("ends with %d: %s\n%s", code, errs, now)
	}
}

// What ask saves, check accepts: characters that are newer than the tables of the
// language, too.
func TestAskSavesWhatCheckAccepts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tired \U0001fae9", "\x1b[31mred", "a\u202eb", "-", "yes", "{a: b}", "a: b #c", "'", "\"", "null", "~", "0x1", "2026-01-01", "::error::x", "##[x]", "支払", "*a", "&a", "!a", "|", "%a", "@a", "`a"} {
		dir := t.TempDir()
		code, _, errs := attacked(context.Background(), dir, strings.NewReader(""), "ask", "--name="+name, "--immediacy", "no", "--retryability", "no", "--latency", "1s", "--coupling", "no", "--save", "m.yaml")
		if code == exitUsage {
			continue // it says that this is no name
		}
		if code != exitOK {
			t.Errorf("%q: ask ends with %d: %s", name, code, errs)
			continue
		}
		if code, out, _ := attacked(context.Background(), dir, strings.NewReader(""), "check", "m.yaml"); code != exitOK {
			t.Errorf("%q: check ends with %d: %s", name, code, out)
		}
	}
}

// A byte order mark does not change what is said of the first line.
func TestByteOrderMarkAndFirstLine(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"@a: 1\n", "\ta: 1\n", "a: [\n", "`x\n"} {
		_, plain, _ := attacked(context.Background(), t.TempDir(), strings.NewReader(text), "check", "-")
		_, marked, _ := attacked(context.Background(), t.TempDir(), strings.NewReader("\ufeff"+text), "check", "-")
		if plain != marked {
			t.Errorf("%q: with a mark:\n%s\nwithout:\n%s", text, marked, plain)
		}
	}
}

// A manifest of five hundred bytes whose journey has ten thousand steps is refused
// or shown, and an interrupt is heard while it is.
func TestManySteps(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("version: 1\nservice: s\noperations:\n  - {name: ship, answers: {immediacy: no, latency: 2s}}\nx-a: &a [" + strings.TrimSuffix(strings.Repeat("ship, ", 10), ", ") + "]\n")
	for p := 'a'; p < 'd'; p++ {
		fmt.Fprintf(&b, "x-%c: &%c [%s]\n", p+1, p+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", p), 10), ", "))
	}
	b.WriteString("journeys:\n  - {name: j, steps: *d}\n")
	for _, args := range [][]string{{"graph", "-"}, {"report", "-"}, {"plan", "-"}, {"graph", "-", "--format", "json"}, {"adr", "-", "--dir", "d"}} {
		ctx, stop := context.WithCancel(context.Background())
		in := &meanwhile{Reader: strings.NewReader(b.String()), happens: stop}
		if code, out, errs := attacked(ctx, t.TempDir(), in, args...); code != exitInterrupted {
			t.Errorf("%q ends with %d: %.200s%.200s", args, code, out, errs)
		}
		if code, _, errs := attacked(context.Background(), t.TempDir(), strings.NewReader(b.String()), args...); code > exitFailed || strings.Contains(errs, "goroutine") {
			t.Errorf("%q ends with %d: %.300s", args, code, errs)
		}
		stop()
	}
}

// A service whose name is as long as a file's can be is written beside a file that has
// the name already, and into nothing but the folder.
func TestImportWritesHostileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("x", 5000), "../../evil", "/etc/evil", ".git/config", "..", "a\\u0000b", "\\u001b[31m"} {
		dir := t.TempDir()
		compose := fmt.Sprintf("services: {\"%s\": {environment: {B_HOST: b}}, b: {image: y}}\n", name)
		if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o666); err != nil {
			t.Fatal(err)
		}
		taken := strings.Repeat("x", 100) + ".waitornot.yaml"
		if err := os.WriteFile(filepath.Join(dir, taken), []byte("service: other\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
		code, _, errs := attacked(ctx, dir, strings.NewReader(""), "import", "compose.yaml", "--write", ".")
		stop()
		if ctx.Err() == context.DeadlineExceeded || code > exitFailed || strings.Contains(errs, "goroutine") {
			t.Errorf("%.20q ends with %d: %.200s", name, code, errs)
		}
		above, err := os.ReadDir(filepath.Dir(dir))
		if err != nil || len(above) > 7 {
			t.Errorf("%.20q: %v beside the folder: %v", name, above, err)
		}
	}
}

// A service whose file would have a name as long as names get, which another has, is
// written into the next one.
func TestImportWritesBesideLongNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := strings.Repeat("x", 100)
	if err := os.WriteFile(filepath.Join(dir, long+".waitornot.yaml"), []byte("service: other\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	spans := fmt.Sprintf(`[{"traceId": "1", "id": "1", "name": "pay", "kind": "CLIENT", "timestamp": 1764000000000000, "duration": 1000,
		"localEndpoint": {"serviceName": %q}, "remoteEndpoint": {"serviceName": "bank"}}]`, strings.Repeat("x", 5000))
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	code, out, errs := attacked(ctx, dir, strings.NewReader(spans), "import", "-", "--kind", "traces", "--write", ".")
	if code != 0 {
		t.Errorf("it ends with %d: %.200s%.200s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, long+"-2.waitornot.yaml")); err != nil {
		t.Error(err)
	}
}
