package cmd

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"waitornot/cmd/internal/term"
)

// A chapter is a group of commands as the help of the program lists them.
type chapter struct {
	title    string
	commands []constructor
}

// A constructor makes a command. Its name is that of the command.
type constructor struct {
	name  string
	build func(*globals) *cobra.Command
}

// addChapters adds to root the commands that wanted picks.
func addChapters(root *cobra.Command, g *globals, wanted func(name string) bool) {
	for _, ch := range chapters() {
		root.AddGroup(&cobra.Group{ID: ch.title, Title: ch.title})
		for _, m := range ch.commands {
			if wanted(m.name) {
				c := m.build(g)
				c.GroupID = ch.title
				c.Args = asUsage(c.Args)
				g.giveOutput(c)
				root.AddCommand(c)
			}
		}
	}
}

// exitCodes is the table of exit codes as the help shows it.
func exitCodes() []column {
	return []column{
		{fmt.Sprint(exitOK), "nothing to report"},
		{fmt.Sprint(exitFindings), "findings at or above --fail-on"},
		{fmt.Sprint(exitUsage), "wrong usage"},
		{fmt.Sprint(exitFailed), "the command failed: an unreadable file, a broken manifest, a failed write"},
		{fmt.Sprint(exitInterrupted), "interrupted"},
	}
}

// A column is a line of help in two columns.
type column struct{ left, right string }

// A helper writes help in the width of its stream.
type helper struct {
	*bufio.Writer
	term.Painter
	width int
}

// helpOn writes the help of a command.
func (g *globals) helpOn(w io.Writer, c *cobra.Command) error {
	h := helper{bufio.NewWriter(w), term.Painter{Color: g.streams.Color(w, term.ColorMode(g.color))}, g.streams.Width(w)}
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	h.prose(long)
	h.usage(c)
	h.commands(c)
	h.examples(c)
	own := c.LocalFlags() // with those that it shares with its own commands
	if !c.HasParent() {
		own = c.LocalNonPersistentFlags()
	}
	h.flags("Flags", own)
	h.flags("Flags of every command", everywhere(c))
	if !c.HasParent() {
		h.columns("Exit codes", exitCodes())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(h, "\n'%s COMMAND --help' tells you more about a command.\n", c.CommandPath())
		if !c.HasParent() {
			fmt.Fprint(h, "'waitornot completion' and 'waitornot man' write completions and man pages.\n")
		}
	}
	return h.Flush()
}

// everywhere returns the flags that a command shares with all others.
func everywhere(c *cobra.Command) *pflag.FlagSet {
	if !c.HasParent() {
		return c.PersistentFlags()
	}
	return c.InheritedFlags()
}

func (h helper) heading(title string) {
	fmt.Fprintf(h, "\n%s:\n", h.Paint(term.Bold, title))
}

// prose writes paragraphs, wrapped. A paragraph of which a line is indented
// stays as it is.
func (h helper) prose(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 {
			h.WriteByte('\n')
		}
		if !strings.Contains("\n"+paragraph, "\n ") {
			paragraph = strings.Join(term.Wrap(strings.ReplaceAll(paragraph, "\n", " "), h.width), "\n")
		}
		fmt.Fprintln(h, paragraph)
	}
}

func (h helper) usage(c *cobra.Command) {
	h.heading("Usage")
	if c.HasAvailableSubCommands() {
		if strings.Contains(c.Use, " ") { // it works without a sub-command too
			fmt.Fprintf(h, "  %s\n", c.UseLine())
		}
		fmt.Fprintf(h, "  %s COMMAND [flags]\n", c.CommandPath())
		return
	}
	fmt.Fprintf(h, "  %s\n", c.UseLine())
}

func (h helper) commands(c *cobra.Command) {
	list := func(group string) []column {
		var list []column
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && sub.GroupID == group {
				list = append(list, column{sub.Name(), sub.Short})
			}
		}
		return list
	}
	widest := 0
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			widest = max(widest, len(sub.Name()))
		}
	}
	for _, g := range c.Groups() {
		h.table(g.Title, list(g.ID), widest)
	}
	h.table("Commands", list(""), widest)
}

func (h helper) examples(c *cobra.Command) {
	if c.Example != "" {
		h.heading("Examples")
		fmt.Fprintln(h, strings.Trim(c.Example, "\n"))
	}
}

// flags writes what flags there are: a switch by its name, all others with what
// they take.
func (h helper) flags(title string, set *pflag.FlagSet) {
	var list []column
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		takes, usage := pflag.UnquoteUsage(f)
		if f.Name == "help" {
			usage = "show this help"
		}
		left := "    --" + f.Name
		if f.Shorthand != "" {
			left = "-" + f.Shorthand + ", --" + f.Name
		}
		if f.Value.Type() == "bool" {
			takes = ""
		}
		if takes != "" {
			left += " " + strings.ToUpper(takes)
		}
		switch f.DefValue {
		case "", "false", "[]", "0", "-", "0s", "-1":
		default:
			usage += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		list = append(list, column{left, usage})
	})
	h.columns(title, list)
}

// widestLeft is how wide the left column gets; what is wider stands on a line
// of its own.
const widestLeft = 26

// columns writes a table of two columns, the left one as wide as it must be.
func (h helper) columns(title string, rows []column) {
	left := 0
	for _, r := range rows {
		if n := term.Cells(r.left); n <= widestLeft {
			left = max(left, n)
		}
	}
	h.table(title, rows, left)
}

// table writes a table of two columns, the right one wrapped.
func (h helper) table(title string, rows []column, left int) {
	if len(rows) == 0 {
		return
	}
	h.heading(title)
	indent := strings.Repeat(" ", 2+left+2)
	for _, r := range rows {
		text := term.Wrap(r.right, max(h.width-len(indent), 20))
		if term.Cells(r.left) > left {
			fmt.Fprintf(h, "  %s\n%s%s\n", r.left, indent, text[0])
		} else {
			fmt.Fprintf(h, "  %s%s\n", term.Pad(r.left, left+2), text[0])
		}
		for _, l := range text[1:] {
			fmt.Fprintf(h, "%s%s\n", indent, l)
		}
	}
}
