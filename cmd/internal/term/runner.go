package term

import (
	"io"
	"os"
	"slices"
)

// runnerVariables are set by the CI runners that obey commands in the output of a
// step: GitHub takes "::name::" after blanks at the start of a line and "##[name]"
// anywhere (actions/runner, ActionCommand.cs), Azure Pipelines "##vso[name]" and
// "##[name]", TeamCity "##teamcity[name". GitLab's sections begin with an escape
// sequence, which ends here as well.
var runnerVariables = []string{"GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION"}

// Guarded returns the streams with the outputs that a CI runner reads guarded: nothing
// written to them forms a command of the runner. Files and terminals stay as they are.
func (s Streams) Guarded() Streams {
	if !slices.ContainsFunc(runnerVariables, func(name string) bool { return s.Env(name) != "" }) {
		return s
	}
	s.Out, s.Err = guard(s.Out), guard(s.Err)
	return s
}

// guard wraps a stream, unless it is a terminal or a regular file, which no runner reads.
func guard(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); IsTerminal(f) || err == nil && info.Mode().IsRegular() {
			return w
		}
	}
	return &runnerGuard{to: w, start: true}
}

// ForCommands returns the stream itself, for a format whose purpose is commands of the
// runner and which escapes what comes from outside.
func ForCommands(w io.Writer) io.Writer {
	if g, ok := w.(interface{ ForCommands() io.Writer }); ok {
		return g.ForCommands()
	}
	return w
}

// A runnerGuard takes commands of CI runners apart with a blank, and makes control
// characters visible, but for line ends, tabs and the sequences that set styles.
type runnerGuard struct {
	to     io.Writer
	start  bool // nothing but blanks was written to the line yet
	colon  bool // the last byte was the first of the line, and a colon
	hashes int  // how many of the last bytes are #
	style  style
}

// ForCommands returns the guarded stream.
func (g *runnerGuard) ForCommands() io.Writer { return g.to }

// style says how far a sequence that sets a style has come.
type style int

const (
	outside   style = iota
	escaped         // after ESC
	parameter       // after ESC [
)

// Write writes p with what a runner of CI would obey made harmless.
func (g *runnerGuard) Write(p []byte) (int, error) {
	out := make([]byte, 0, len(p)+16)
	for _, c := range p {
		out = g.add(out, c)
	}
	if _, err := g.to.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// add appends a byte, and what must stand before it. Styles are written whole or, when
// they turn out to be something else, with their ESC made visible.
func (g *runnerGuard) add(out []byte, c byte) []byte {
	switch {
	case g.style == escaped && c == '[':
		g.style = parameter
		return append(out, 0x1b, '[')
	case g.style == escaped:
		out, g.style = append(out, `\x1b`...), outside
		g.start = false
	case g.style == parameter && (c == ';' || c >= '0' && c <= '9' || c == 'm'):
		if c == 'm' {
			g.style = outside
		}
		return append(out, c)
	case g.style == parameter: // some other sequence: end it as a style that changes nothing
		out, g.style = append(out, 'm'), outside
	}
	if c == 0x1b {
		g.style = escaped
		return out
	}
	return g.text(out, c)
}

// text appends a byte of text.
func (g *runnerGuard) text(out []byte, c byte) []byte {
	switch {
	case g.colon && c == ':', g.hashes >= 2 && (c == '[' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'):
		out = append(out, ' ')
	case c == '\n' || c == '\r' || c == '\t':
	case c < ' ' || c == 0x7f:
		out = append(out, '\\', 'x', "0123456789abcdef"[c>>4])
		c = "0123456789abcdef"[c&15]
	}
	g.colon = g.start && c == ':'
	if c == '#' {
		g.hashes++
	} else {
		g.hashes = 0
	}
	blank := c == ' ' || c == '\t' || c >= 0x80 // blanks beyond ASCII are among these
	g.start = c == '\n' || c == '\r' || g.start && blank
	return append(out, c)
}
