package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// settings are what a repository of an archive can say in .git/config: programs to run.
const settings = `
[core]
	fsmonitor = touch ../outside/RAN
	pager = touch ../outside/RAN
	hooksPath = hooks
	sshCommand = touch ../outside/RAN
	alternateRefsCommand = touch ../outside/RAN
[filter "x"]
	clean = touch ../outside/RAN; cat
	smudge = touch ../outside/RAN; cat
	process = touch ../outside/RAN; cat
	required = true
[diff]
	external = touch ../outside/RAN; cat
[diff "x"]
	textconv = touch ../outside/RAN; cat
	command = touch ../outside/RAN; cat
`

// A trap is something in a hostile repository, in the place of what had its name.
type trap struct {
	name string
	make func(path string) error
}

// traps are what a hostile repository may hold. They are made in a folder repo, beside a
// folder outside.
func traps() []trap {
	link := func(to, name string) trap {
		return trap{name, func(path string) error { return os.Symlink(to, path) }}
	}
	file := func(name, text string) trap {
		return trap{name, func(path string) error { return write(path, text) }}
	}
	fifo := func(name string) trap { return trap{name, pipe} }
	many := strings.Repeat("a", 38) + ".waitornot.yaml" // what a pattern of many ways matches almost
	return []trap{
		link("../outside/secret.yaml", "a.waitornot.yaml"), link("/proc/self/environ", "b.waitornot.yaml"), link("/dev/zero", "c.waitornot.yaml"),
		link("../outside", "sub"), link("/proc/self", "proc"), link("../outside/secret.yaml", "compose.yaml"), link("/dev/zero", "openapi.yaml"),
		link("/proc/self/environ", ".waitornot.yaml"), link("../outside/secret.yaml", "out.html"), link("../outside/made", ".out.html.lock"),
		link("../outside/made", ".out.html.tmp"), link("../outside/made", "base.json"), link("../outside", "docs"), link("../outside/secret.yaml", "docs.md"), link(".", "loop"),
		fifo("d.waitornot.yaml"), fifo(".waitornot.yaml"), fifo("compose.yaml"), fifo("base.json"),
		file(".waitornot.yaml", "extends: ../outside/secret.yaml\n"), file(".waitornot.yaml", "extends: /proc/self/environ\n"), file(".waitornot.yaml", "extends: sub/secret.yaml\n"),
		file(".waitornot.yaml", "extends: .waitornot.yaml\n"), {".waitornot.yaml", func(path string) error {
			if err := write(filepath.Join(filepath.Dir(path), many), manifest(1, "no")); err != nil {
				return err
			}
			return write(path, "overrides: [{paths: ['"+strings.Repeat("{a,a}", 30)+"c'], rules: {undecided: off}}]\n")
		}},
		file(".waitornot.yaml", "custom_rules: [{code: E001, name: evil, severity: info, when: 'any(tags, any(tags, any(tags, # == \"z\")))', message: x}]\n"),
		file(".adr-dir", "../outside/records\n"), file(".adr-dir", "sub\n"), file(".log4brains.yml", "project: {adrFolder: ../outside/records}\n"),
		file("e.waitornot.yaml", strings.Repeat("[", 20_000)), file("f.waitornot.yaml", bomb()), file("\x1b[31m::error::.waitornot.yaml", manifest(1, "maybe")),
		file(".gitattributes", "*.yaml filter=x diff=x\n"), file("hooks/post-index-change", "#!/bin/sh\ntouch ../outside/RAN\n"),
	}
}

// lay makes three to six traps of different names, so that each comes up within a dozen
// repositories. Every other repository has no trap for a configuration: one that is
// refused ends a run before it comes to the others.
func (t *target) lay(repo string) {
	t.plain = !t.plain
	laid := map[string]bool{".waitornot.yaml": t.plain}
	for left := 3 + t.random.IntN(4); left > 0; left-- {
		if len(t.traps) == 0 {
			t.traps = traps()
			t.random.Shuffle(len(t.traps), func(i, j int) { t.traps[i], t.traps[j] = t.traps[j], t.traps[i] })
		}
		next := slices.IndexFunc(t.traps, func(x trap) bool { return !laid[x.name] })
		if next < 0 {
			return
		}
		x := t.traps[next]
		t.traps, laid[x.name] = slices.Delete(t.traps, next, next+1), true
		path := filepath.Join(repo, x.name)
		_ = os.Remove(path)
		_ = x.make(path) // where the system has none, such as pipes on Windows, there is no trap
	}
}

// bomb is an alias bomb.
func bomb() string {
	var b strings.Builder
	b.WriteString("operations: [{name: a, answers: {}}]\nx-0: &x0 [a, a, a, a, a, a, a, a, a]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "x-%d: &x%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 9), ", "))
	}
	b.WriteString("journeys: [{name: j, steps: *x11}]\n")
	return b.String()
}

// repository makes a repository with links, pipes, devices, configurations and settings
// that lead out of it, and looks whether anything from outside is shown, written or run.
func (t *target) repository(dir string, n *tally) error {
	repo, outside := filepath.Join(dir, "repo"), filepath.Join(dir, "outside")
	if err := write(filepath.Join(outside, "secret.yaml"), secret+": yes\n"); err != nil {
		return err
	}
	if err := write(filepath.Join(repo, "waitornot.yaml"), manifest(2, "no")); err != nil {
		return err
	}
	if err := git(repo); err != nil {
		return err
	}
	t.lay(repo)
	before, err := snapshot(outside)
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"check"}, {"advise"}, {"graph"}, {"report", "-o", "out.html"}, {"adr"}, {"adr", "check"}, {"plan"}, {"check", "--output", "sarif"}, {"check", "--since", "HEAD"}, {"diff"}, {"import", "."},
		{"check", "--baseline", "base.json", "--write-baseline"}, {"check", "--fix"}, {"import", "waitornot.yaml", "--write", "sub"}, {"config", "show"}, {"waivers"}, {"simulate", "--operation", "op-1", "--runs", "1", "--length", "1s"},
	} {
		if args[len(args)-1] == "--write-baseline" && isPipe(filepath.Join(repo, "base.json")) {
			continue // a person may name a pipe, and then waits for who writes to it
		}
		r := t.start(repo, n, args...)
		t.holds(dir, n, args, &r)
		if r.took {
			break // the others would hang as well
		}
	}
	after, err := snapshot(outside)
	if err != nil {
		return err
	}
	for file, text := range after {
		if old, there := before[file]; !there || old != text {
			t.say(&n.wrong, dir, nil, "something was written or run outside: "+filepath.Base(file))
		}
	}
	if len(after) < len(before) {
		t.say(&n.wrong, dir, nil, "something outside is gone")
	}
	return nil
}

func isPipe(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&os.ModeNamedPipe != 0
}

// git makes a folder a repository with a commit and hostile settings; without git, what
// looks like one.
func git(repo string) error {
	if _, err := exec.LookPath("git"); err != nil {
		return write(filepath.Join(repo, ".git", "HEAD"), "ref: refs/heads/main\n")
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one"}} {
		c := exec.Command("git", args...)
		c.Dir = repo
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("git %q: %w\n%s", args, err, out)
		}
	}
	f, err := os.OpenFile(filepath.Join(repo, ".git", "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(settings); err != nil {
		return err
	}
	return f.Close()
}
