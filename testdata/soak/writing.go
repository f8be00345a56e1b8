package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// kill starts a command that writes, ends it at a random moment with a signal that it
// can't hear, and looks at every file: each is what it was or what it was to become.
// Then the command is run again, and does its work.
func (t *target) kill(dir string, n *tally) error {
	const size = 300
	misspelt := strings.ReplaceAll(manifest(size, "no"), "callee:", "calee:")
	jobs := [][]string{
		{"adr", "--dir", "records"}, {"check", "--fix", "--fail-on", "never"}, {"report", "-o", "page.html"},
		{"check", "--baseline", "base.json", "--write-baseline", "--fail-on", "never"},
		{"ask", "--name", "added", "--immediacy", "no", "--retryability", "yes", "--latency", "2s", "--coupling", "yes", "--save", "waitornot.yaml", "--replace"},
	}
	job := jobs[t.random.IntN(len(jobs))]
	text := manifest(size, "no")
	if job[1] == "--fix" {
		text = misspelt
	}
	path := filepath.Join(dir, "waitornot.yaml")
	if err := write(path, text); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.ctx, time.Duration(t.random.IntN(60_000))*time.Microsecond)
	defer cancel()
	_ = t.command(ctx, dir, job...).Run() // killed, or faster
	n.runs++
	if got, err := os.ReadFile(path); err != nil || !whole(string(got), size) {
		t.say(&n.lost, dir, job, fmt.Sprintf("the manifest is torn: %d bytes, %v", len(got), err))
	}
	if code, out := t.run(dir, n, job...); code != 0 {
		t.say(&n.wrong, dir, job, fmt.Sprintf("after a kill it ends with %d: %.300s", code, out))
	}
	if code, out := t.run(dir, n, "check", "--fail-on", "never"); code != 0 || !strings.Contains(out, "operations") {
		t.say(&n.wrong, dir, job, fmt.Sprintf("afterwards check ends with %d: %.300s", code, out))
	}
	return nil
}

// whole reports whether a manifest has all of its operations, and perhaps the one that was
// added.
func whole(text string, n int) bool {
	found := strings.Count(text, "name: ")
	return strings.HasSuffix(text, "\n") && (found == n || found == n+1 && strings.Contains(text, "added"))
}

// writers lets many processes add an operation each to one manifest.
func (t *target) writers(dir string, n *tally) error {
	const many = 12
	path := filepath.Join(dir, "waitornot.yaml")
	if err := write(path, manifest(1, "no")); err != nil {
		return err
	}
	var wg sync.WaitGroup
	tallies := make([]tally, many)
	for i := range many {
		wg.Go(func() {
			own := &target{ctx: t.ctx, bin: t.bin}
			own.run(dir, &tallies[i], "ask", "--name", fmt.Sprintf("writer-%d", i), "--immediacy", "no", "--retryability", "yes",
				"--latency", "2s", "--coupling", "yes", "--save", "waitornot.yaml")
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
		if !strings.Contains(string(text), fmt.Sprintf("name: writer-%d,", i)) {
			t.say(&n.lost, dir, []string{"ask", "--save"}, fmt.Sprintf("writer %d is not in the manifest", i))
		}
	}
	return nil
}

// fullDisk runs every command that prints with a standard output that takes nothing.
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
		{"check"}, {"advise"}, {"graph"}, {"graph", "--format", "json"}, {"plan"}, {"report", "--format", "markdown"}, {"adr"}, {"adr", "check"},
		{"explain"}, {"config", "show"}, {"rules", "list"}, {"schema", "manifest"}, {"practice", "list"}, {"--version"}, {"--help"},
	} {
		ctx, cancel := context.WithTimeout(t.ctx, patience)
		c := t.command(ctx, dir, args...)
		c.Stdout = full
		_ = c.Run()
		cancel()
		n.runs++
		if code := c.ProcessState.ExitCode(); code != 3 && t.ctx.Err() == nil {
			t.say(&n.wrong, dir, args, fmt.Sprintf("a full disk ends with %d, not 3", code))
		}
	}
	return nil
}
