package cmd

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// Every document for machines writes a character that turns a terminal's text around as
// an escape, whichever command makes it: they have one writer.
func TestJSONOfEveryCommand(t *testing.T) {
	t.Parallel()
	const turned = "a\u202eb"
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		writeFile(t, path, text)
		return path
	}
	text := `service: "` + turned + `"
operations:
  - {name: "` + turned + `", callee: "c` + turned + `", mode: sync, answers: {immediacy: no, retryability: yes, latency: 45s, coupling: yes}}
journeys:
  - {name: "j` + turned + `", steps: ["` + turned + `"], budget: 1s}
`
	m := write(turned+".waitornot.yaml", text)
	other := write("other.waitornot.yaml", strings.Replace(text, "mode: sync", "mode: async", 1))
	write(".waitornot.yaml", "rules: {mode-disagrees: warning}\n")
	for name, args := range map[string][]string{
		"advise": {"advise", "--format", "json", m}, "check": {"check", "--format", "json", m}, "graph": {"graph", "--format", "json", m},
		"plan": {"plan", "--format", "json", m},
		"diff": {"diff", "--format", "json", m, other}, "config": {"config", "show", "--format", "json", dir},
	} {
		code, out, errs := runMain(t, nil, args...)
		if code == exitUsage || !json.Valid([]byte(out)) {
			t.Errorf("%s ends with %d: %s%s", name, code, out, errs)
		}
		if strings.Contains(out, "\u202e") {
			t.Errorf("%s writes the character as it is: %s", name, out)
		}
		if name == "check" && !strings.Contains(out, `a\u202eb`) {
			t.Errorf("%s doesn't write the name: %s", name, out)
		}
	}
}
