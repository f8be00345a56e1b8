package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// added is a command line that adds an operation to the manifest.
func added(name string, more ...string) []string {
	return append([]string{"ask", "--name", name, "--immediacy", "no", "--retryability", "yes", "--latency", "2s", "--coupling", "yes", "--save", "waitornot.yaml"}, more...)
}

// killed is how many jobs one attack kills.
const killed = 6

// kill starts commands that write, ends each at a random moment with a signal that it
// can't hear, and looks at every file, meanwhile as well: each is what it was or what it
// was to become. Then the command is run again, and does its work.
func (t *target) kill(dir string, n *tally) error {
	jobs, err := t.jobs()
	if err != nil {
		return err
	}
	// Every other job changes the manifest, which others read meanwhile.
	changing := slices.DeleteFunc(slices.Clone(jobs), func(j job) bool {
		return !slices.ContainsFunc([]string{"--fix", "--save", "import compose.yaml --write", open().named()}, func(part string) bool { return strings.Contains(j.named(), part) })
	})
	for i := range killed {
		from := jobs
		if i%2 == 1 && len(changing) > 0 {
			from = changing
		}
		j := from[t.random.IntN(len(from))]
		if err := t.killOne(filepath.Join(dir, fmt.Sprint(i)), n, j); err != nil {
			return err
		}
	}
	return nil
}

func (t *target) killOne(dir string, n *tally, j job) error {
	const size = 300
	if err := prepare(dir, j, size); err != nil {
		return err
	}
	path := filepath.Join(dir, "waitornot.yaml")
	ctx, cancel := context.WithTimeout(t.ctx, time.Duration(t.random.IntN(60_000))*time.Microsecond)
	defer cancel()
	torn := watch(ctx, path, func(text string) bool { return whole(text, size) })
	_ = t.jobCommand(ctx, dir, j).Run() // killed, or faster
	n.runs++
	cancel()
	if text := <-torn; text != "" {
		t.say(&n.lost, dir, j.args, fmt.Sprintf("a reader sees a part of the manifest: %d bytes", len(text)))
	}
	if err := t.untorn(dir, n, j, size); err != nil {
		return err
	}
	if r := t.runJob(dir, n, j); !t.worked(j, r.code) {
		t.say(&n.wrong, dir, j.args, fmt.Sprintf("after a kill it ends with %d: %.300s", r.code, r.both()))
	}
	if err := t.untorn(dir, n, j, size); err != nil {
		return err
	}
	if r := t.start(dir, n, "check", "--fail-on", "never"); r.code != 0 || !strings.Contains(r.both(), "operations") {
		t.say(&n.wrong, dir, j.args, fmt.Sprintf("afterwards check ends with %d: %.300s", r.code, r.both()))
	}
	return t.cleared(dir, n, j)
}

// cleared adds an operation to the manifest, and looks whether the run that was killed has left
// anything beside it, such as a lock.
func (t *target) cleared(dir string, n *tally, j job) error {
	if r := t.start(dir, n, added("last")...); r.code != 0 && t.ctx.Err() == nil {
		t.say(&n.wrong, dir, j.args, fmt.Sprintf("afterwards ask --save ends with %d: %.300s", r.code, r.both()))
	}
	left, err := filepath.Glob(filepath.Join(dir, ".waitornot.yaml.*"))
	if len(left) > 0 && t.ctx.Err() == nil {
		t.say(&n.wrong, dir, j.args, fmt.Sprintf("%s is left behind", filepath.Base(left[0])))
	}
	return err
}

// worked reports whether a job that was not disturbed may end with a code. Some report
// findings: a wrong answer, a record that is missing. What is stopped in the middle of an
// interview ends as such, and init says what is there already.
func (t *target) worked(j job, code int) bool {
	switch {
	case code == 0 || t.ctx.Err() != nil:
		return true
	case j.args[0] == "practice", strings.HasPrefix(j.named(), "adr check"), j.args[0] == "lsp":
		return code == 1
	case j.args[0] == "init", j.named() == open().named(): // whose answers end before the questions do
		return code == 3
	}
	return false
}

