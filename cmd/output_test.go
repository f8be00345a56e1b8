package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every command that knows formats takes --format and -o, --output, and the two mean the
// same everywhere: a format, and a file.
func TestOutputGrammar(t *testing.T) {
	t.Parallel()
	seen := 0
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			walk(sub)
		}
		format, output := c.Flags().Lookup("format"), c.Flags().Lookup("output")
		if format == nil && output == nil {
			return
		}
		seen++
		if output == nil || output.Shorthand != "o" || !strings.Contains(output.Usage, "`FILE`") {
			t.Errorf("%s takes no -o, --output FILE", c.CommandPath())
		}
		if format == nil && c.Name() != "export" { // its lines have one form
			t.Errorf("%s takes no --format", c.CommandPath())
		}
	}
	walk(newRoot(&globals{streams: System()}, func(string) bool { return true }))
	if seen < 16 {
		t.Errorf("only %d commands write formats", seen)
	}
}

// A file holds what standard output would, nothing else is written there, and no manifest
// is overwritten.
func TestOutputFile(t *testing.T) {
	t.Parallel()
	p := &bench{t: t, dir: t.TempDir()}
	p.write("waitornot.yaml", "service: a\noperations:\n  - {name: x, callee: b, answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}}\n")
	for _, args := range [][]string{{"advise"}, {"advise", "--format", "json"}, {"explain", "immediacy"}, {"diff", "waitornot.yaml", "waitornot.yaml"}, {"waivers"},
		{"rules", "list", "--format", "json"}, {"config", "show"}, {"graph"}, {"plan"}, {"check", "--format", "sarif"}, {"check"},
		{"ask", "--immediacy", "yes", "--retryability", "no", "--latency", "1s", "--coupling", "no"}} {
		p.run(args...)
		want, code := p.out, p.code
		p.run(append(args, "-o", "out.txt")...)
		got, err := os.ReadFile(filepath.Join(p.dir, "out.txt"))
		if err != nil || string(got) != want || p.out != "" || p.code != code {
			t.Errorf("%q: ended with %d (%v), standard output %q, and the file differs: %t\n%s", args, p.code, err, p.out, string(got) != want, p.errs)
		}
		_ = os.Remove(filepath.Join(p.dir, "out.txt"))
		p.run(append(args, "-o", "waitornot.yaml")...)
		if p.code != exitUsage {
			t.Errorf("%q writes over a manifest: ended with %d", args, p.code)
		}
	}
	p.run("advise", "--watch", "-o", "out.txt")
	if p.code != exitUsage || !strings.Contains(p.errs, "--watch") {
		t.Errorf("advise --watch -o: ended with %d, %s", p.code, p.errs)
	}
}

// check takes what it took before, and says how it's written now.
func TestOldOutput(t *testing.T) {
	t.Parallel()
	p := &bench{t: t, dir: t.TempDir()}
	p.write("waitornot.yaml", "service: a\noperations:\n  - {name: x, callee: b, answers: {immediacy: yes, retryability: no, latency: 400ms, coupling: yes}}\n")
	p.run("check", "--format", "json")
	want := p.out
	p.run("check", "--output", "json", "-o", "sarif=x.sarif")
	if p.out != want || !strings.Contains(p.errs, "--output FORMAT is now --format FORMAT") {
		t.Errorf("the old spelling writes %q and says %q", p.out, p.errs)
	}
	p.run("lint", "-o", "x.json", "--format", "json", "--format", "text=-")
	if p.code != exitUsage {
		t.Errorf("two formats to one place: ended with %d\n%s", p.code, p.errs)
	}
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if p.run(args...); p.code != 0 || !strings.HasPrefix(p.out, "waitornot ") {
			t.Errorf("%q: %d, %q", args, p.code, p.out)
		}
	}
}
