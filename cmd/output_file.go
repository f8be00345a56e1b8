package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/term"
)

// outputVar binds -o, --output: the file that a command writes to.
func outputVar(c *cobra.Command, file *string) {
	c.Flags().StringVarP(file, "output", "o", "-", "write to a `FILE`; - is standard output")
	_ = c.MarkFlagFilename("output")
}

// spare refuses to write over a manifest that is read.
func (p *policyFlags) spare(ctx context.Context, g *globals, paths []string, file string) error {
	if file == "-" {
		return nil
	}
	refs, _, err := p.find(ctx, g, paths)
	if err != nil {
		return err
	}
	return g.refuseTargets(refs, file)
}

// writeTo writes to standard output, or a whole file or none, and says then what that
// holds. Of text in a file nothing is colored.
func (g *globals) writeTo(ctx context.Context, file, holds string, write func(w io.Writer) error) error {
	if file == "-" {
		return write(untilDone{ctx, g.streams.Out})
	}
	var b bytes.Buffer
	if err := write(untilDone{ctx, &b}); err != nil {
		return err
	}
	dir, err := g.folder()
	if err != nil {
		return err
	}
	if err := g.disk(ctx).Write(absolute(dir, filepath.FromSlash(file)), b.Bytes()); err != nil {
		return err
	}
	if holds != "" {
		holds = " (" + holds + ")"
	}
	fmt.Fprintf(g.streams.Err, "wrote %s%s\n", term.Safe(file), holds)
	return nil
}

// lookAt returns how text about graphs is laid out where it's written to.
func (g *globals) lookAt(file string, w io.Writer) (painter term.Painter, width int) {
	if file == "-" {
		return g.painter(), g.streams.Width(g.streams.Out)
	}
	return term.Painter{Color: g.color == string(term.ColorAlways)}, g.streams.Width(w)
}
