package cmd

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A severity has one color, whichever command writes it: the list of rules, the findings
// of check, and what else a command says about a manifest.
func TestSeverityColors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "shop.waitornot.yaml")
	writeFile(t, file, `service: shop
operations:
  - {name: pay, calle: bank, mode: sync, boundary: team, answers: {immediacy: yes, retryability: no, latency: 1s, coupling: no}}
  - {name: ship, callee: depot, mode: sync, answers: {immediacy: yes, retryability: no, latency: 1s, coupling: no}}
`)
	writeFile(t, filepath.Join(dir, ".waitornot.yaml"), "rules: {timeout-missing: warning}\n")
	painted := regexp.MustCompile(`\x1b\[([0-9;]+)m(error|warning|info)\b`)
	color := map[string]string{}
	for name, args := range map[string][]string{
		"rules": {"rules", "list", dir}, "check": {"check", "--strict", file}, "advise": {"advise", file},
	} {
		_, out, errs := runMain(t, nil, append(args, "--color", "always")...)
		seen := painted.FindAllStringSubmatch(out+errs, -1)
		if !strings.Contains(out+errs, "info") || len(seen) == 0 {
			t.Errorf("%s names no severity in color:\n%s%s", name, out, errs)
		}
		for _, m := range seen {
			style := strings.TrimSuffix(m[1], ";1") // bold
			if was, ok := color[m[2]]; ok && was != style {
				t.Errorf("%s writes %s in %s, another command in %s", name, m[2], style, was)
			}
			color[m[2]] = style
		}
	}
	if len(color) != 3 {
		t.Errorf("colors %v", color)
	}
}
