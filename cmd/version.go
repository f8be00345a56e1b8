package cmd

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// address is where the project lives on the web, such as
// https://example.org/acme/waitornot. Its owner sets it, together with the module
// path. As long as it is empty nothing points there: init asks for the address of
// a release, and SARIF has no link to the program.
const address = ""

// A build is what the Go toolchain stamps into a binary.
type build struct {
	version  string // of the release, "devel" between releases
	commit   string // shortened; "" when it wasn't built from a checkout
	date     string // of the commit, as YYYY-MM-DD
	modified bool   // the checkout had changes that weren't committed
}

// version returns the release that the binary was built from, or "devel".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	return buildOf(info).version
}

// printVersion writes the version, the commit and its date.
func (g *globals) printVersion() error {
	line := version()
	if info, ok := debug.ReadBuildInfo(); ok {
		line = buildOf(info).String()
	}
	_, err := fmt.Fprintf(g.streams.Out, "waitornot %s\n", line)
	return err
}

// newVersion makes the command that says what --version says.
func newVersion(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:    "version",
		Short:  "Show the version",
		Hidden: true,
		Args:   asUsage(cobra.NoArgs),
		RunE:   func(*cobra.Command, []string) error { return g.printVersion() },
	}
}

// buildOf reads what is stamped into a binary.
func buildOf(info *debug.BuildInfo) build {
	b := build{version: release(info.Main.Version)}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.commit = s.Value[:min(12, len(s.Value))]
		case "vcs.time":
			b.date, _, _ = strings.Cut(s.Value, "T")
		case "vcs.modified":
			b.modified = s.Value == "true"
		}
	}
	return b
}

// release returns the tag that a module version stands for, "devel" when it
// stands for a commit between tags: those end in a date and a commit, each
// behind a dash, or in a mark for changes that weren't committed.
func release(version string) string {
	if version == "" || version == "(devel)" || strings.Count(version, "-") > 1 || strings.Contains(version, "+dirty") {
		return "devel"
	}
	return version
}

// String returns one line, such as "v1.2.0 (commit 0cba2fe51f0a, 2026-11-26)".
func (b build) String() string {
	if b.commit == "" {
		return b.version
	}
	line := b.version + " (commit " + b.commit
	if b.date != "" {
		line += ", " + b.date
	}
	if b.modified {
		line += ", modified"
	}
	return line + ")"
}
