package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every way to end has its exit code, and says why on standard error alone.
func TestExitCodes(t *testing.T) {
	good := filepath.Join(samplesDir, "shop.yaml")
	broken := func(name string) string { return filepath.Join(samplesDir, "broken", name+".waitornot.yaml") }
	tests := []struct {
		name string
		args []string
		in   string
		want int
		errs string // part of what standard error says; "" when it says nothing
	}{
		{"no command", nil, "", exitOK, ""},
		{"version", []string{"--version"}, "", exitOK, ""},
		{"help", []string{"help", "advise"}, "", exitOK, ""},
		{"help flag", []string{"check", "--help"}, "", exitOK, ""},
		{"advise", []string{"advise", good}, "", exitOK, ""},
		{"advise on standard input", []string{"advise", "-"}, "operations: [{name: ship, answers: {immediacy: yes, latency: no}}]", exitOK, ""},
		{"advise where modes differ", []string{"advise", broken("disagrees")}, "", exitOK, ""},
		{"check", []string{"check", good}, "", exitOK, ""},
		{"explain", []string{"explain"}, "", exitOK, ""},
		{"explain a row", []string{"explain", "needed-now"}, "", exitOK, ""},

		{"advise with an error in the manifest", []string{"advise", broken("unknown-key")}, "", exitFindings, "unknown key \"calee\""},
		{"advise with a misspelt stack", []string{"advise", "-"}, "stack: dotnt\noperations: [{name: ship, answers: {}}]", exitOK, "did you mean dotnet?"},
		{"check with an error", []string{"check", broken("disagrees")}, "", exitFindings, ""},
		{"check that never fails", []string{"check", "--fail-on", "never", broken("disagrees")}, "", exitOK, ""},

		{"unknown command", []string{"advice"}, "", exitUsage, "did you mean advise?"},
		{"unknown flag", []string{"advise", "--breif"}, "", exitUsage, "--breif"},
		{"unknown format", []string{"advise", "--format", "xml", good}, "", exitUsage, "text, json, markdown"},
		{"unknown color", []string{"--color", "blue", "explain"}, "", exitUsage, "auto, always, never"},
		{"unknown stack", []string{"advise", "--stack", "dotnt", good}, "", exitUsage, "did you mean dotnet?"},
		{"no such pattern", []string{"advise", "--only", "[", good}, "", exitUsage, "invalid pattern"},
		{"pattern that matches nothing", []string{"advise", "--only", "nope", good}, "", exitUsage, "no operation matches"},
		{"too many arguments", []string{"init", "one", "two"}, "", exitUsage, "at most 1"},
		{"unknown name", []string{"explain", "needed-not"}, "", exitUsage, "did you mean needed-now?"},

		{"missing file", []string{"advise", "nope.yaml"}, "", exitFailed, "nope.yaml"},
		{"missing file beside a good one", []string{"advise", "nope.yaml", good}, "", exitFailed, "nope.yaml"},
		{"folder without manifests", []string{"advise", "../decide"}, "", exitFailed, "no manifest"},
		{"broken manifest", []string{"advise", broken("syntax")}, "", exitFailed, "syntax"},
		{"empty input", []string{"advise", "-"}, "", exitFindings, "empty"},
		{"check of a missing file", []string{"check", "nope.yaml"}, "", exitFailed, "nope.yaml"},
		{"check of a broken manifest", []string{"check", broken("tab")}, "", exitFailed, "tab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, _, errs := runMain(t, strings.NewReader(tt.in), tt.args...)
			if code != tt.want {
				t.Errorf("exit code %d, want %d\n%s", code, tt.want, errs)
			}
			if !strings.Contains(errs, tt.errs) || tt.errs == "" && errs != "" {
				t.Errorf("standard error %q, want %q in it", errs, tt.errs)
			}
		})
	}
}

// Without arguments Main shows the help, whatever the arguments of the process are.
func TestNoArguments(t *testing.T) { // not parallel: it changes the arguments of the process
	was := os.Args
	t.Cleanup(func() { os.Args = was })
	os.Args = []string{was[0], "nonsense"}
	if code, out, errs := runMain(t, nil); code != exitOK || !strings.Contains(out, "Usage") || errs != "" {
		t.Errorf("ends with %d: %s%s", code, out, errs)
	}
}

// failingWriter is a full disk.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: errors.New("no space left on device")}
}

// A failed write ends with 3, whatever was to be written.
func TestFailedWrite(t *testing.T) {
	good := filepath.Join(samplesDir, "shop.yaml")
	for _, args := range [][]string{
		{"advise", good}, {"advise", "--brief", good}, {"advise", "--format", "json", good},
		{"advise", "--format", "markdown", good}, {"check", good}, {"explain"}, {"explain", "dotnet"}, {"explain", "--format", "json"},
	} {
		var errs strings.Builder
		s := Streams{In: strings.NewReader(""), Out: failingWriter{}, Err: &errs, Env: func(string) string { return "" }, Now: time.Now}
		if code := Main(context.Background(), args, s); code != exitFailed {
			t.Errorf("%v ends with %d, want %d", args, code, exitFailed)
		}
		if errs.String() != "waitornot: standard output: no space left on device\n" {
			t.Errorf("%v says %q", args, errs.String())
		}
	}
}

// A run that is stopped ends with 130, also while it waits for standard input.
func TestInterrupted(t *testing.T) {
	never, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for _, args := range [][]string{{"advise", "-"}, {"check", "-"}, {"advise", filepath.Join(samplesDir, "shop.yaml")}} {
		var errs strings.Builder
		s := Streams{In: never, Out: &errs, Err: &errs, Env: func(string) string { return "" }, Now: time.Now}
		if code := Main(ctx, args, s); code != exitInterrupted {
			t.Errorf("%v ends with %d, want %d\n%s", args, code, exitInterrupted, errs.String())
		}
	}
}

// stopping cancels a run at its first write.
type stopping struct{ stop func() }

func (s stopping) Write(p []byte) (int, error) {
	s.stop()
	return len(p), nil
}

// A run that is stopped while it writes a long report ends with 130 too.
func TestInterruptedWhileWriting(t *testing.T) {
	var manifest strings.Builder
	manifest.WriteString("operations:\n")
	for i := range 200 {
		fmt.Fprintf(&manifest, "- {name: ship-%d, answers: {immediacy: yes, latency: 2s}}\n", i)
	}
	for _, format := range []string{"text", "json", "markdown"} {
		ctx, stop := context.WithCancel(context.Background())
		s := Streams{
			In: strings.NewReader(manifest.String()), Out: stopping{stop}, Err: io.Discard,
			Env: func(string) string { return "" }, Now: time.Now,
		}
		if code := Main(ctx, []string{"advise", "--format", format, "-"}, s); code != exitInterrupted {
			t.Errorf("%s ends with %d, want %d", format, code, exitInterrupted)
		}
		stop()
	}
}

// A panic is a failure of ours: it says so, and where, and ends with 3 like others.
func TestPanic(t *testing.T) {
	var out, errs strings.Builder
	s := Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: func(string) string { return "" }, Now: func() time.Time { panic("no clock\x1b[31m") }}
	code := Main(context.Background(), []string{"check", filepath.Join(samplesDir, "shop.yaml")}, s)
	if code != exitFailed || !strings.Contains(errs.String(), "internal error: no clock") || !strings.Contains(errs.String(), "today(") {
		t.Errorf("ended with %d and said %q", code, errs.String())
	}
	if strings.Contains(errs.String(), "\x1b") {
		t.Errorf("a control character reached the terminal: %q", errs.String())
	}
}
