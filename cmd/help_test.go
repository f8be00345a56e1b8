package cmd

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/term"
)

// everyCommand calls visit for the program and each command of it.
func everyCommand(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		everyCommand(sub, visit)
	}
}

// The help of every command fits 80 columns, but for its examples, lists every
// flag once, and stands in a chapter of the program's help.
func TestHelp(t *testing.T) {
	_, program, _ := runMain(t, nil, "--help")
	everyCommand(newRoot(&globals{streams: Streams{Now: time.Now}}, only(nil)), func(c *cobra.Command) {
		path := strings.Fields(c.CommandPath())[1:]
		if c.Hidden || len(path) > 0 && path[0] == "completion" {
			return
		}
		code, out, errs := runMain(t, nil, append(path, "--help")...)
		if code != exitOK || errs != "" {
			t.Errorf("%s --help ends with %d: %s", c.CommandPath(), code, errs)
		}
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if term.Cells(line) > 80 && !strings.Contains(c.Example, line) {
				t.Errorf("%s: wider than 80 columns: %q", c.CommandPath(), line)
			}
			if strings.HasSuffix(line, " ") {
				t.Errorf("%s: blanks at the end of %q", c.CommandPath(), line)
			}
		}
		if strings.Contains(out, "[=") || strings.Count(out, "--help ") != 1 || !strings.Contains(out, "--color WORD") {
			t.Errorf("%s: flags are missing or written twice:\n%s", c.CommandPath(), out)
		}
		if len(path) == 1 && (c.GroupID == "" || !strings.Contains(program, "  "+c.Name()+" ")) {
			t.Errorf("%s stands in no chapter of the help", c.CommandPath())
		}
	})
}

// A command line makes the one command that it names, under the name by which
// it is looked up; all others make all.
func TestOnly(t *testing.T) {
	g := &globals{streams: Streams{Now: time.Now}}
	for _, ch := range chapters() {
		for _, m := range ch.commands {
			if got := m.build(g).Name(); got != m.name {
				t.Errorf("%s is looked up as %s", got, m.name)
			}
			made := newRoot(g, only([]string{m.name, "x"})).Commands()
			if len(made) != 1 || made[0].Name() != m.name {
				t.Errorf("%s makes %d commands", m.name, len(made))
			}
		}
	}
	all := len(newRoot(g, only(nil)).Commands())
	for _, args := range [][]string{{"chek"}, {"--color", "never", "check"}, {"help"}, {"--version", "check"}, {"__complete", "check", ""}} {
		if got := len(newRoot(g, only(args)).Commands()); got != all {
			t.Errorf("%v makes %d commands, want all %d", args, got, all)
		}
	}
}

// The operations that the examples of practice name are there.
func TestPracticeExamples(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`waitornot practice [a-z]+ ([a-z-]+/[a-z-]+)`)
	seen := 0
	everyCommand(newRoot(&globals{streams: Streams{Now: time.Now}}, only(nil)), func(c *cobra.Command) {
		for _, m := range named.FindAllStringSubmatch(c.Example, -1) {
			seen++
			if code, _, errs := runMain(t, nil, "practice", "show", m[1]); code != exitOK {
				t.Errorf("%s names %s: %s", c.CommandPath(), m[1], errs)
			}
		}
	})
	if seen == 0 {
		t.Error("no example names an operation")
	}
}
