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

// patience is how long a command may take: everything here is small.
const patience = time.Minute

// command returns a run of the program in a folder, which ends with the context.
func (t *target) command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, t.bin, args...)
	c.Dir = dir
	c.WaitDelay = time.Second
	c.Env = append(os.Environ(), "SECRET_TOKEN="+secret, "HOME="+dir, "WAITORNOT_STATE="+filepath.Join(dir, "state"))
	return c
}

// run is start, for both streams as one text.
func (t *target) run(dir string, n *tally, args ...string) (code int, out string) {
	code, out, errs := t.start(dir, n, args...)
	return code, out + errs
}

// start runs the program to its end, and returns its exit code and what it writes. What
// crashed, or took too long, is counted.
func (t *target) start(dir string, n *tally, args ...string) (code int, out, errs string) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	c := t.command(ctx, dir, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	n.runs++
	out, errs = stdout.String(), stderr.String()
	switch {
	case t.ctx.Err() != nil:
		return 0, "", ""
	case c.ProcessState == nil:
		t.say(&n.crashed, dir, args, "it can't be started: "+err.Error())
		return -1, out, errs
	case ctx.Err() != nil:
		t.say(&n.crashed, dir, args, "it takes longer than "+patience.String())
		return -1, out, errs
	}
	code = c.ProcessState.ExitCode()
	if strings.Contains(errs, "goroutine ") || strings.Contains(errs, "panic:") || code < 0 {
		t.say(&n.crashed, dir, args, fmt.Sprintf("code %d: %.300s", code, errs))
	}
	return code, out, errs
}

// say counts a fault, and shows the first ones.
func (t *target) say(count *int, dir string, args []string, what string) {
	*count++
	if t.said++; t.said <= 20 {
		fmt.Printf("fault: waitornot %q in %s: %s\n", args, filepath.Base(dir), what)
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
