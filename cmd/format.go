package cmd

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
)

// formatVar binds --format: one of the formats that a view has, by default the first.
func formatVar[P any](c *cobra.Command, to *string, formats []markup.Format[P]) {
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	enumVar(c, c.Flags(), to, "format", names, "the output `format`")
}

// formatNamed returns the format that --format named.
func formatNamed[P any](formats []markup.Format[P], name string) markup.Format[P] {
	return formats[slices.IndexFunc(formats, func(f markup.Format[P]) bool { return f.Name == name })]
}

// formatHelp lists formats, with what each is for, in the help of a command.
func formatHelp[P any](formats []markup.Format[P]) string {
	wide := 8
	for _, f := range formats {
		wide = max(wide, len(f.Name)+1)
	}
	var b strings.Builder
	for _, f := range formats {
		fmt.Fprintf(&b, "  %s %s\n", term.Pad(f.Name, wide), f.Doc)
	}
	return b.String()
}

// writePage writes a page in a format. An interrupt ends it at once, whatever is being made or
// whoever doesn't read.
func writePage[P any](ctx context.Context, f markup.Format[P], w io.Writer, page P, l term.Layout) error {
	return writing(ctx, w, func(w io.Writer) error { return f.Write(w, page, l) })
}

// writing calls write with w, until it is done or an interrupt comes: then nothing more is
// written.
func writing(ctx context.Context, w io.Writer, write func(io.Writer) error) error {
	_, err := interruptible(ctx, func() (struct{}, error) { return struct{}{}, write(untilDone{ctx, w}) })
	return err
}

// layout says how text is laid out on standard output.
func (g *globals) layout() term.Layout {
	return term.Layout{Painter: g.painter(), Width: g.streams.Width(g.streams.Out), ASCII: g.streams.ASCII()}
}

// layoutIn says how text is laid out in what -o names, which w writes to.
func (g *globals) layoutIn(file string, w io.Writer) term.Layout {
	l := g.layout()
	if file != "-" {
		l.Painter, l.Width = term.Painter{Color: g.color == string(term.ColorAlways)}, g.streams.Width(w)
	}
	return l
}
