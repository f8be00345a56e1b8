package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"waitornot/cmd/internal/term"
)

// streams returns streams in a folder of their own, where out goes to w.
func streams(t *testing.T, in io.Reader, w io.Writer) (s term.Streams, stderr *bytes.Buffer) {
	t.Helper()
	stderr = new(bytes.Buffer)
	return term.Streams{
		In: in, Out: w, Err: stderr, Dir: t.TempDir(),
		Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) },
	}, stderr
}

const undecidedManifest = `service: stock
operations:
  - name: update-stock
    callee: inventory
    answers: {latency: 80ms, coupling: yes}
`

// writeUndecided writes a manifest of n operations that have one finding each.
func writeUndecided(t *testing.T, dir string, n int) {
	t.Helper()
	var text strings.Builder
	text.WriteString("service: stock\noperations:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - {name: update-%d, callee: inventory, answers: {latency: 80ms}}\n", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "waitornot.yaml"), []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Code scanning refuses a file with too many results, so that is said before it
// is uploaded, and of no other format.
func TestTooManyForCodeScanning(t *testing.T) {
	for _, c := range []struct {
		operations int
		format     string
		want       bool
	}{{25_000, "sarif", false}, {25_001, "sarif", true}, {25_001, "json", false}} {
		s, stderr := streams(t, nil, io.Discard)
		writeUndecided(t, s.Dir, c.operations)
		Main(t.Context(), []string{"check", "-o", c.format}, s)
		if got := strings.Contains(stderr.String(), "rejects more than 25000"); got != c.want {
			t.Errorf("%d findings as %s: standard error %q", c.operations, c.format, stderr)
		}
	}
}

// endless is standard input that nobody types at.
type endless struct{ reading chan struct{} }

func (e endless) Read([]byte) (int, error) {
	close(e.reading)
	select {}
}

func TestInterruptWhileWaitingForInput(t *testing.T) {
	in := endless{make(chan struct{})}
	s, stderr := streams(t, in, io.Discard)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-in.reading
		cancel()
	}()
	if code := Main(ctx, []string{"check", "-"}, s); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if got := stderr.String(); got != "waitornot: interrupted\n" {
		t.Errorf("standard error: %q", got)
	}
}

// interrupting is an output in whose middle the user interrupts.
type interrupting struct{ cancel context.CancelFunc }

func (i interrupting) Write(p []byte) (int, error) {
	i.cancel()
	return len(p), nil
}

// An interrupt while outputs are written leaves no file behind.
func TestInterruptLeavesNoHalfWrittenFile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := streams(t, nil, interrupting{cancel})
	if err := os.WriteFile(filepath.Join(s.Dir, "waitornot.yaml"), []byte(undecidedManifest), 0o666); err != nil {
		t.Fatal(err)
	}
	if code := Main(ctx, []string{"check", "-o", "text", "-o", "sarif=out.sarif"}, s); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	files, err := os.ReadDir(s.Dir)
	if err != nil || len(files) != 1 {
		t.Errorf("the folder holds %v, want the manifest alone", files)
	}
}

// The report of many files does not depend on how many are read at a time.
func TestCheckIsTheSameEachTime(t *testing.T) {
	run := func(processors int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		var out bytes.Buffer
		s, _ := streams(t, nil, &out)
		for _, name := range strings.Fields("a b c d e f g h i j k l m n o p") {
			text := strings.Replace(undecidedManifest, "stock", "stock-"+name, 1)
			if err := os.WriteFile(filepath.Join(s.Dir, name+".waitornot.yaml"), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		Main(t.Context(), []string{"check", "-o", "jsonl"}, s)
		return out.String()
	}
	first := run(1)
	for range 5 {
		if again := run(8); again != first {
			t.Fatalf("another run gave\n%s\nthe first\n%s", again, first)
		}
	}
}
