//go:build unix

package simview

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/screentest"
)

func TestMain(m *testing.M) { os.Exit(screentest.Main(m)) }

// A long simulation says on a terminal how far it is, in the trial run, too; ctrl+c ends
// it, erases the line and leaves the exit code of an interrupt.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	const manifest = `
service: shop
operations:
  - {name: pay, callee: bank, mode: sync, timeout: 1s, answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}, traffic: {mean: RATE/s}}
journeys:
  - {name: buy, steps: [pay]}
`
	for _, test := range []struct {
		rate, shows string
		args        []string
	}{
		{"90000", "simulating a trial run, ", []string{"--length", "10m"}},
		{"1", "simulating 10000000 runs, ", []string{"--runs", "10000000", "--as", "declared"}},
	} {
		dir := t.TempDir()
		text := strings.ReplaceAll(manifest, "RATE", test.rate)
		if err := os.WriteFile(filepath.Join(dir, "waitornot.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		s := screentest.Start(t, screentest.Options{Args: append([]string{"simulate", "--no-config"}, test.args...), Dir: dir})
		s.WaitFor(test.shows)
		s.Press("ctrl+c")
		s.WantExit(130)
		if left := s.Text(); strings.Contains(left, "simulating") {
			t.Errorf("the line is still there:\n%s", left)
		}
	}
}
