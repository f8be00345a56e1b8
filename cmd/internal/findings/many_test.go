package findings

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// many is the sample again and again, each time in files of other names.
func many() *Report {
	r := sample()
	var findings []diag.Finding
	var waived []lint.Waived
	text := r.Text
	original := map[string]string{}
	for i := range 300 {
		for _, f := range r.Findings {
			again := fmt.Sprintf("%s.%d", f.File, i/100)
			original[again] = f.File
			f.File = again
			findings = append(findings, f)
		}
		waived = append(waived, r.Waived...)
	}
	slices.SortStableFunc(findings, diag.Compare)
	r.Findings, r.Waived = findings, waived
	r.Text = func(file string) ([]byte, bool) { return text(original[file]) }
	return r
}

// Many findings are written by several goroutines, and read as if one had written them.
func TestManyFindings(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	r := many()
	for _, f := range Formats() {
		runtime.GOMAXPROCS(1)
		want := written(t, f.Name, r, term.Layout{Width: 80})
		runtime.GOMAXPROCS(8)
		if got := written(t, f.Name, r, term.Layout{Width: 80}); got != want {
			t.Errorf("%s: %d bytes by eight goroutines, %d by one", f.Name, len(got), len(want))
		}
	}
}
