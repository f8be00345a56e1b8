package cmd

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"waitornot/cmd/internal/source"
)

// program builds the program, as a release holds it.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "waitornot")
	build := exec.Command("go", "build", "-o", path, "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// archive packs the program as a release does, and returns the path of the
// archive and its SHA-256.
func archive(t *testing.T, program string) (path, sum string) {
	t.Helper()
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	tape := tar.NewWriter(zip)
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(tape.WriteHeader(&tar.Header{Name: "waitornot", Mode: 0o755, Size: int64(len(text))}))
	_, err = tape.Write(text)
	check(err)
	check(tape.Close())
	check(zip.Close())
	path = filepath.Join(t.TempDir(), "waitornot.tar.gz")
	check(os.WriteFile(path, packed.Bytes(), 0o666))
	return path, fmt.Sprintf("%x", sha256.Sum256(packed.Bytes()))
}

// scratch makes a repository that init began, with a commit that origin/main
// names, too, and returns its folder.
func scratch(t *testing.T, program string, initArgs ...string) string {
	t.Helper()
	dir := t.TempDir()
	sh(t, dir, nil, `git init -q -b main`)
	sh(t, dir, nil, `"$0" init "$@"`, append([]string{program}, initArgs...)...)
	sh(t, dir, nil, `git add . && git -c user.name=a -c user.email=a@example.org commit -q -m one && git update-ref refs/remotes/origin/main HEAD`)
	return dir
}

// ownGit keeps settings of whoever runs the tests from git: no signatures, no hooks, and no
// maintenance that goes on after a commit, in a folder that is copied or removed by then.
var ownGit = []string{"GIT_CONFIG_COUNT=4", "GIT_CONFIG_KEY_0=commit.gpgSign", "GIT_CONFIG_VALUE_0=false", "GIT_CONFIG_KEY_1=tag.gpgSign", "GIT_CONFIG_VALUE_1=false",
	"GIT_CONFIG_KEY_2=core.hooksPath", "GIT_CONFIG_VALUE_2=/dev/null", "GIT_CONFIG_KEY_3=maintenance.auto", "GIT_CONFIG_VALUE_3=false"}

// sh runs a script as GitHub runs steps, and returns what it prints.
func sh(t *testing.T, dir string, env []string, script string, args ...string) string {
	t.Helper()
	c := exec.Command("bash", append([]string{"--noprofile", "--norc", "-eo", "pipefail", "-c", script}, args...)...)
	c.Dir, c.Env = dir, append(append(os.Environ(), ownGit...), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v\n%s", script, err, out)
	}
	return string(out)
}

// The workflow that init writes runs as it stands, step by step, in a repository
// that init began: it installs the release after checking its sum, and refuses
// another one.
func TestStarterWorkflow(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "git", "tar", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %v", err)
		}
	}
	binary := program(t)
	packed, sum := archive(t, binary)
	dir := scratch(t, binary, "--github", "--source", "https://example.org/waitornot.tar.gz", "--sha256", sum)
	var workflow struct {
		Jobs struct {
			Check struct {
				Steps []struct {
					Name, Run string
					Env       map[string]string
				}
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, ".github/workflows/waitornot.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	summary, path := filepath.Join(temp, "summary"), filepath.Join(temp, "path")
	writeFile(t, filepath.Join(temp, "bin/curl"), "#!/bin/sh\n"+`while [ "$1" != --output ]; do shift; done; cp "$ARCHIVE" "$2"`+"\n")
	if err := os.Chmod(filepath.Join(temp, "bin/curl"), 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{"RUNNER_TEMP=" + temp, "GITHUB_PATH=" + path, "GITHUB_STEP_SUMMARY=" + summary, "GITHUB_BASE_REF=main",
		"ARCHIVE=" + packed, "PATH=" + filepath.Join(temp, "bin") + ":" + temp + ":" + os.Getenv("PATH")}
	ran := 0
	for _, step := range workflow.Jobs.Check.Steps {
		if step.Run == "" {
			continue
		}
		own := slices.Clone(env)
		for name, value := range step.Env {
			own = append(own, name+"="+value)
		}
		sh(t, dir, own, step.Run)
		if name := "Install waitornot"; step.Name == name {
			refuses(t, dir, own, step.Run)
		}
		ran++
	}
	for _, want := range []string{filepath.Join(temp, "waitornot"), summary, path, filepath.Join(dir, "waitornot.sarif")} {
		if info, err := os.Stat(want); err != nil || info.Size() == 0 {
			t.Errorf("%s was not written: %v", want, err)
		}
	}
	if ran != 3 {
		t.Errorf("%d steps ran, want 3", ran)
	}
}

// refuses runs a step that installs a release with another sum.
func refuses(t *testing.T, dir string, env []string, script string) {
	t.Helper()
	c := exec.Command("bash", "-eo", "pipefail", "-c", script)
	c.Dir, c.Env = dir, append(append(os.Environ(), env...), "SHA256="+strings.Repeat("0", 64))
	if out, err := c.CombinedOutput(); err == nil {
		t.Errorf("a release with another sum is installed:\n%s", out)
	}
}

// The hooks run for the files that a folder's manifests are found by and for
// configurations, in the starter and in what this repository offers; not for
// the workflow that init writes.
func TestHooks(t *testing.T) {
	type hook struct {
		ID, Entry, Files, Exclude string
		PassFilenames             bool `yaml:"pass_filenames"`
	}
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
	if hooks[0].PassFilenames {
		t.Error("the hook checks a part of the manifests: a journey goes through many")
	}
	form, except := regexp.MustCompile(hooks[0].Files), regexp.MustCompile(hooks[0].Exclude)
	for name, want := range map[string]bool{
		"waitornot.yaml": true, "a/waitornot.yml": true, "shop.waitornot.yaml": true, "a/b.c.waitornot.yml": true,
		".waitornot.yaml": true, "a/.waitornot.yaml": true, // configurations
		"waitornot.json": false, "mywaitornot.yaml": false, "waitornot.yaml.bak": false,
		".github/workflows/waitornot.yml": false, ".gitlab/waitornot.yml": false, // what init writes
	} {
		if got := form.MatchString(name) && !except.MatchString(name); got != want {
			t.Errorf("the hook runs for %s: %t, want %t", name, got, want)
		}
		if want && !source.Found(name) && !strings.HasSuffix(name, "/.waitornot.yaml") && name != ".waitornot.yaml" {
			t.Errorf("a folder doesn't find %s", name)
		}
	}
	if !slices.Contains(strings.Fields(hooks[0].Entry), "check") {
		t.Errorf("the hook runs %q", hooks[0].Entry)
	}
}

// What the starter workflow and the action say to GitHub is what GitHub knows: functions by
// their names, other actions by their commits, and a base only of pull requests.
func TestWorkflowWords(t *testing.T) {
	t.Parallel()
	call := regexp.MustCompile(`\b([a-zA-Z]+)\(`)
	uses := regexp.MustCompile(`(?m)uses: (\S+)(.*)$`)
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40}$`)
	step := regexp.MustCompile(`(?m)^ +- `)
	known := []string{"always", "cancelled", "failure", "success", "hashFiles", "contains", "startsWith", "endsWith", "format", "join", "toJSON", "fromJSON"}
	conditions, actions, bases := 0, 0, 0
	for _, path := range []string{"internal/starter/files/github.yml", "../.github/actions/check/action.yml"} {
		text := document(t, path)
		for _, m := range regexp.MustCompile(`(?s)\$\{\{(.*?)\}\}`).FindAllStringSubmatch(text, -1) {
			for _, f := range call.FindAllStringSubmatch(m[1], -1) {
				if conditions++; !slices.Contains(known, f[1]) {
					t.Errorf("%s: GitHub has no function %s", path, f[1])
				}
			}
		}
		for _, m := range uses.FindAllStringSubmatch(text, -1) {
			if actions++; !pinned.MatchString(m[1]) || !strings.Contains(m[2], "# v") {
				t.Errorf("%s: %s is not pinned by a commit with its version beside it", path, m[1])
			}
		}
		for _, s := range step.Split(text, -1) {
			if !strings.Contains(s, "GITHUB_BASE_REF") && !strings.Contains(s, "base.sha") {
				continue
			}
			if bases++; !strings.Contains(s, "github.event_name == 'pull_request'") {
				t.Errorf("%s: a push has no base, but this step takes one:\n%s", path, s)
			}
		}
	}
	if conditions < 4 || actions < 2 || bases != 2 {
		t.Errorf("%d calls of functions, %d actions, %d steps with a base", conditions, actions, bases)
	}
}
