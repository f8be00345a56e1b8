package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waitornot/cmd/internal/disk"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// alone fails when the folder holds more than the given names: a lock or a
// half-written file left behind.
func alone(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, want %q", got, names)
	}
}

func adding(text string) disk.Change {
	return func(old []byte) ([]byte, error) { return append(old[:len(old):len(old)], text...), nil }
}

func TestUpdate(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "shop.yaml")
	if err := (disk.Disk{}).Update(path, adding("a")); err != nil {
		t.Fatal(err)
	}
	if err := (disk.Disk{}).Update(path, adding("b")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "ab" {
		t.Errorf("content = %q, want ab", got)
	}
	alone(t, dir, "shop.yaml")
}

func TestUpdateTellsNoFileFromAnEmptyOne(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "empty")
	write(t, path, "")
	for name, wantNil := range map[string]bool{"empty": false, "absent": true} {
		_ = disk.Disk{}.Update(filepath.Join(dir, name), func(old []byte) ([]byte, error) {
			if (old == nil) != wantNil {
				t.Errorf("%s: old is nil = %v, want %v", name, old == nil, wantNil)
			}
			return nil, errors.New("stop")
		})
	}
	alone(t, dir, "empty")
}

func TestUpdateKeepsModeAndLink(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "shop.yaml"), filepath.Join(dir, "link.yaml")
	write(t, path, "a")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("shop.yaml", link); err != nil {
		t.Skip(err)
	}
	if err := (disk.Disk{}).Update(link, adding("b")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != 0o640 || read(t, path) != "ab" {
		t.Errorf("mode %v, content %q, %v; want -rw-r-----, ab", info.Mode(), read(t, path), err)
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
}

func TestUpdateRefuses(t *testing.T) {
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked.yaml")
	write(t, locked, "a")
	if err := os.Chmod(locked, 0o444); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, locked, filepath.Join(dir, "no", "folder.yaml")} {
		if err := (disk.Disk{}).Update(path, adding("b")); err == nil {
			t.Errorf("Update(%q) gave no error", path)
		}
	}
	if got := read(t, locked); got != "a" {
		t.Errorf("a file that may not be written now holds %q", got)
	}
	alone(t, dir, "locked.yaml")
}

func TestUpdateLeavesTheFileWhenTheChangeFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "shop.yaml")
	write(t, path, "old")
	want := errors.New("no")
	if err := (disk.Disk{}).Update(path, func([]byte) ([]byte, error) { return []byte("new"), want }); !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
	if got := read(t, path); got != "old" {
		t.Errorf("content = %q, want old", got)
	}
	alone(t, dir, "shop.yaml")
}

func TestUpdateTakesOverWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "shop.yaml")
	write(t, path, "old ")
	write(t, filepath.Join(dir, ".shop.yaml.tmp"), "half of some longer text")
	write(t, filepath.Join(dir, ".shop.yaml.lock"), "")
	if err := (disk.Disk{}).Update(path, adding("new")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, path); got != "old new" {
		t.Errorf("content = %q, want old new", got)
	}
	alone(t, dir, "shop.yaml")
}

// No update is lost when many are made at once.
func TestUpdatesTakeTurns(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "count")
	const writers, each = 8, 5
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				if err := (disk.Disk{}).Update(path, adding("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := len(read(t, path)); got != writers*each {
		t.Errorf("%d of %d updates are there", got, writers*each)
	}
	alone(t, dir, "count")
}
