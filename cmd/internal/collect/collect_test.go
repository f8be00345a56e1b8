package collect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/disk"
)

// What compose files of a folder include may lie elsewhere in the work tree, and settings are
// read whatever is in them; nothing outside the work tree is.
func TestFolderInWorkTree(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	for name, text := range map[string]string{
		"out.yml": "x", "tree/.git/HEAD": "ref: refs/heads/main\n", "tree/.git/config": "", "tree/web/compose.yml": "services:\n",
		"tree/app/compose.yml": "include: [../web/compose.yml]\n", "tree/app/cart/.env": "A=b\n", "tree/app/cart/.env.test": "A=b\n",
		"tree/app/cart/config/production.json": "{}", "tree/app/cart/package.json": "{}", "tree/app/cart/.hidden.yml": "services:\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(top, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(top, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"objects", "refs"} {
		if err := os.Mkdir(filepath.Join(top, "tree/.git", dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	c := Collector{Dir: filepath.Join(top, "tree")}
	out, err := c.Collect(t.Context(), []string{"app"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range out.Files {
		names = append(names, f.Name)
	}
	if got, want := strings.Join(names, " "), "app/cart/.env app/cart/config/production.json app/compose.yml"; got != want {
		t.Fatalf("read %s, want %s", got, want)
	}
	last := out.Files[2]
	if _, ok := last.Beside("../web/compose.yml"); !ok {
		t.Error("what lies elsewhere in the work tree isn't found")
	}
	if _, ok := last.Beside("../../out.yml"); ok {
		t.Error("a file outside the work tree is read")
	}
	if names := last.Inside("../../"); names != nil {
		t.Errorf("a folder outside the work tree is listed: %q", names)
	}
}

// All files of an import together have a limit: what doesn't fit is named, and what
// follows is read when it does.
func TestMaxTotal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"a.yaml": "services: {a: {}}\n", "b.yaml": "services: {bb: {}}\n", "c.yaml": "services:\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		most int64
		want string
	}{{47, "a b c"}, {46, "a b !c"}, {37, "a b !c"}, {36, "a !b c"}, {28, "a !b c"}} {
		c := Collector{Dir: dir}
		out := &Collection{Named: map[string]bool{}, budget: disk.Budget{Most: tt.most}}
		if err := c.folder(t.Context(), out, ".", dir); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, f := range out.Files {
			got[f.Name] = strings.TrimSuffix(f.Name, ".yaml")
		}
		for _, u := range out.Unread {
			got[u.Name] = "!" + strings.TrimSuffix(u.Name, ".yaml")
			if !strings.Contains(u.Err.Error(), "it's left out: a run reads at most") {
				t.Errorf("%s: %v", u.Name, u.Err)
			}
		}
		if all := got["a.yaml"] + " " + got["b.yaml"] + " " + got["c.yaml"]; all != tt.want {
			t.Errorf("at most %d bytes: %s, want %s", tt.most, all, tt.want)
		}
	}
	// What a person named ends the run.
	out := &Collection{Named: map[string]bool{}, budget: disk.Budget{Most: 20}}
	c := Collector{Dir: dir}
	if err := c.named(t.Context(), out, "a.yaml", filepath.Join(dir, "a.yaml")); err != nil {
		t.Error(err)
	}
	if err := c.named(t.Context(), out, "b.yaml", filepath.Join(dir, "b.yaml")); err == nil || !strings.Contains(err.Error(), "b.yaml: it's left out") {
		t.Errorf("above the limit: %v", err)
	}
}
