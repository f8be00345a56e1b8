// Package cmd is the command line: one file for each command, flags in, exit
// code out.
package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"waitornot/cmd/internal/dialog"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/term"
	"waitornot/cmd/internal/term/quiet"
	"waitornot/cmd/internal/text"
	"waitornot/decide"
	"waitornot/rules/embedded"
)

// Streams are what a command reads from and writes to, and what it may know of
// the world outside.
type Streams = term.Streams

// System returns the streams of the process. It is the first thing that main
// calls: it gives the environment back what quiet changed in it.
func System() Streams {
	quiet.Restore()
	return term.System()
}

// here returns the current folder, without links: what a link of a repository leads to is told by
// the folders above it. Where there is none, whoever needs it says so.
func here() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return dir
}

// Main runs the command line that args give, without the program's name, and
// returns the exit code. Results go to s.Out, all else to s.Err. A panic is a failure
// like others: what went wrong, where, and 3.
func Main(ctx context.Context, args []string, s Streams) (code int) {
	s = s.Guarded()
	if s.Dir == "" {
		s.Dir = here()
	}
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(s.Err, "waitornot: internal error: %s\nThis is a bug in waitornot. Please report it, including the following:\n%s", term.Safe(fmt.Sprint(r)), debug.Stack())
			code = exitFailed
		}
	}()
	out := &checkedWriter{Writer: s.Out}
	if !term.IsTerminal(s.Out) { // a terminal is asked for its width, and has no disk that fills
		s.Out = out
	}
	g := &globals{streams: s}
	root := newRoot(g, only(args))
	root.SetArgs(append([]string{}, args...)) // with nil the library would read the process's own
	err := cmp.Or(root.ExecuteContext(ctx), g.helpFailed)
	if exitCode(err) != exitInterrupted { // what was given up may still be writing
		if out.err != nil && exitCode(err) != exitFailed {
			err = fmt.Errorf("standard output: %w", disk.Plain(out.err)) // what was written is not all, whatever else was found
		}
	}
	if exitCode(err) == exitInterrupted {
		err = dialog.ErrInterrupted
	}
	if err != nil && !errors.Is(err, errFindings) {
		fmt.Fprintf(s.Err, "waitornot: %s\n", term.Safe(namingOutput(err).Error()))
		if errors.As(err, new(usageError)) {
			fmt.Fprintf(s.Err, "Run '%s --help' for usage.\n", failing(root, args).CommandPath())
		}
	}
	return exitCode(err)
}

// namingOutput calls standard output by its name in the error of a write to it.
func namingOutput(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && pe.Path == os.Stdout.Name() {
		return fmt.Errorf("standard output: %w", pe.Err)
	}
	return err
}

// failing returns the command that args were meant for.
func failing(root *cobra.Command, args []string) *cobra.Command {
	if c, _, err := root.Find(args); err == nil {
		return c
	}
	return root
}

// globals are the flags that every command has.
type globals struct {
	streams    term.Streams
	color      string
	helpFailed error // what writing the help returned
	decisions  *decide.Table
	live       *watchState // of a command that is watched
}

// table returns the decision table of the framework. It is read once.
func (g *globals) table() (*decide.Table, error) {
	if g.decisions == nil {
		t, err := embedded.Table()
		if err != nil {
			return nil, err
		}
		g.decisions = t
	}
	return g.decisions, nil
}

// painter returns the painter for standard output.
func (g *globals) painter() term.Painter {
	return term.Painter{Color: g.streams.Color(g.streams.Out, term.ColorMode(g.color))}
}

// chapters are the commands, as the help groups them.
func chapters() []chapter {
	return []chapter{
		{"Decide", []constructor{{"ask", newAsk}, {"advise", newAdvise}}},
		{"Review", []constructor{{"check", newCheck}, {"diff", newDiff}, {"config", newConfig}, {"rules", newRules}, {"waivers", newWaivers}}},
		{"Understand", []constructor{{"explain", newExplain}, {"graph", newGraph}, {"plan", newPlan}, {"simulate", newSimulate}}},
		{"Adopt", []constructor{{"init", newInit}, {"import", newImport}, {"schema", newSchema}}},
		{"Edit", []constructor{{"lsp", newLSP}, {"mcp", newMCP}}},
		{"Record", []constructor{{"adr", newADR}, {"report", newReport}}},
		{"Learn", []constructor{{"practice", newPractice}}},
	}
}

// checkAlias is what linters call check.
const checkAlias = "lint"

// only returns which commands a command line can need: the one that it names,
// or none for the version. Making all of them takes longer than many a run.
func only(args []string) func(name string) bool {
	if len(args) > 0 {
		meant := args[0]
		if meant == checkAlias {
			meant = "check"
		}
		for _, ch := range chapters() {
			for _, m := range ch.commands {
				if m.name == meant {
					return func(name string) bool { return name == meant }
				}
			}
		}
		if len(args) == 1 && (args[0] == "--version" || args[0] == "-v") {
			return func(string) bool { return false }
		}
	}
	return func(string) bool { return true }
}

