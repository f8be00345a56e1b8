package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"waitornot/testdata/yamlgen"
)

// structures gives the program manifests and configurations in every structure of YAML:
// what the YAML library sees is judged or named, and a correction keeps everything else.
func (t *target) structures(dir string, n *tally) error {
	path := filepath.Join(dir, "m.waitornot.yaml")
	for range 12 {
		text := yamlgen.Manifest(t.random.IntN)
		if err := write(path, text); err != nil {
			return err
		}
		configuration := ""
		if t.random.IntN(2) == 0 {
			configuration = yamlgen.Configuration(t.random.IntN, "321ms")
		}
		if err := write(filepath.Join(dir, ".waitornot.yaml"), configuration); err != nil {
			return err
		}
		seen, _ := yamlgen.Seen(text)
		advised := t.start(dir, n, "advise", "--format", "json", "--no-config")
		var list struct{ Operations []struct{ Name string } }
		if err := json.Unmarshal([]byte(advised.out), &list); err != nil && advised.out != "" {
			t.say(&n.wrong, dir, []string{"advise"}, "no JSON: "+err.Error())
		}
		for _, name := range seen {
			judged := slices.ContainsFunc(list.Operations, func(op struct{ Name string }) bool { return op.Name == name })
			if !judged && advised.code == 0 && t.ctx.Err() == nil {
				t.say(&n.lost, dir, []string{"advise"}, fmt.Sprintf("%s is not judged, and nothing says so:\n%s", name, text))
			}
		}
		for _, args := range [][]string{{"check"}, {"graph"}, {"diff", "m.waitornot.yaml", "m.waitornot.yaml"}, {"adr"}, {"config", "show", "m.waitornot.yaml"}, {"report", "--format", "markdown"}, {"plan"}, {"check", "--fix", "--no-config"}} {
			t.start(dir, n, args...)
		}
		fixed, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !yamlgen.Alike(string(fixed), text) {
			t.say(&n.lost, dir, []string{"check", "--fix"}, fmt.Sprintf("more is changed than corrected:\n%q\n%q", text, fixed))
		}
	}
	return nil
}
