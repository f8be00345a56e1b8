package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree makes a folder with the given files; each holds its own name.
func tree(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o666); err != nil {
			t.Skip(err) // this file system does not take every name
		}
	}
	return dir
}

// runGit runs git in dir, or skips the test where there is none.
func runGit(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	own := []string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.com", // whatever the user's settings are
		"-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null", "-c", "maintenance.auto=false", "-c", "gc.auto=0"}
	c := exec.Command("git", append(own, args...)...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// found returns the names that arguments lead to; what cannot be opened is
// followed by why.
func found(t *testing.T, dir string, args ...string) []string {
	t.Helper()
	refs, err := Finder{Dir: dir}.Find(t.Context(), args)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range refs {
		src, err := r.Open()
		if src.Name != r.Name {
			t.Errorf("Open of %q gives the name %q", r.Name, src.Name)
		}
		if err != nil {
			names = append(names, r.Name+": "+err.Error())
			continue
		}
		names = append(names, r.Name)
	}
	return names
}

func wantFound(t *testing.T, dir string, args []string, want ...string) {
	t.Helper()
	if got := found(t, dir, args...); !slices.Equal(got, want) {
		t.Errorf("Find(%q) =\n  %s\nwant\n  %s", args, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestFind(t *testing.T) {
	dir := tree(t, "waitornot.yaml", "b/x.waitornot.yml", "a/waitornot.yaml", "a/other.yaml", "none/other.yaml",
		".hidden/waitornot.yaml", "node_modules/m/waitornot.yaml", "vendor/waitornot.yaml", ".waitornot.yaml")
	for _, c := range []struct{ args, want []string }{
		{nil, []string{"a/waitornot.yaml", "b/x.waitornot.yml", "waitornot.yaml"}},
		{[]string{"b", "a"}, []string{"b/x.waitornot.yml", "a/waitornot.yaml"}},
		{[]string{"a/other.yaml"}, []string{"a/other.yaml"}},
		{[]string{"a", "./a/waitornot.yaml", "a"}, []string{"a/waitornot.yaml"}},
		{[]string{"*/*.yaml"}, []string{"a/other.yaml", "a/waitornot.yaml", "none/other.yaml"}},
		{[]string{".hidden/*.yaml", "vendor/*.yaml"}, []string{".hidden/waitornot.yaml", "vendor/waitornot.yaml"}},
		{[]string{".hidden"}, []string{".hidden/waitornot.yaml"}},
		{[]string{"gone.yaml", "a"}, []string{"gone.yaml: no such file or directory", "a/waitornot.yaml"}},
		{[]string{"*.nothing"}, []string{"*.nothing: no file matches"}},
		{[]string{"[a", ""}, []string{"[a: no such file or directory", `"": an empty path names nothing`}},
		{[]string{"none"}, []string{"none: no manifest below (a manifest is named waitornot.yaml or ends in .waitornot.yaml)"}},
	} {
		wantFound(t, dir, c.args, c.want...)
	}
}

// What git ignores is found only when a path names it: folders and globs leave
// it out, and what was deleted but is still tracked besides.
func TestFindLeavesOutWhatGitIgnores(t *testing.T) {
	dir := tree(t, "waitornot.yaml", "new/waitornot.yaml", "build/waitornot.yaml", "a/skip.waitornot.yaml", "a/keep.waitornot.yaml",
		"deleted/waitornot.yaml", ".gitignore")
	if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("/build/\nskip.*\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	runGit(t, dir, "init", "-q")
	runGit(t, dir, "add", "waitornot.yaml", "deleted")
	if err := os.RemoveAll(filepath.Join(dir, "deleted")); err != nil {
		t.Fatal(err)
	}
	wantFound(t, dir, nil, "a/keep.waitornot.yaml", "new/waitornot.yaml", "waitornot.yaml")
	wantFound(t, dir, []string{"**/*.waitornot.yaml"}, "a/keep.waitornot.yaml")
	wantFound(t, dir, []string{"a"}, "a/keep.waitornot.yaml")
	wantFound(t, dir, []string{"build/waitornot.yaml"}, "build/waitornot.yaml")
	wantFound(t, dir, []string{"build"},
		"build: no manifest below (a manifest is named waitornot.yaml or ends in .waitornot.yaml); files that git ignores are skipped unless you name them")
}

// A conflict lists each path three times; a manifest is checked once.
func TestFindDuringAMerge(t *testing.T) {
	dir := tree(t, "waitornot.yaml")
	change := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "waitornot.yaml"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		runGit(t, dir, "add", ".")
		runGit(t, dir, "commit", "-qm", text)
	}
	runGit(t, dir, "init", "-q", "-b", "one")
	change("base")
	runGit(t, dir, "checkout", "-q", "-b", "two")
	change("theirs")
	runGit(t, dir, "checkout", "-q", "one")
	change("ours")
	c := exec.Command("git", "-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.com", "merge", "two")
	if c.Run() == nil {
		t.Fatal("the merge has no conflict")
	}
	wantFound(t, dir, nil, "waitornot.yaml")
}

func TestFindFollowsNoLoop(t *testing.T) {
	dir := tree(t, "real/waitornot.yaml")
	for link, to := range map[string]string{"real/loop": "..", "linked": "real", "self.waitornot.yaml": "self.waitornot.yaml"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	got := found(t, dir)
	if len(got) != 2 || got[0] != "real/waitornot.yaml" || !strings.HasPrefix(got[1], "self.waitornot.yaml: ") {
		t.Errorf("Find = %q, want the manifest once, and the link to itself as unreadable", got)
	}
	wantFound(t, dir, []string{"linked"}, "linked/waitornot.yaml")
}

func TestFindTakesOddNames(t *testing.T) {
	deep := strings.Repeat("folder/", 30)
	names := []string{deep + "waitornot.yaml", "a b\n%.waitornot.yaml", "\"quoted\".waitornot.yaml"}
	if runtime.GOOS == "linux" {
		names = append(names, "\xff.waitornot.yaml")
	}
	for _, inGit := range []bool{false, true} {
		dir := tree(t, names...)
		if inGit {
			runGit(t, dir, "init", "-q")
		}
		want := slices.Sorted(slices.Values(names))
		wantFound(t, dir, nil, want...)
	}
	long := strings.Repeat("x", 5000) + ".yaml"
	if got := found(t, t.TempDir(), long); len(got) != 1 || !strings.Contains(got[0], "name too long") && runtime.GOOS == "linux" {
		t.Errorf("Find of an impossible name = %.80q", got)
	}
}

func TestFindTellsOfAFolderItCannotList(t *testing.T) {
	if os.Getuid() <= 0 {
		t.Skip("this user may read everything")
	}
	for _, inGit := range []bool{false, true} {
		dir := tree(t, "shut/waitornot.yaml", "waitornot.yaml", "sub/shut/waitornot.yaml", "sub/waitornot.yaml")
		if inGit {
			runGit(t, dir, "init", "-q")
		}
		for _, shut := range []string{filepath.Join(dir, "shut"), filepath.Join(dir, "sub", "shut")} {
			if err := os.Chmod(shut, 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(shut, 0o700) })
		}
		wantFound(t, dir, nil, "shut: permission denied", "sub/shut: permission denied", "sub/waitornot.yaml", "waitornot.yaml")
		wantFound(t, dir, []string{"sub"}, "sub/shut: permission denied", "sub/waitornot.yaml")
	}
}

func TestUnlisted(t *testing.T) {
	got := unlisted("warning: could not open directory 'it's/shut/': Permission denied\nwarning: something else\n")
	if len(got) != 1 || got[0].rel != "it's/shut" || got[0].err.Error() != "permission denied" {
		t.Errorf("unlisted = %v", got)
	}
}

// stuck is a reader that never returns.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { select {} }

func TestStandardInput(t *testing.T) {
	refs, err := Finder{Stdin: strings.NewReader("text")}.Find(t.Context(), []string{"-", "-"})
	if err != nil || len(refs) != 1 || refs[0].Path() != "" {
		t.Fatalf("Find(- -) = %v, %v; want one", refs, err)
	}
	for range 2 {
		if src, err := refs[0].Open(); err != nil || string(src.Data) != "text" || src.Name != StdinName {
			t.Errorf("Open = %q %q, %v", src.Name, src.Data, err)
		}
	}
}

// A pipe, too, gives its text once, and is opened as often as anybody asks.
func TestNamedPipe(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skipf("no pipe can be made here: %v", err)
	}
	refs, err := Finder{Dir: dir}.Find(t.Context(), []string{"pipe"})
	if err != nil || len(refs) != 1 {
		t.Fatalf("Find = %v, %v; want one", refs, err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, []byte("text"), 0) }()
	for range 2 {
		opened := make(chan string, 1)
		go func() {
			src, err := refs[0].Open()
			opened <- fmt.Sprint(string(src.Data), err)
		}()
		select {
		case got := <-opened:
			if got != "text<nil>" {
				t.Errorf("Open = %s", got)
			}
		case <-time.After(3 * time.Minute):
			t.Fatal("the pipe is waited for again")
		}
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
}

func TestAnInterruptEndsTheWaitForInput(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	refs, err := Finder{Stdin: stuck{}}.Find(ctx, []string{"-"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := refs[0].Open(); !errors.Is(err, context.Canceled) {
		t.Errorf("Open = %v, want the context's error", err)
	}
	if _, err := (Finder{Stdin: io.LimitReader(nil, 0)}).Find(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Find = %v, want the context's error", err)
	}
}
