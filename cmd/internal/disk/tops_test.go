package disk

import (
	"os"
	"path/filepath"
	"testing"
)

// Tops finds what Top finds, in whatever order folders come, whether they are there or not.
func TestTops(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, at := range []string{"a/.git", "a/b/c", "a/sub/.git", "a/sub/d", "out/x", "other/.git", "other/d/.git"} {
		if err := os.MkdirAll(filepath.Join(dir, at), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	folders := []string{"a/b/c", "a/sub/d", "a", "a/sub", "out/x", "out", "a/gone/deep", ".", "a/b"}
	wants := map[string]string{"a/b/c": "a", "a/sub/d": "a/sub", "a": "a", "a/sub": "a/sub", "a/gone/deep": "a", "a/b": "a"}
	// A link makes the work tree that it leads to no part of its own, unless it lies in none.
	for at, to := range map[string]string{"a/link": "../other", "a/b/within": "../sub", "out/link": "../other"} {
		if err := os.Symlink(to, filepath.Join(dir, at)); err != nil {
			t.Log("no links here: ", err)
			wants = nil
			break
		}
		folders = append(folders, at, at+"/d")
	}
	for at, top := range map[string]string{"a/link": "a", "a/link/d": "a", "a/b/within": "a", "a/b/within/d": "a", "out/link": "out/link", "out/link/d": "out/link/d"} {
		if wants != nil {
			wants[at] = top
		}
	}
	for first := range folders {
		var tops Tops
		for i := range folders {
			at := filepath.Join(dir, folders[(first+i)%len(folders)])
			if got, want := tops.Of(at), Top(at); got != want {
				t.Errorf("from %s on, the top of %s is %q, want %q", folders[first], at, got, want)
			}
		}
	}
	for at, top := range wants {
		if got := Top(filepath.Join(dir, at)); got != filepath.Join(dir, top) {
			t.Errorf("the top of %s is %s, want %s", at, got, top)
		}
	}
}
