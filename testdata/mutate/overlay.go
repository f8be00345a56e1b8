package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// A fate is what became of a mutant.
type fate int

const (
	alive  fate = iota // all tests passed
	killed             // a test failed, or did not end in time
	broken             // it does not compile: it says nothing about the tests
)

// test runs the tests with the mutant in the place of its file.
func (m mutant) test(ctx context.Context, o options) (fate, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return broken, err
	}
	defer os.RemoveAll(dir)
	overlay, err := m.overlay(dir)
	if err != nil {
		return broken, err
	}
	result, err := goTest(ctx, overlay, o, m.pkg)
	if err == nil && result == alive && len(o.with) > 0 {
		result, err = goTest(ctx, overlay, o, o.with...)
	}
	if err == nil && result == alive && o.all {
		result, err = goTest(ctx, overlay, o, "./...")
	}
	return result, err
}

// overlay writes the changed file and the description that go test -overlay
// takes into a folder, and returns the path of the description.
func (m mutant) overlay(dir string) (string, error) {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	changed := filepath.Join(dir, filepath.Base(m.file))
	text := bytes.Join([][]byte{src[:m.start], []byte(m.text), src[m.end:]}, nil)
	if err := os.WriteFile(changed, text, 0o600); err != nil {
		return "", err
	}
	description, err := json.Marshal(map[string]map[string]string{"Replace": {m.file: changed}})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, description, 0o600)
}

// goTest runs the tests of packages over an overlay.
func goTest(ctx context.Context, overlay string, o options, packages ...string) (fate, error) {
	build := exec.CommandContext(ctx, "go", slices.Concat([]string{"build", "-o", os.DevNull, "-overlay", overlay}, packages)...)
	if err := build.Run(); err != nil {
		return broken, ctx.Err()
	}
	if err := o.tests(ctx, slices.Concat([]string{"-overlay", overlay}, packages)...).Run(); err != nil {
		return killed, ctx.Err()
	}
	return alive, nil
}

// tests is the command that runs tests, within the limits. Random tests keep
// nothing of what failed: it would be tried again on the next mutant.
func (o options) tests(ctx context.Context, args ...string) *exec.Cmd {
	all := []string{"test", "-vet=off", "-failfast", "-count=1", fmt.Sprintf("-timeout=%s", o.timeout)}
	if o.memory > 0 && runtime.GOOS != "windows" {
		all = append(all, "-exec", fmt.Sprintf(`sh -c 'ulimit -d %d && exec "$0" "$@"'`, o.memory<<10))
	}
	c := exec.CommandContext(ctx, "go", append(all, args...)...)
	c.Env = append(os.Environ(), "RAPID_NOFAILFILE=1")
	return c
}
