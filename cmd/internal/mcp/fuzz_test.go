package mcp

import (
	"os"
	"path/filepath"
	"testing"

	"waitornot/decide/glob"
)

// Whatever a path is, what is taken leads to a place inside of the roots, and nothing
// hidden is written.
func FuzzInside(f *testing.F) {
	dir := f.TempDir()
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		f.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "in", "a"), 0o700); err != nil {
		f.Fatal(err)
	}
	for to, at := range map[string]string{"..": "in/up", "../../out.yaml": "in/a/link.yaml", "nowhere": "in/dangling.yaml", ".": "in/self", "../": "in/[x]", "../../": "in/a/{y,z}", "../out.yaml": "in/what?*.yaml"} {
		if err := os.Symlink(to, filepath.Join(root, filepath.FromSlash(at))); err != nil {
			f.Skip("SKIPPED: no links here: ", err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "out.yaml"), nil, 0o600); err != nil {
		f.Fatal(err)
	}
	r, err := newRoots(filepath.Join(root, "in"), nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"a", "../x", "up/x.yaml", "a/../../x", "self/self/up", "{..,a}/x", "*", "a/link.yaml", "dangling.yaml", ".git/config.yaml", "a/.waitornot.yaml", "a\x00/..", "new/new/x.yaml", "[x]", "[x]/out.yaml", `\[x\]/*`, `a/\{y,z\}/out*`, "a/{y,z}/out.yaml", "a/{y,z}/*", "what?*.yaml", "*/out.yaml"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		at, err := r.inside(path)
		if err != nil {
			return
		}
		if !filepath.IsAbs(at) {
			at = filepath.Join(root, "in", at)
		}
		// As commands do: what is there is taken by its name, else a glob is looked for in a folder.
		from := at
		if _, err := os.Stat(at); err != nil {
			from, _ = glob.Split(filepath.ToSlash(at))
		}
		real, err := filepath.EvalSymlinks(from)
		if err != nil {
			return // it isn't there
		}
		if rel, err := filepath.Rel(filepath.Join(root, "in"), real); err != nil || !filepath.IsLocal(rel) {
			t.Fatalf("%q is taken, and leads to %s", path, real)
		}
	})
}

// Manifests are written where manifests lie: nothing hidden, and nothing but YAML.
func TestTakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r, err := newRoots(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"waitornot.yaml": true, "a/shop.waitornot.yml": true, "x.json": true, ".waitornot.yaml": false, ".git/config": false, ".github/workflows/ci.yml": false,
		"a/.hidden/x.yaml": false, "Makefile": false, "run.sh": false, "../x.yaml": false, "a\x1b[31m.yaml": false, "a\nb/x.yaml": false,
	} {
		if err := r.takes(filepath.Join(r.folders[0], filepath.FromSlash(path))); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}
