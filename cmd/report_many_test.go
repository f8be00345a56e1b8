package cmd

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A page of very many operations lists as many as a browser shows at once, says how many it
// leaves out, and leads nowhere that isn't there.
func TestReportOfVeryMany(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "waitornot.yaml")
	writeText(t, path, largeManifest(3200)+"journeys:\n"+repeat(210, func(i int) string {
		return fmt.Sprintf("  - {name: journey-%d, steps: [%s], budget: 1s}\n", i, strings.TrimSuffix(repeat(max(2, 205*(1-i)), func(k int) string { return fmt.Sprintf("operation-%d, ", (i*9+k*3)%3200) }), ", "))
	}))
	code, page, errs := runMain(t, strings.NewReader(""), "report", "--no-config", path)
	if code != exitOK {
		t.Fatalf("%d %s", code, errs)
	}
	count := func(what string) int { return strings.Count(page, what) }
	for what, want := range map[string]int{
		`<tbody class="op"`: 2000, `<article class="card journey"`: 200, `data-code="WN101"`: 200,
		"1200 more operations aren't listed": 1, "10 more journeys aren't listed": 1, "<li>… and 5 more steps</li>": 1,
		"<code>waitornot check --select WN101</code> lists them": 1,
	} {
		if got := count(what); got != want {
			t.Errorf("%q: %d times, want %d", what, got, want)
		}
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("a link leads to #%s, which isn't there", m[1])
		}
	}
}
