package main

import (
	"context"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Each breach fits the program as it is.
func TestBreaches(t *testing.T) {
	t.Parallel()
	for _, b := range breaches() {
		text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(b.file)))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), b.old); n != 1 {
			t.Errorf("%s: %s holds what is to be broken %d times", b.what, b.file, n)
		}
	}
}

// The page has a row for each attack, and no attack found anything.
func TestPage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../cmd/docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), begin)
	shown, _, _ := strings.Cut(rest, end)
	rows := strings.Split(strings.TrimSpace(shown), "\n")
	if len(rows) != 2+len(attacks()) {
		t.Fatalf("the page has %d rows: go run ./testdata/soak -for 10m -write cmd/docs/threat-model.md", len(rows))
	}
	for i, a := range attacks() {
		if row := rows[2+i]; !strings.HasPrefix(row, "| "+a.name+" | ") || !strings.HasSuffix(row, " | 0 | 0 | 0 |") {
			t.Errorf("%s: the page says %s", a.name, row)
		}
	}
}

// A program that does everything wrong is found by every attack.
func TestStub(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // it has no shell to write the program for
	}
	dir := t.TempDir()
	x := &target{ctx: context.Background(), bin: filepath.Join(dir, "stub"), patience: time.Minute, random: rand.New(rand.NewPCG(1, 0)), out: io.Discard}
	stub := "#!/bin/sh\nprintf '\\033[31m::error::%s\\n' \"$SECRET_TOKEN\"\necho 'panic: x' >&2\necho torn > waitornot.yaml\nexit 7\n"
	if err := os.WriteFile(x.bin, []byte(stub), 0o777); err != nil {
		t.Fatal(err)
	}
	tallies := make([]tally, len(attacks()))
	if err := x.round(filepath.Join(dir, "work"), tallies); err != nil {
		t.Fatal(err)
	}
	if got := found(tallies); len(got) != len(attacks()) {
		t.Errorf("found by %q alone", got)
	}
	if verdict(tallies) == nil {
		t.Error("the soak command ends well")
	}
}
