package git

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// listens makes a program in the place of git that writes down how it's called and what
// it's told by the environment, and returns what reads that.
func listens(t *testing.T) (heard func() string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: a shell script takes the place of git")
	}
	bin := t.TempDir()
	log := filepath.Join(bin, "log")
	const commit = "0123456789012345678901234567890123456789"
	script := `#!/bin/sh
{ echo "git $*"; env | grep -E '^(GIT|SSH|GCM)_' | LC_ALL=C sort; } >> ` + log + `
case "$*" in
*show-toplevel*) pwd;;
*ls-remote*) printf '` + commit + `\trefs/tags/v1\n';;
*rev-parse*|*merge-base*) echo ` + commit + `;;
*'cat-file -t'*) echo blob;;
*'cat-file -s'*) echo 1;;
*ls-files*) echo "warning: could not open directory 'below/shut/': Permission denied" >&2; printf 'below/a\0below/b/c\0';;
esac
`
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "GIT_") || strings.HasPrefix(name, "SSH_") || strings.HasPrefix(name, "GCM_") {
			t.Setenv(name, "") // so that it's restored
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	return func() string {
		data, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(log)
		return string(data)
	}
}

// What every call of git is guarded with: most of it is out of reach of what git does
// today, and so no attack would notice when it's gone.
const (
	always   = "git -c core.fsmonitor=false -c core.hooksPath=/dev/null --no-pager "
	isolates = always + "-c core.bigFileThreshold=1m -c core.askPass= -c http.followRedirects=false -c http.lowSpeedLimit=1000 -c http.lowSpeedTime=20 " +
		"-c protocol.version=2 -c transfer.fsckObjects=true -c submodule.recurse=false -c maintenance.auto=false -c gc.auto=0 -c core.createObject=rename "
)

// No call of git in a work tree lacks a guard, and what a hook tells git isn't told.
func TestWorkTreeGuards(t *testing.T) {
	heard := listens(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(dir, "below")
	for _, folder := range []string{filepath.Join(dir, ".git"), below} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_EXTERNAL_DIFF",
		"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_IMPLICIT_WORK_TREE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE",
		"GIT_NO_REPLACE_OBJECTS", "GIT_ATTR_SOURCE", "GIT_ALLOW_PROTOCOL", "GIT_NO_LAZY_FETCH", "GIT_OPTIONAL_LOCKS"} {
		t.Setenv(name, "theirs")
	}
	ctx := t.Context()
	repo, err := Open(ctx, below)
	if err != nil {
		t.Fatal(err)
	}
	base, err := repo.MergeBase(ctx, "--x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.At(ctx, base); err != nil {
		t.Fatal(err)
	}
	paths, complaints, err := List(ctx, below)
	if err != nil || !slices.Equal(paths, []string{"a", "b/c"}) || !strings.Contains(complaints, "directory 'shut/'") {
		t.Errorf("below it lists %q, %q, %v", paths, complaints, err)
	}
	Head(ctx, below)
	env := "GIT_ALLOW_PROTOCOL=none\nGIT_NO_LAZY_FETCH=1\nGIT_OPTIONAL_LOCKS=0\n"
	want := ""
	for _, args := range []string{
		"rev-parse --show-toplevel", "rev-parse --verify --quiet --end-of-options --x^{commit}", "merge-base HEAD " + base,
		"ls-tree -r -z --full-tree " + base, "diff-index --cached --name-status -z -M --no-ext-diff --no-textconv " + base + " --",
		"--literal-pathspecs ls-files --cached --others --exclude-standard -z -- below", "rev-parse --short HEAD",
	} {
		want += always + args + "\n" + env
	}
	if got := heard(); got != want {
		t.Errorf("git is called\n%swant\n%s", got, want)
	}
}

// Nor does one for presets.
func TestFetchGuards(t *testing.T) {
	heard := listens(t)
	dir := filepath.Join(t.TempDir(), "cache")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	commit, err := Fetch(ctx, dir, Remote{URL: "https://h/r", Tag: "v1"}, Bounds{Bytes: 1 << 20, Time: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Blob(ctx, dir, commit, "a.yaml", 1<<20); err != nil {
		t.Fatal(err)
	}
	env := func(protocols string) string {
		list := []string{"GIT_ALLOW_PROTOCOL=" + protocols, "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "SSH_ASKPASS_REQUIRE=never",
			"GCM_INTERACTIVE=never", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(dir), "GIT_SSH_COMMAND=ssh -o BatchMode=yes"}
		slices.Sort(list)
		return strings.Join(list, "\n") + "\n"
	}
	want := ""
	for _, args := range []string{
		"ls-remote --quiet --end-of-options https://h/r refs/tags/v1 refs/heads/v1", "init --quiet --bare --template= --object-format=sha1 .",
		"--git-dir=. fetch --quiet --depth=1 --no-tags --no-write-fetch-head --no-recurse-submodules --no-auto-gc --end-of-options https://h/r refs/tags/v1:refs/tags/v1",
	} {
		want += isolates + args + "\n" + env("https:ssh")
	}
	for _, args := range []string{"rev-parse --verify --quiet --end-of-options refs/tags/v1^{commit}", "cat-file -t " + commit + ":a.yaml", "cat-file -s " + commit + ":a.yaml", "cat-file blob " + commit + ":a.yaml"} {
		want += isolates + "--git-dir=. " + args + "\n" + env("none")
	}
	if got := heard(); got != want {
		t.Errorf("git is called\n%swant\n%s", got, want)
	}
}
