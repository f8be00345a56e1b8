package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// command returns a run of the program in a folder, which ends with the context. It
// believes that a CI runner reads what it prints.
func (t *target) command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, t.bin, args...)
	c.Dir = dir
	c.WaitDelay = time.Second
	c.Env = append(os.Environ(), "SECRET_TOKEN="+secret, "HOME="+dir, "WAITORNOT_STATE="+filepath.Join(dir, "state"), "GITHUB_ACTIONS=true")
	return c
}

// A result is what came of a run.
type result struct {
	code      int // -1 when it was ended, or can't be started
	out, errs string
	took      bool // longer than it may
}

func (r *result) both() string { return r.out + r.errs }

// start runs the program to its end. What crashed, or took too long, is counted.
func (t *target) start(dir string, n *tally, args ...string) result {
	return t.feed(dir, n, "", args...)
}

// feed is start with a standard input.
func (t *target) feed(dir string, n *tally, in string, args ...string) result {
	ctx, cancel := context.WithTimeout(t.ctx, t.patience)
	defer cancel()
	c := t.command(ctx, dir, args...)
	give(c, in)
	return t.finish(ctx, c, dir, n)
}

// finish runs a command of the program, and counts.
func (t *target) finish(ctx context.Context, c *exec.Cmd, dir string, n *tally) result {
	var stdout, stderr bytes.Buffer
	if c.Stdout == nil {
		c.Stdout = &stdout
	}
	c.Stderr = &stderr
	err := c.Run()
	n.runs++
	r := result{code: -1, out: stdout.String(), errs: stderr.String()}
	if h, ok := c.Stdout.(*heard); ok {
		r.out = h.String()
	}
	args := c.Args[1:]
	switch {
	case t.ctx.Err() != nil:
		return result{} // somebody ends the attack
	case c.ProcessState == nil:
		t.say(&n.crashed, dir, args, "it can't be started: "+err.Error())
		return r
	case ctx.Err() != nil:
		t.say(&n.crashed, dir, args, "it takes longer than "+t.patience.String())
		r.took = true
		return r
	}
	r.code = c.ProcessState.ExitCode()
	if strings.Contains(r.errs, "goroutine ") || strings.Contains(r.errs, "panic:") || r.code < 0 || r.code > 3 {
		t.say(&n.crashed, dir, args, fmt.Sprintf("code %d: %.300s", r.code, r.errs))
	}
	return r
}

// say counts a fault, and shows the first ones.
func (t *target) say(count *int, dir string, args []string, what string) {
	*count++
	if t.said++; t.said <= 20 {
		fmt.Fprintf(t.out, "fault: waitornot %q in %s: %s\n", args, filepath.Base(dir), what)
	}
}

// write writes a file with its folders, in the place of what is there: to write into a
// pipe would take forever.
func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o666)
}

// snapshot returns the files below a folder with what they hold.
func snapshot(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	return files, err
}

// operation is one operation of a manifest.
func operation(name, immediacy string) string {
	return fmt.Sprintf("  - {name: %s, callee: other, mode: async, answers: {immediacy: %s, retryability: yes, latency: 2s, coupling: yes}}\n", name, immediacy)
}

// manifest is a manifest of n operations.
func manifest(n int, immediacy string) string {
	var b strings.Builder
	b.WriteString("service: shop\noperations:\n")
	for i := range n {
		b.WriteString(operation(fmt.Sprintf("op-%d", i), immediacy))
	}
	return b.String()
}
