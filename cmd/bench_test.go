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
		t.Skip("builds programs")
	}
	prints(t, []string{"-size", "200", "-runs", "1"}, []string{
		"`check` of 200 operations \\(0 MB\\), two cores, against the floor \\| \\d+\\.\\d\\d of its time",
		"the same, peak memory \\| \\d+\\.\\d\\d of its memory",
		"the same on one core \\| \\d+\\.\\d\\d of its time",
		"from 20 operations to 200 \\| \\d+\\.\\d times the time",
		"`--version`, against a hello-world \\| \\d+\\.\\d times its computing, \\d+\\.\\d its time",
		"`practice list`, against a hello-world \\| \\d+\\.\\d times its computing, \\d+\\.\\d its time",
		"a program that only imports cobra, the YAML library, huh, and the MCP SDK \\|",
		"deciding one operation \\| \\d+ ns, 0 allocations",
		"the program, stripped \\| \\d+\\.\\d MB",
		"Pure computing took .* on one goroutine and .* on two",
	})
	prints(t, []string{"-editor", "20", "-keystrokes", "2", "-runs", "1"}, []string{
		`a keystroke, median \| \d+\.\d ms`,
		`the same, 95th percentile \| [*]*\d+\.\d ms[*]* \| 15\.0 ms`,
		`hover, 95th percentile \| [*]*\d+\.\d\d ms[*]* \| 5\.00 ms`,
		`completion, 95th percentile \| [*]*\d+\.\d\d ms[*]* \| 5\.00 ms`,
		"opening 20 services up to the last finding, against one `check` of them: time \\| [*]*\\d+\\.\\d\\d",
		`the same: computing \| [*]*\d+\.\d\d`,
		"peak memory after 2 keystrokes in 2 services, against `check` \\| [*]*\\d+\\.\\d\\d",
		"peak memory after 2 keystrokes in 20 services, against `check` \\| [*]*\\d+\\.\\d\\d",
	})
}

// prints runs the benchmark and looks for rows in what it prints.
func prints(t *testing.T, args, rows []string) {
	t.Helper()
	bench := exec.Command("go", append([]string{"run", "./testdata/bench"}, args...)...)
	bench.Dir = ".."
	out, err := bench.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, row := range rows {
		if !regexp.MustCompile(row).Match(out) {
			t.Errorf("nothing like %q in\n%s", row, out)
		}
	}
}