// untorn looks at every file of a folder that is no leftover of a kill.
func (t *target) untorn(dir string, n *tally, j job, size int) error {
	files, err := snapshot(dir)
	if err != nil {
		return err
	}
	for file, text := range files {
		if name := filepath.Base(file); !strings.HasPrefix(name, ".") && !ends(file, text) {
			t.say(&n.lost, dir, j.args, fmt.Sprintf("%s is torn: %d bytes", name, len(text)))
		}
	}
	if text := files[filepath.Join(dir, "waitornot.yaml")]; !whole(text, size) {
		t.say(&n.lost, dir, j.args, fmt.Sprintf("the manifest is torn: %d bytes", len(text)))
	}
	return nil
}

// watch reads a file again and again until the context is done, and then tells the first
// content that isn't good, or nothing.
func watch(ctx context.Context, path string, good func(string) bool) <-chan string {
	torn := make(chan string, 1)
	go func() {
		defer close(torn)
		for ctx.Err() == nil {
			if text, err := os.ReadFile(path); err == nil && !good(string(text)) {
				torn <- string(text) + "."
				return
			}
		}
	}()
	return torn
}

// ends reports whether a file that the program wrote goes to its end.
func ends(path, text string) bool {
	switch filepath.Ext(path) {
	case ".json", ".sarif":
		return json.Valid([]byte(text))
	case ".jsonl":
		for line := range strings.Lines(text) {
			if !json.Valid([]byte(line)) {
				return false
			}
		}
		return true
	case ".html":
		return strings.HasSuffix(text, "</html>\n")
	case ".svg":
		return strings.HasSuffix(text, "</svg>\n")
	case ".1": // a manual page
		return strings.HasSuffix(text, "\n") && strings.Contains(text, ".SH ")
	case ".md":
		return strings.HasSuffix(text, "\n") && strings.Count(text, "waitornot:begin") == strings.Count(text, "waitornot:end")
	}
	return strings.HasSuffix(text, "\n") || text == "" && filepath.Base(path) == "out-practice-export.txt" // an empty history
}

// whole reports whether a manifest has all of its operations, and perhaps the one that was
// added.
func whole(text string, n int) bool {
	found := strings.Count(text, "name: ")
	return strings.HasSuffix(text, "\n") && (found == n || found == n+1 && (strings.Contains(text, "added") || strings.Contains(text, "bank")))
}

// writers lets many processes add an operation each to one manifest: as many as two
// hundred, one time of eight.
func (t *target) writers(dir string, n *tally) error {
	many := 24
	if t.random.IntN(8) == 0 {
		many = 200
	}
	path := filepath.Join(dir, "waitornot.yaml")
	if err := write(path, manifest(1, "no")); err != nil {
		return err
	}
	var wg sync.WaitGroup
	tallies, codes := make([]tally, many), make([]int, many)
	for i := range many {
		wg.Go(func() {
			own := &target{ctx: t.ctx, bin: t.bin, patience: 4 * t.patience, out: t.out}
			codes[i] = own.start(dir, &tallies[i], added(fmt.Sprintf("writer-%d", i))...).code
		})
	}
	wg.Wait()
	for _, x := range tallies {
		n.runs, n.crashed = n.runs+x.runs, n.crashed+x.crashed
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i := range many {
		if !strings.Contains(string(text), fmt.Sprintf("name: writer-%d,", i)) && t.ctx.Err() == nil {
			t.say(&n.lost, dir, added(""), fmt.Sprintf("writer %d of %d is not in the manifest, and ended with %d", i, many, codes[i]))
		}
	}
	return nil
}

// fullDisk runs every command that prints with a standard output that takes nothing, and
// every command that writes where files can't grow.
func (t *target) fullDisk(dir string, n *tally) error {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		n.runs++
		return nil // only Linux has one
	}
	defer full.Close()
	if err := prepare(dir, job{}, 3); err != nil {
		return err
	}
	lines, err := t.printed()
	if err != nil {
		return err
	}
	for _, j := range lines {
		ctx, cancel := context.WithTimeout(t.ctx, t.patience)
		c := t.jobCommand(ctx, dir, j)
		c.Stdout = full
		r := t.finish(ctx, c, dir, n)
		cancel()
		if r.code != 3 && t.ctx.Err() == nil {
			t.say(&n.wrong, dir, j.args, fmt.Sprintf("a full disk ends with %d, not 3: %.300s", r.code, r.errs))
		}
	}
	if err := t.fullDevice(dir, n); err != nil {
		return err
	}
	jobs, err := t.jobs()
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if err := t.noGrowth(filepath.Join(dir, "small"), n, j); err != nil {
			return err
		}
	}
	return nil
}

