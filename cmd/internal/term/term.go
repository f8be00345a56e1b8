// Package term knows the streams a command writes to: whether they are
// terminals, how wide they are, and whether they take color.
package term

import (
	"io"
	"os"
	"strconv"
	"time"

	xterm "github.com/charmbracelet/x/term"
)

// Streams are what a command reads from and writes to, and what it may know of
// the world outside. Tests fill it with their own.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(name string) string // an unset variable is ""
	Now      func() time.Time
	Dir      string   // the working directory; "" when it is the process's own
	Within   []string // where links to manifests may lead: folders, absolute and without links; none when the repository is the limit
}

// System returns the streams of the process.
func System() Streams {
	return Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Now: time.Now}
}

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && xterm.IsTerminal(f.Fd())
}

// The widths, in columns, between which text is laid out.
const (
	defaultWidth = 80
	minWidth     = 40
	maxWidth     = 120
)

// Width returns how many columns text written to w may fill: those of the
// terminal, else $COLUMNS, else 80; never fewer than 40, and never more than
// 120, because longer lines are hard to read.
func (s Streams) Width(w io.Writer) int {
	columns := 0
	if f, ok := w.(*os.File); ok && xterm.IsTerminal(f.Fd()) {
		columns, _, _ = xterm.GetSize(f.Fd())
	}
	if columns <= 0 {
		columns, _ = strconv.Atoi(s.Env("COLUMNS"))
	}
	if columns <= 0 {
		columns = defaultWidth
	}
	return min(max(columns, minWidth), maxWidth)
}

// A ColorMode says when to write color. The zero value is invalid.
type ColorMode string

// The color modes. Auto writes color to a terminal that takes it.
const (
	ColorAuto   ColorMode = "auto"
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// ColorModes lists the color modes, the default first.
func ColorModes() []string {
	return []string{string(ColorAuto), string(ColorAlways), string(ColorNever)}
}

// Color reports whether text written to w may carry color: always and never
// say so; auto wants a terminal, TERM other than dumb, and NO_COLOR unset.
func (s Streams) Color(w io.Writer, mode ColorMode) bool {
	switch mode {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	}
	switch {
	case s.Env("NO_COLOR") != "":
		return false
	case s.Env("FORCE_COLOR") != "":
		return isOn(s.Env("FORCE_COLOR"))
	case isOn(s.Env("CLICOLOR_FORCE")):
		return true
	case s.Env("CLICOLOR") == "0":
		return false
	}
	return s.Env("TERM") != "dumb" && IsTerminal(w)
}

// isOn reports whether a variable of the environment is set to anything but no.
func isOn(value string) bool { return value != "" && value != "0" && value != "false" }
