package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The configurations that documents show can be followed.
func TestDocumentConfigurations(t *testing.T) {
	n := 0
	visit := func(body string) string {
		if strings.Contains(body, "\noperations:") {
			return body // a manifest
		}
		n++
		dir := t.TempDir()
		write := func(name, text string) {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		write(".git/HEAD", "ref: refs/heads/main\n") // both lie in one repository
		write("platform/.waitornot.yaml", "locked: [async-without-dlq]\n")
		write("team/.waitornot.yaml", body)
		if code, out, errs := runMain(t, nil, "config", "verify", filepath.Join(dir, "team")); code != exitOK {
			t.Errorf("config verify ends with %d:\n%s%s\nfor\n%s", code, out, errs, body)
		}
		return body
	}
	for _, path := range documents(t) {
		blocks(document(t, path), "yaml", visit)
	}
	if n < 3 {
		t.Errorf("documents show %d configurations, want all that they speak of", n)
	}
}