// fullDevice has every command that has --output write to a device that takes nothing.
func (t *target) fullDevice(dir string, n *tally) error {
	list, err := t.commands()
	if err != nil {
		return err
	}
	base := prints()
	for _, c := range list {
		if !slices.Contains(c.flags, "output") {
			continue
		}
		j := base[c.path]
		args := append(slices.Clone(j.args), "--output", "/dev/full")
		if r := t.feed(dir, n, j.in, args...); r.code != 3 && t.ctx.Err() == nil {
			t.say(&n.wrong, dir, args, fmt.Sprintf("a full device ends with %d, not 3: %.300s", r.code, r.errs))
		}
	}
	return nil
}

// printed returns a line of each command of the tree that prints something, and lines for
// formats that are written in other ways.
func (t *target) printed() ([]job, error) {
	list, err := t.commands()
	if err != nil {
		return nil, err
	}
	base := prints()
	lines := []job{{args: []string{"--version"}}, {args: []string{"--help"}}}
	for _, line := range []string{"graph --format json", "graph --format svg", "report --format markdown", "advise --format json", "check --fail-on never --format json", "import --print-query", "plan --format json"} {
		lines = append(lines, job{args: strings.Fields(line)})
	}
	for _, c := range list {
		j, known := base[c.path]
		if !known {
			return nil, fmt.Errorf("the attack has no line for the command %q: add one to prints", c.path)
		}
		if !slices.Contains(silent, c.path) {
			lines = append(lines, j)
		}
	}
	return lines, nil
}

// noGrowth runs a command that writes where no file can be larger than a block, and on a
// small disk that is full: it says so, and everything is as it was. What is small enough
// is written whole.
func (t *target) noGrowth(dir string, n *tally, j job) error {
	limited := []string{"sh", "-c", `ulimit -f 1; exec "$@"`, "sh", t.bin}
	if err := t.cramped(dir, n, j, limited, func() (func(), error) { return func() {}, os.MkdirAll(dir, 0o777) }); err != nil {
		return err
	}
	if !t.smallDisks {
		return nil
	}
	return t.cramped(dir, n, j, []string{"sh", "-c", `cat /dev/zero >fill.tmp 2>/dev/null; exec "$@"`, "sh", t.bin}, func() (func(), error) { return smallDisk(dir) })
}

// cramped runs a job by way of a shell in a folder that room makes.
func (t *target) cramped(dir string, n *tally, j job, shell []string, room func() (func(), error)) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	leave, err := room()
	if err != nil {
		return err
	}
	defer leave()
	if err := prepare(dir, j, 60); err != nil {
		return err
	}
	before, err := snapshot(dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.ctx, t.patience)
	defer cancel()
	c := t.jobCommand(ctx, dir, j)
	c.Path = "/bin/sh"
	c.Args = append(slices.Clone(shell), j.args...)
	r := t.finish(ctx, c, dir, n)
	after, err := snapshot(dir)
	if err != nil {
		return err
	}
	delete(after, filepath.Join(dir, "fill.tmp"))
	if r.code != 3 && !t.worked(j, r.code) {
		t.say(&n.wrong, dir, j.args, fmt.Sprintf("where nothing can grow it ends with %d: %.300s", r.code, r.errs))
	}
	for file, text := range after {
		old, was := before[file]
		switch {
		case filepath.Ext(file) == ".lock" || was && old == text:
		case !ends(file, text) || was && (r.code == 3 || !whole(text, 60) && filepath.Base(file) == "waitornot.yaml"):
			t.say(&n.lost, dir, j.args, fmt.Sprintf("%s has %d bytes, and had %d", filepath.Base(file), len(text), len(old)))
		}
	}
	for file := range before {
		if _, still := after[file]; !still {
			t.say(&n.lost, dir, j.args, filepath.Base(file)+" is gone")
		}
	}
	return nil
}

