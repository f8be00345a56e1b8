package cmd

import (
	"bytes"
	"context"
	"encoding/binary"
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// opens returns how often each manifest in a folder is opened while f runs.
func opens(t *testing.T, dir string, f func()) map[string]int {
	t.Helper()
	watch, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		t.Skipf("nothing tells of opened files here: %v", err)
	}
	defer syscall.Close(watch)
	if _, err := syscall.InotifyAddWatch(watch, dir, syscall.IN_OPEN); err != nil {
		t.Skipf("nothing tells of opened files here: %v", err)
	}
	f()
	events := make([]byte, 64<<10)
	size, err := syscall.Read(watch, events)
	if err != nil && err != syscall.EAGAIN {
		t.Fatal(err)
	}
	found := map[string]int{}
	for rest := events[:max(size, 0)]; len(rest) > 0; {
		end := syscall.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(rest[12:]))
		name := string(bytes.TrimRight(rest[syscall.SizeofInotifyEvent:end], "\x00"))
		if strings.HasSuffix(name, ".yaml") { // the rest are looks into the folder
			found[name]++
		}
		rest = rest[end:]
	}
	return found
}

// Each command opens each manifest once, so that everything it says is about one text.
// (check keeps the texts that have findings of their own. Where only the graph gives one, it
// opens the manifest again for the line, and shows it when the text is still the same.)
func TestEachManifestIsOpenedOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := filepath.Join(dir, "manifests")
	writeFile(t, filepath.Join(in, "shop.waitornot.yaml"), "service: shop\njourneys:\n- {name: buy, steps: [pay], budget: 1s, slo: 99.9%}\noperations:\n"+
		"- {name: pay, callee: bank, mode: async, answers: {immediacy: yes, retryability: no, latency: 2s, coupling: no}}\n")
	writeFile(t, filepath.Join(in, "bank.waitornot.yaml"), "service: bank\noperations:\n"+
		"- {name: book, callee: ledger, answers: {immediacy: no, retryability: yes, latency: no, coupling: yes}}\n")
	want := map[string]int{"shop.waitornot.yaml": 1, "bank.waitornot.yaml": 1}
	for _, line := range []string{
		"check", "check --strict --format json --format text=text", "advise", "graph", "graph --format json", "plan", "plan --simulate",
		"report -o page.html", "report --simulate -o page.html", "report --format markdown", "adr", "adr check", "waivers",
	} {
		var errs bytes.Buffer
		code := 0
		got := opens(t, in, func() {
			code = Main(context.Background(), append(strings.Fields(line), "manifests"), Streams{
				In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &errs, Dir: dir,
				Env: func(string) string { return "" },
				Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
			})
		})
		if code > 1 {
			t.Errorf("%s ended with %d: %s", line, code, &errs)
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s opens %v, want %v", line, got, want)
		}
	}
}