// newRoot makes the tree of commands, with those below it that wanted picks.
func newRoot(g *globals, wanted func(name string) bool) *cobra.Command {
	s := g.streams
	root := &cobra.Command{
		Use:   "waitornot",
		Short: "Decide, for each operation, whether the caller should wait",
		Long: "For each operation between a caller and a callee, waitornot asks four questions\n" +
			"(immediacy, retryability, latency, coupling) and says whether the caller should\n" +
			"wait: sync, async, or hybrid (an acknowledgment now, the outcome later).",
		Example: "  waitornot ask\n" +
			"  waitornot advise shop.yaml\n" +
			"  waitornot check --fail-on warning\n" +
			"  waitornot explain dead-letter-queue",
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noSuchCommand,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true, DisableDefaultCmd: !wanted("completion")},
	}
	// The version is written without the template that the command library
	// would parse for it at every start.
	showVersion := root.Flags().BoolP("version", "v", false, "show the version")
	root.RunE = func(c *cobra.Command, _ []string) error {
		if !*showVersion {
			return c.Help()
		}
		return g.printVersion()
	}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{hinted(c, err)} })
	enumVar(root, root.PersistentFlags(), &g.color, "color", term.ColorModes(), "when to use color")
	addChapters(root, g, wanted)
	if wanted("man") {
		root.AddCommand(newMan(g), newVersion(g))
	}
	root.SetHelpCommand(newHelp(root))
	root.PersistentPreRunE = func(c *cobra.Command, args []string) error { return refuseEmpty(c, args) }
	if wanted("completion") {
		strictCompletion(root)
	}
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { g.helpFailed = g.helpOn(s.Out, c) })
	return root
}

// noSuchCommand refuses a word that is no command, with the nearest that is.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("unknown command %q", args[0])
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usageError{errors.New(message)}
}

// newHelp makes the command that shows the help of another.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:    "help [COMMAND]",
		Short:  "Show help for a command",
		Hidden: true,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, sub := range c.Commands() {
				if sub.IsAvailableCommand() {
					names = append(names, sub.Name())
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil {
				return usageError{err}
			}
			if len(rest) > 0 {
				return noSuchCommand(c, rest)
			}
			c.InitDefaultHelpFlag() // which only a command that is run has already
			return c.Help()
		},
	}
}

// strictCompletion makes the completion command refuse a shell that it doesn't know.
func strictCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd("completion")
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.RunE = func(c *cobra.Command, args []string) error {
				return cmp.Or(noSuchCommand(c, args), c.Help())
			}
			c.Args = cobra.ArbitraryArgs
		}
	}
}

// mayBeEmpty marks a flag for which an empty value means something.
const mayBeEmpty = "may-be-empty"

// refuseEmpty refuses an empty argument, and an empty value of a flag: most likely a
// variable that isn't set, and the command would do something else than was meant.
func refuseEmpty(c *cobra.Command, args []string) error {
	if c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd {
		return nil
	}
	if slices.Contains(args, "") {
		return usagef("an argument is empty; is a variable unset?")
	}
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		empty := f.Value.Type() == "string" && f.Value.String() == ""
		if list, ok := f.Value.(pflag.SliceValue); ok {
			empty = slices.Contains(list.GetSlice(), "")
		}
		if empty && f.Annotations[mayBeEmpty] == nil && err == nil {
			err = usagef("the value of --%s is empty; is a variable unset?", f.Name)
		}
	})
	return err
}

// asUsage makes a wrong number of arguments a usage error, as flags are.
func asUsage(check cobra.PositionalArgs) cobra.PositionalArgs {
	if check == nil {
		return nil
	}
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{counted(err)}
		}
		return nil
	}
}

// counted says in words what the library says of a wrong number of arguments.
func counted(err error) error {
	var want, got int
	for _, most := range []string{"", "at most "} {
		if n, _ := fmt.Sscanf(err.Error(), "accepts "+most+"%d arg(s), received %d", &want, &got); n == 2 {
			return fmt.Errorf("expected %s%s, got %d", most, text.Count(want, "argument"), got)
		}
	}
	return err
}

// A checkedWriter remembers the first error of its writer: a result that was not written
// whole fails every command.
type checkedWriter struct {
	io.Writer
	err error
}

// Write writes p and keeps the first error.
func (w *checkedWriter) Write(p []byte) (int, error) { return w.through(w.Writer, p) }

func (w *checkedWriter) through(to io.Writer, p []byte) (int, error) {
	n, err := to.Write(p)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

// ForCommands returns what commands of a CI runner go through, checked as well.
func (w *checkedWriter) ForCommands() io.Writer { return checkedCommands{w} }

type checkedCommands struct{ *checkedWriter }

// Write writes p past the guard.
func (c checkedCommands) Write(p []byte) (int, error) {
	return c.through(term.ForCommands(c.Writer), p)
}

// hinted adds to the error of a flag which one was probably meant.
func hinted(c *cobra.Command, err error) error {
	said := func(flag string) bool { return strings.HasPrefix(err.Error(), flag) }
	switch {
	case said("unknown shorthand flag: 'V'"):
		return fmt.Errorf("%w; did you mean -v, the version?", err)
	case c.Flags().Lookup("dir") != nil && (said("unknown shorthand flag: 'o'") || said("unknown flag: --output")):
		return fmt.Errorf("%w; did you mean --dir, the folder of the records?", err)
	}
	return err
}
