package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"waitornot/cmd"
)

// update asks to rewrite the expected output in testdata/script, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

// TestMain lets scripts run the program as the command waitornot, and a program that
// crashes as no code can recover from.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"waitornot": main, "crash": crash})
}

// crash ends as main would: the stack of a goroutine overflows, or a goroutine panics.
func crash() {
	cmd.AbortOnCrash()
	if len(os.Args) > 1 {
		go panic("of a goroutine of its own")
		select {}
	}
	debug.SetMaxStack(1 << 20)
	os.Exit(deeper(0))
}

func deeper(n int) int {
	if n < 0 {
		return n
	}
	return 1 + deeper(n+1)
}

// TestScript runs testdata/script: each file is a script with its input and
// expected output. The samples of testdata/manifests are at $SAMPLES.
func TestScript(t *testing.T) {
	t.Parallel()
	samples := absolute(t, "testdata/manifests")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SAMPLES", samples)
			e.Setenv("COLUMNS", "80")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "edit": edit, "drop": drop},
	})
}

// exits runs a command and wants it to end with an exit code:
//
//	exits 3 waitornot advise missing.yaml
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var failed *exec.ExitError
		if !errors.As(err, &failed) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s ended with %d, want %d", args[1], got, want)
	}
}

// edit changes a file as a person would:
//
//	edit FILE LINE     adds a line at the end
//	edit FILE OLD NEW  puts NEW in the place of OLD, which must be there once
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: edit file line, or edit file old new")
	}
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	if len(args) == 2 {
		text = append(text, args[1]+"\n"...)
	} else {
		if n := bytes.Count(text, []byte(args[1])); n != 1 {
			ts.Fatalf("%s holds %q %d times", args[0], args[1], n)
		}
		text = bytes.Replace(text, []byte(args[1]), []byte(args[2]), 1)
	}
	ts.Check(os.WriteFile(path, text, 0o666))
}

// drop takes the lines that match an expression out of a file; there must be one:
//
//	drop FILE EXPRESSION
func drop(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: drop file expression")
	}
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	form, err := regexp.Compile("(?m)^.*" + args[1] + ".*\n")
	ts.Check(err)
	if !form.Match(text) {
		ts.Fatalf("%s has no line that matches %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, form.ReplaceAll(text, nil), 0o666))
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
