package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Who waits for a lock that another holds is told after a moment, hears an interrupt, and
// then writes nothing, even when the lock becomes free.
func TestHeldLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "m.yaml")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	unlock, err := Disk{}.lock(lockOf(path))
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(context.Background())
	told := make(chan string, 1)
	d := Disk{Context: ctx, Waiting: func(path string) { told <- path }}
	ended := make(chan error, 1)
	go func() { ended <- d.Write(path, []byte("new")) }()
	select {
	case at := <-told:
		if at != lockOf(path) {
			t.Errorf("told about %s", at)
		}
	case <-time.After(3 * time.Minute):
		t.Fatal("it waits in silence")
	}
	interrupt()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("after an interrupt: %v", err)
	}
	unlock()
	if err := (Disk{}).Update(path, func(old []byte) ([]byte, error) { // in its turn, after whoever gave up
		if string(old) != "old" {
			t.Errorf("it wrote %q", old)
		}
		return []byte("newer"), nil
	}); err != nil {
		t.Error(err)
	}
}

// Who finds the lock file gone when its turn comes doesn't make it anew: it may have given up.
func TestTakesWhatIsThere(t *testing.T) {
	t.Parallel()
	path := lockOf(filepath.Join(t.TempDir(), "m.yaml"))
	unlock, err := Disk{}.lock(path)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := take(path)
		ended <- err
	}()
	unlock() // before or after the other has opened the file: it may not matter
	err = <-ended
	if _, there := os.Lstat(path); !errors.Is(err, errGone) || !errors.Is(there, fs.ErrNotExist) {
		t.Errorf("it ended with %v, and the lock file: %v", err, there)
	}
}

// Who has been interrupted already makes no lock file.
func TestInterruptedBefore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, interrupt := context.WithCancel(context.Background())
	interrupt()
	err := Disk{Context: ctx}.Write(filepath.Join(dir, "m.yaml"), []byte("new"))
	if entries, _ := os.ReadDir(dir); !errors.Is(err, context.Canceled) || len(entries) > 0 {
		t.Errorf("it ended with %v, and the folder holds %v", err, entries)
	}
}

// A file with several names isn't replaced: the others would keep the old text.
func TestHardLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "m.yaml"), filepath.Join(dir, "other.yaml")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, other); err != nil {
		t.Skip("SKIPPED: no hard links here: ", err)
	}
	err := Disk{}.Write(path, []byte("new"))
	if text, _ := os.ReadFile(other); err == nil || !strings.Contains(err.Error(), "it has 2 names (hard links)") || string(text) != "old" {
		t.Errorf("%v, and the other holds %q", err, text)
	}
}

// What is no file takes an output as it is, unless a link of a repository leads out to it; it is
// not replaced.
func TestOutput(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/null"); err != nil {
		t.Skip("SKIPPED: no devices here: ", err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "repo", ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	link, loose := filepath.Join(dir, "repo", "out"), filepath.Join(dir, "out")
	for _, path := range []string{link, loose} {
		if err := os.Symlink("/dev/null", path); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{"/dev/null": "", loose: "", link: "it's a link that leads out of the repository", dir: "it's a folder, not a file"} {
		err := Disk{}.Output(path, []byte("new"))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if err := (Disk{}).Write("/dev/null", nil); err == nil || Replaceable("/dev/null") == nil {
		t.Error("a device can be replaced")
	}
	if info, err := os.Stat("/dev/null"); err != nil || info.Mode().IsRegular() {
		t.Errorf("the device is gone: %v", err)
	}
	if err := (Disk{}).Output(filepath.Join(dir, "file"), []byte("new")); err != nil {
		t.Error(err)
	}
}

// A link out of the repository is not written through, and neither is one to nothing yet.
func TestLinkOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	repo := filepath.Join(dir, "repo")
	if err := os.MkdirAll(filepath.Join(repo, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "precious"), []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "other", ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"a": "../precious", "b": "../made", "c": "folder/x", "another": "../other"} {
		if err := os.Symlink(to, filepath.Join(repo, name)); err != nil {
			t.Skip("SKIPPED: no links here: ", err)
		}
	}
	if err := os.Symlink("..", filepath.Join(repo, "folder")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c", "folder/precious", "another/x"} {
		if err := (Disk{}).Write(filepath.Join(repo, name), []byte("new")); err == nil {
			t.Errorf("%s is written through", name)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "precious")); string(text) != "old" {
		t.Errorf("what lies outside holds %q", text)
	}
	for _, name := range []string{"made", "x", "other/x"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s was made outside: %v", name, err)
		}
	}
}
