package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
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
		link("../../outside/secret.yaml", "svc/out.html"), link("/dev/null", "svc/out.html"), link("../../outside", "svc/sub"), link("../../outside/made", "svc/base.json"), link("../../outside/secret.yaml", "svc/a.waitornot.yaml"),
		file("svc/.waitornot.yaml", "extends: sub/secret.yaml\n"), file("svc/.adr-dir", "sub\n"),
		file(".gitattributes", "*.yaml filter=x diff=x\n"), file("hooks/post-index-change", "#!/bin/sh\ntouch ../outside/RAN\n"),
	}
}

// A deck is what hostile repositories still have to try. Chance decides the order alone:
// after two times through the deck, each trap has been in a repository without one for a
// configuration (a refused configuration ends a run before it comes to the others), seen
// from the folder it lies in, with and without a repository outside. A configuration is
// seen from its folder and from below.
type deck struct {
	settings, others []trap
	turn             int
	outside          bool // what lies outside is a repository, too
	below            bool // people work below the configuration
}

// A hand is what one hostile repository has: its traps, of different names, the folder
// people work in, and whether what lies outside is a repository.
type hand struct {
	traps   []trap
	at      string
	outside bool
}

// deal takes the traps of the next repository: in every other one a trap for a
// configuration and some that come up again, else three to six that do not until all have
// come up.
func (d *deck) deal(random *rand.Rand) hand {
	if len(d.settings) == 0 {
		d.settings, _ = shuffled(random)
		d.below = !d.below
	}
	if len(d.others) == 0 {
		_, d.others = shuffled(random)
		d.outside = !d.outside
	}
	d.turn++
	if d.turn%2 == 0 {
		first := d.settings[0]
		d.settings = d.settings[1:]
		_, others := shuffled(random)
		more, _ := together(others, path.Dir(first.name), random.IntN(4))
		at := path.Dir(first.name)
		if d.below {
			at = "svc" // the configuration of the top counts there as well
		}
		return hand{append(more, first), at, random.IntN(2) == 0}
	}
	h := hand{at: path.Dir(d.others[0].name), outside: d.outside}
	h.traps, d.others = together(d.others, h.at, 3+random.IntN(4))
	return h
}

// shuffled returns all traps in an order by chance: those for configurations, and the
// others.
func shuffled(random *rand.Rand) (settings, others []trap) {
	for _, x := range traps() {
		if path.Base(x.name) == ".waitornot.yaml" {
			settings = append(settings, x)
		} else {
			others = append(others, x)
		}
	}
	random.Shuffle(len(settings), func(i, j int) { settings[i], settings[j] = settings[j], settings[i] })
	random.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return settings, others
}

// together takes up to n traps of different names that lie in a folder.
func together(from []trap, folder string, n int) (taken, left []trap) {
	laid := map[string]bool{}
	for _, x := range from {
		if len(taken) < n && path.Dir(x.name) == folder && !laid[x.name] {
			taken, laid[x.name] = append(taken, x), true
		} else {
			left = append(left, x)
		}
	}
	return taken, left
}

// lay makes traps in the place of what has their names.
func lay(repo string, all []trap) {
	for _, x := range all {
		path := filepath.Join(repo, filepath.FromSlash(x.name))
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
	h := t.deck.deal(t.random)
	at := filepath.Join(repo, h.at)
	if err := write(filepath.Join(repo, "svc", "waitornot.yaml"), strings.ReplaceAll(manifest(2, "no"), "shop", "svc")); err != nil {
		return err
	}
	if err := git(repo); err != nil {
		return err
	}
	if h.outside {
		if err := git(outside); err != nil {
			return err
		}
	}
	lay(repo, h.traps)
	before, err := snapshot(outside)
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"check"}, {"advise"}, {"graph"}, {"report", "-o", "out.html"}, {"adr"}, {"adr", "check"}, {"plan"}, {"check", "--output", "sarif"}, {"check", "--since", "HEAD"}, {"diff"}, {"import", "."},
		{"check", "--baseline", "base.json", "--write-baseline"}, {"check", "--fix"}, {"import", "waitornot.yaml", "--write", "sub"}, {"check", "--format", "sarif=out.html"}, {"graph", "-o", "sub/graph.txt"}, append(added("z")[:len(added("z"))-1], "out.html"), {"config", "show"}, {"waivers"}, {"simulate", "--operation", "op-1", "--runs", "1", "--length", "1s"},
	} {
		if args[len(args)-1] == "--write-baseline" && isPipe(filepath.Join(at, "base.json")) {
			continue // a person may name a pipe, and then waits for who writes to it
		}
		r := t.start(at, n, args...)
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
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null", "-c", "maintenance.auto=false", "commit", "-q", "-m", "one"}} {
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
