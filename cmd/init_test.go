package cmd

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"waitornot/cmd/internal/source"
)

// commands returns the lines of a YAML document that run waitornot.
func commands(t *testing.T, text []byte) []string {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	var found []string
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			for line := range strings.Lines(n.Value) {
				if args, ok := strings.CutPrefix(strings.TrimSpace(line), "waitornot "); ok && strings.Contains(args, "--") {
					found = append(found, args)
				}
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(&root)
	return found
}

// What init writes for CI runs as it is, in a project that init began.
func TestStarterCommands(t *testing.T) {
	dir := t.TempDir()
	main := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := Main(context.Background(), args, Streams{
			In: strings.NewReader(""), Out: &out, Err: &out, Env: func(string) string { return "" }, Now: time.Now, Dir: dir,
		})
		return code, out.String()
	}
	if code, out := main("init", "--github", "--gitlab", "--pre-commit"); code != 0 {
		t.Fatalf("init: %d %s", code, out)
	}
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "."},
		{"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one"}, {"update-ref", "refs/remotes/origin/main", "HEAD"}} {
		c := exec.Command("git", args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Skipf("git %v: %v %s", args, err, out)
		}
	}
	ran := 0
	for _, name := range []string{".github/workflows/waitornot.yml", ".gitlab/waitornot.yml", ".pre-commit-config.yaml"} {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		list := commands(t, text)
		if len(list) == 0 {
			t.Errorf("%s runs nothing", name)
		}
		for _, line := range list {
			line, _, _ = strings.Cut(line, " >>")
			line = strings.ReplaceAll(line, `"origin/$GITHUB_BASE_REF"`, "origin/main")
			if code, out := main(strings.Fields(line)...); code != 0 {
				t.Errorf("%s: waitornot %s ended with %d:\n%s", name, line, code, out)
			}
			ran++
		}
	}
	if ran < 4 {
		t.Errorf("%d commands ran, want at least 4", ran)
	}
}

// The hooks are for the files that a folder's manifests are found by, in the
// starter and in what this repository offers.
func TestHooks(t *testing.T) {
	type hook struct{ ID, Entry, Files string }
	var starter struct{ Repos []struct{ Hooks []hook } }
	var offered []hook
	for name, to := range map[string]any{"internal/starter/files/pre-commit.yaml": &starter, "../.pre-commit-hooks.yaml": &offered} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, to); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	hooks := append(starter.Repos[0].Hooks, offered...)
	if len(hooks) != 2 || hooks[0] != hooks[1] {
		t.Fatalf("the hooks differ: %+v", hooks)
	}
	form := regexp.MustCompile(hooks[0].Files)
	for _, name := range []string{"waitornot.yaml", "a/waitornot.yml", "shop.waitornot.yaml", "a/b.c.waitornot.yml",
		".waitornot.yaml", "a/.waitornot.yaml", "waitornot.json", "mywaitornot.yaml", "waitornot.yaml.bak"} {
		if got, want := form.MatchString(name), source.Found(strings.TrimPrefix(name, "./")); got != want {
			t.Errorf("the hook takes %s: %t, a folder: %t", name, got, want)
		}
	}
	if !slices.Contains(strings.Fields(hooks[0].Entry), "check") {
		t.Errorf("the hook runs %q", hooks[0].Entry)
	}
}
