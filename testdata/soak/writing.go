package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// added is a command line that adds an operation to the manifest.
func added(name string, more ...string) []string {
	return append([]string{"ask", "--name", name, "--immediacy", "no", "--retryability", "yes", "--latency", "2s", "--coupling", "yes", "--save", "waitornot.yaml"}, more...)
}

// writing are command lines that write files.
func writing() [][]string {
	return [][]string{
		{"adr", "--dir", "records"}, {"check", "--fix", "--fail-on", "never"}, {"report", "-o", "page.html"},
		{"check", "--baseline", "base.json", "--write-baseline", "--fail-on", "never"},
		{"import", "compose.yaml", "--write", "."}, {"graph", "--format", "svg", "-o", "graph.svg"}, {"check", "--output", "sarif=out.sarif", "--fail-on", "never"},
		added("added", "--replace"),
	}
}

// prepare writes the manifest that a job works on, and what import reads.
func prepare(dir string, job []string, size int) error {
	text := manifest(size, "no")
	switch job[1] {
	case "--fix":
		text = strings.ReplaceAll(text, "callee:", "calee:")
	case "--baseline":
		text = manifest(size, "yes") // it disagrees with the mode
	}
	if err := write(filepath.Join(dir, "compose.yaml"), "services:\n  shop: {environment: {BANK_URL: 'http://bank:80'}, depends_on: [bank]}\n  bank: {image: bank}\n"); err != nil {
		return err
	}
	return write(filepath.Join(dir, "waitornot.yaml"), text)
}

// kill starts a command that writes, ends it at a random moment with a signal that it
// can't hear, and looks at every file, meanwhile as well: each is what it was or what it
// was to become. Then the command is run again, and does its work.
func (t *target) kill(dir string, n *tally) error {
	const size = 300
	jobs := writing()
	job := jobs[t.random.IntN(len(jobs))]
	if err := prepare(dir, job, size); err != nil {
		return err
	}
	path := filepath.Join(dir, "waitornot.yaml")
	ctx, cancel := context.WithTimeout(t.ctx, time.Duration(t.random.IntN(60_000))*time.Microsecond)
	defer cancel()
	torn := watch(ctx, path, func(text string) bool { return whole(text, size) })
	_ = t.command(ctx, dir, job...).Run() // killed, or faster
	n.runs++
	cancel()
	if text := <-torn; text != "" {
		t.say(&n.lost, dir, job, fmt.Sprintf("a reader sees a part of the manifest: %d bytes", len(text)))
	}
	files, err := snapshot(dir)
	if err != nil {
		return err
	}
	for file, text := range files {
		if name := filepath.Base(file); !strings.HasPrefix(name, ".") && !ends(file, text) {
			t.say(&n.lost, dir, job, fmt.Sprintf("%s is torn: %d bytes", name, len(text)))
		}
	}
	if !whole(files[path], size) {
		t.say(&n.lost, dir, job, fmt.Sprintf("the manifest is torn: %d bytes", len(files[path])))
	}
	if r := t.start(dir, n, job...); r.code != 0 {
		t.say(&n.wrong, dir, job, fmt.Sprintf("after a kill it ends with %d: %.300s", r.code, r.both()))
	}
	if r := t.start(dir, n, "check", "--fail-on", "never"); r.code != 0 || !strings.Contains(r.both(), "operations") {
		t.say(&n.wrong, dir, job, fmt.Sprintf("afterwards check ends with %d: %.300s", r.code, r.both()))
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
	case ".html":
		return strings.HasSuffix(text, "</html>\n")
	case ".svg":
		return strings.HasSuffix(text, "</svg>\n")
	case ".md":
		return strings.HasSuffix(text, "\n") && strings.Count(text, "waitornot:begin") == strings.Count(text, "waitornot:end")
	}
	return strings.HasSuffix(text, "\n")
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
	if err := write(filepath.Join(dir, "waitornot.yaml"), manifest(3, "no")); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"check"}, {"advise"}, {"graph"}, {"graph", "--format", "json"}, {"graph", "--format", "svg"}, {"plan"}, {"report", "--format", "markdown"}, {"report"}, {"adr"}, {"adr", "check"},
		{"explain"}, {"config", "show"}, {"rules", "list"}, {"schema", "manifest"}, {"practice", "list"}, {"--version"}, {"--help"}, {"waivers"},
		{"simulate", "--operation", "op-1", "--runs", "1", "--length", "1s"}, {"import", "--print-query"}, {"completion", "bash"}, added("x")[:11],
	} {
		ctx, cancel := context.WithTimeout(t.ctx, t.patience)
		c := t.command(ctx, dir, args...)
		c.Stdout = full
		r := t.finish(ctx, c, dir, n)
		cancel()
		if r.code != 3 && t.ctx.Err() == nil {
			t.say(&n.wrong, dir, args, fmt.Sprintf("a full disk ends with %d, not 3", r.code))
		}
	}
	for _, job := range writing() {
		if err := t.noGrowth(filepath.Join(dir, "small"), n, job); err != nil {
			return err
		}
	}
	return nil
}

// noGrowth runs a command that writes where no file can be larger than a block: it says so,
// and everything is as it was.
func (t *target) noGrowth(dir string, n *tally, job []string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := prepare(dir, job, 60); err != nil {
		return err
	}
	if job[0] == "import" { // its manifest would be small enough
		if err := write(filepath.Join(dir, "waitornot.yaml"), manifest(60, "no")); err != nil {
			return err
		}
	}
	before, err := snapshot(dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.ctx, t.patience)
	defer cancel()
	c := t.command(ctx, dir, job...)
	c.Path = "/bin/sh"
	c.Args = append([]string{"sh", "-c", `ulimit -f 1; exec "$@"`, "sh", t.bin}, job...)
	r := t.finish(ctx, c, dir, n)
	if r.code != 3 && t.ctx.Err() == nil {
		t.say(&n.wrong, dir, job, fmt.Sprintf("a file that can't grow ends with %d, not 3: %.300s", r.code, r.errs))
	}
	after, err := snapshot(dir)
	if err != nil {
		return err
	}
	for file, text := range after {
		if before[file] != text {
			t.say(&n.lost, dir, job, fmt.Sprintf("%s has %d bytes, and had %d", filepath.Base(file), len(text), len(before[file])))
		}
	}
	if len(after) < len(before) {
		t.say(&n.lost, dir, job, "a file is gone")
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
		{"ask", "--plain"}, {"import", "in.yaml"}, {"import", "-"}, {"mcp"},
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
	case code != 130 && code != -1 && (code != 0 || c.Args[1] != "mcp"):
		t.say(&n.wrong, dir, c.Args[1:], fmt.Sprintf("after a signal it ends with %d, %v", code, err))
	}
	return nil
}
