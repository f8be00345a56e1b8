package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// Files that are written, renamed and removed are told, those of new folders too; what is
// not wanted, or lies in a folder that is left out, is not.
func TestWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a/one.yaml"))
	write(t, filepath.Join(dir, "skipped/one.yaml"))
	w, err := New([]Root{{Dir: dir, Below: true}}, func(name string) bool { return name == "skipped" })
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if w.Folders() != 2 {
		t.Errorf("%d folders are watched, want 2", w.Folders())
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	wanted := func(path string) bool { return strings.HasSuffix(path, ".yaml") }
	next := func(want ...string) {
		t.Helper()
		var got []string
		for len(got) < len(want) { // a slow machine may tell in several parts
			c, err := w.Next(ctx, wanted)
			if err != nil {
				t.Fatalf("%v, after %q", err, got)
			}
			for _, p := range c.Paths {
				rel, _ := filepath.Rel(dir, p)
				if !slices.Contains(got, filepath.ToSlash(rel)) {
					got = append(got, filepath.ToSlash(rel))
				}
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	write(t, filepath.Join(dir, "a/other.txt"))
	write(t, filepath.Join(dir, "skipped/one.yaml"))
	write(t, filepath.Join(dir, "a/one.yaml"))
	next("a/one.yaml")
	write(t, filepath.Join(dir, "new/deep/two.yaml"))
	next("new/deep/two.yaml")
	write(t, filepath.Join(dir, "new/deep/two.yaml"))
	next("new/deep/two.yaml")
	if err := os.Rename(filepath.Join(dir, "a/one.yaml"), filepath.Join(dir, "a/three.yaml")); err != nil {
		t.Fatal(err)
	}
	next("a/one.yaml", "a/three.yaml")
	if err := os.RemoveAll(filepath.Join(dir, "new")); err != nil {
		t.Fatal(err)
	}
	if c, err := w.Next(ctx, wanted); err != nil || !c.All && !slices.Contains(c.Paths, filepath.Join(dir, "new/deep/two.yaml")) {
		t.Errorf("a folder that went: %v, %v", c, err)
	}
}

func TestWatchEnds(t *testing.T) {
	t.Parallel()
	if _, err := New([]Root{{Dir: filepath.Join(t.TempDir(), "none")}}, nil); err == nil {
		t.Error("a folder that isn't there is watched")
	}
	w, err := New([]Root{{Dir: t.TempDir()}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Next(ctx, func(string) bool { return true }); !errors.Is(err, context.Canceled) {
		t.Errorf("Next = %v, want the context's error", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := w.Next(t.Context(), func(string) bool { return true }); err == nil {
		t.Error("a watch that is closed goes on")
	}
}