// signals ends commands that wait for input: they end at once, with the code for that.
func (t *target) signals(dir string, n *tally) error {
	if err := pipe(filepath.Join(dir, "in.yaml")); err != nil {
		n.runs++
		return nil // only Unix has them
	}
	if err := write(filepath.Join(dir, "waitornot.yaml"), manifest(3, "no")); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"check", "in.yaml"}, {"advise", "in.yaml"}, {"check", "-"}, {"graph", "in.yaml"}, {"check", "waitornot.yaml", "--baseline", "in.yaml"},
		{"ask", "--plain"}, {"import", "in.yaml"}, {"import", "-"}, {"mcp"}, {"lsp"}, {"practice", "drill", "--plain"}, {"practice", "mock", "web-shop", "--plain"}, {"practice", "design", "web-shop", "--plain"}, {"practice", "--plain"},
		{"report", "in.yaml"}, {"adr", "in.yaml"}, {"plan", "in.yaml"}, {"diff", "in.yaml", "waitornot.yaml"}, {"waivers", "in.yaml"}, {"simulate", "in.yaml"}, {"check", "--watch"}, {"report", "--serve", "127.0.0.1:0"},
		{"import", "--listen", "127.0.0.1:0", "--for", "5m"}, {"simulate", "--operation", "op-1", "--runs", "100000", "--length", "9h"}, {"graph", "-o", "in.yaml", "waitornot.yaml"}, {"check", "--format", "json=in.yaml", "waitornot.yaml"}, {"ask", "--plain", "in.yaml"},
	} {
		ctx, cancel := context.WithTimeout(t.ctx, t.patience)
		c := t.command(ctx, dir, args...)
		in, err := c.StdinPipe() // nobody writes to it
		if err == nil {
			err = t.signalled(ctx, c, dir, n)
			_ = in.Close()
		}
		unheard := ctx.Err() != nil
		cancel()
		if err != nil || unheard {
			return err // the others would hear as little
		}
	}
	return nil
}

// serves reports whether a command goes on until somebody ends it, which is a good end.
func serves(args []string) bool {
	return args[0] == "mcp" || args[0] == "lsp" || slices.Contains(args, "--serve") || slices.Contains(args, "--listen") || slices.Contains(args, "--watch")
}

// signalled starts a command that waits, sends it a signal, and looks how it ends. One that
// has not heard of signals yet is ended by them, as any is.
func (t *target) signalled(ctx context.Context, c *exec.Cmd, dir string, n *tally) error {
	timer := time.AfterFunc(time.Duration(200+t.random.IntN(300))*time.Millisecond, func() {
		if c.Process != nil {
			_ = c.Process.Signal(os.Interrupt)
		}
	})
	defer timer.Stop()
	err := c.Run()
	n.runs++
	code := c.ProcessState.ExitCode()
	switch {
	case t.ctx.Err() != nil || c.ProcessState == nil:
		return t.ctx.Err()
	case ctx.Err() != nil:
		t.say(&n.crashed, dir, c.Args[1:], "it does not hear a signal")
	case code != 130 && code != -1 && !(serves(c.Args[1:]) && (code == 0 || code == 3 && c.Args[1] == "import")): // which has heard of nothing
		t.say(&n.wrong, dir, c.Args[1:], fmt.Sprintf("after a signal it ends with %d, %v", code, err))
	}
	return nil
}
