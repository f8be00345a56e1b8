package main

import (
	"bytes"
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const sample = `package sample

func Highest(a []int, limit int) int {
	high := 0
	for _, n := range a {
		if n > high && n < limit {
			high = n
		}
	}
	return high
}
`

// Each kind of site is found once, and each mutant is Go.
func TestSites(t *testing.T) {
	t.Parallel()
	found, err := sites("sample.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, m := range found {
		fmt.Fprintln(&got, m)
		text := sample[:m.start] + m.text + sample[m.end:]
		if _, err := parser.ParseFile(token.NewFileSet(), m.file, text, 0); err != nil {
			t.Errorf("%s is no Go: %v", m, err)
		}
	}
	want := `sample.go:4: 0 -> 1
sample.go:6: n > high && n < limit -> !(n > high && n < limit)
sample.go:6: && -> ||
sample.go:6: > -> >=
sample.go:6: < -> <=
`
	if got.String() != want {
		t.Errorf("sites:\n%swant:\n%s", got.String(), want)
	}
}

// What only makes room for what comes has no mutants.
func TestRoom(t *testing.T) {
	t.Parallel()
	found, err := sites("sample.go", []byte(`package sample

func Make(b *strings.Builder, n int) any {
	b.Grow(2 * n)
	m := make(map[int]int, n+3)
	return append(make([]int, 4, 5*n), slices.Grow([]int{n + 6}, 7+n)...)
}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range found {
		got = append(got, m.old+" -> "+m.text)
	}
	if list := strings.Join(got, ", "); list != "4 -> 5, + -> -, 6 -> 7" {
		t.Errorf("mutants %s", list)
	}
}

// A mutant that the tests notice is killed, one at a boundary that they do not
// try survives, and the files stay as they are.
func TestSurvivor(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	dir := t.TempDir()
	write(t, dir, "go.mod", "module sample\n\ngo 1.26\n")
	write(t, dir, "sample.go", sample)
	write(t, dir, "sample_test.go", `package sample

import "testing"

func TestHighest(t *testing.T) {
	if Highest([]int{1, 3, 9}, 5) != 3 {
		t.Fail()
	}
}
`)
	t.Chdir(dir)
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-n", "9", "-timeout", (20 * time.Second).String(), "."}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"sample.go:6: < -> <=", "5 of 5 possible mutants tried: 2 killed, 3 survived"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, out.String())
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "sample.go")); string(text) != sample {
		t.Error("the file was changed")
	}
}

// A test that takes more memory than it may is ended, so that its mutant is
// killed; with as much as it needs, the same mutant survives.
func TestMemory(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("it builds a module, and only Linux counts what a process takes in that way")
	}
	dir := t.TempDir()
	write(t, dir, "go.mod", "module sample\n\ngo 1.26\n")
	write(t, dir, "sample.go", "package sample\n\nconst Size = 0\n")
	write(t, dir, "sample_test.go", `package sample

import "testing"

func TestSize(t *testing.T) {
	held := make([]byte, Size<<29)
	for i := range held {
		held[i] = 1
	}
}
`)
	t.Chdir(dir)
	for limit, want := range map[string]string{"400": "1 killed, 0 survived", "2000": "0 killed, 1 survived"} {
		var out bytes.Buffer
		if err := run(context.Background(), []string{"-memory", limit, "."}, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("with %s MiB, want %s:\n%s", limit, want, &out)
		}
	}
}

// Tests that fail without a change say nothing about mutants.
func TestFailsUnchanged(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	dir := t.TempDir()
	write(t, dir, "go.mod", "module sample\n\ngo 1.26\n")
	write(t, dir, "sample.go", sample)
	write(t, dir, "sample_test.go", "package sample\n\nimport \"testing\"\n\nfunc TestNothing(t *testing.T) { t.Fatal(\"as ever\") }\n")
	t.Chdir(dir)
	var out bytes.Buffer
	err := run(context.Background(), []string{"."}, &out)
	if err == nil || !strings.Contains(err.Error(), "as ever") || out.Len() > 0 {
		t.Errorf("tests that fail anyway: %v, and the report %q", err, &out)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
