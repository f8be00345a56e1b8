package cmd

import (
	"os/exec"
	"regexp"
	"testing"
)

// The benchmark runs and prints each of its ratios. What they are depends on
// the machine, and is not tested.
func TestBenchmarkPrintsRatios(t *testing.T) {
	if testing.Short() {
		t.Skip("builds four programs")
	}
	bench := exec.Command("go", "run", "./testdata/bench", "-size", "200", "-runs", "1")
	bench.Dir = ".."
	out, err := bench.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, row := range []string{
		"`check` of 200 operations \\(0 MB\\), two cores, against the floor \\| \\d+\\.\\d\\d of its time",
		"the same, peak memory \\| \\d+\\.\\d\\d of its memory",
		"the same on one core \\| \\d+\\.\\d\\d of its time",
		"from 20 operations to 200 \\| \\d+\\.\\d times the time",
		"start of `--version`, against a hello-world \\| \\d+\\.\\d times its time",
		"start of `check` of one operation \\| \\d+\\.\\d times its time",
		"deciding one operation \\| \\d+ ns, 0 allocations",
		"the program, stripped \\| \\d+\\.\\d MB",
		"Pure computing took .* on one goroutine and .* on two",
	} {
		if !regexp.MustCompile(row).Match(out) {
			t.Errorf("nothing like %q in\n%s", row, out)
		}
	}
}
