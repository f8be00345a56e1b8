package cmd

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
)

// outputVar binds -o, --output: the file that a command writes to.
func outputVar(c *cobra.Command, file *string) {
	c.Flags().StringVarP(file, "output", "o", "-", "write to a `FILE`; - is standard output")
	_ = c.MarkFlagFilename("output")
}

// giveOutput gives -o, --output to a command and those below it that have formats, and
// no way of their own to name a file.
func (g *globals) giveOutput(c *cobra.Command) {
	for _, sub := range c.Commands() {
		g.giveOutput(sub)
	}
	if c.Flags().Lookup("format") == nil || c.Flags().Lookup("output") != nil {
		return
	}
	var file string
	outputVar(c, &file)
	run := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		if file == "-" {
			return run(c, args)
		}
		if watch := c.Flags().Lookup("watch"); watch != nil && watch.Changed {
			return usagef("--watch writes to the terminal: it can't be combined with --output")
		}
		if err := g.refuseNamed(args, file); err != nil {
			return err
		}
		var held bytes.Buffer
		out := g.streams.Out
		g.streams.Out = &held
		err := run(c, args)
		g.streams.Out = out
		if exitCode(err) == exitUsage || exitCode(err) == exitInterrupted || held.Len() == 0 {
			return err
		}
		wrote := g.writeTo(c.Context(), file, "", func(w io.Writer) error {
			_, err := w.Write(held.Bytes())
			return err
		})
		return cmp.Or(wrote, err)
	}
}

// refuseNamed refuses an output that would overwrite a manifest, or a file that is named
// beside it.
func (g *globals) refuseNamed(args []string, file string) error {
	dir, err := g.folder()
	if err != nil {
		return err
	}
	target, err := os.Stat(absolute(dir, file))
	if err != nil {
		return nil // it will be made
	}
	if source.Found(filepath.Base(file)) {
		return usagef("%s is a manifest: write to another file", file)
	}
	for _, arg := range args {
		if info, err := os.Stat(absolute(dir, arg)); err == nil && os.SameFile(info, target) {
			return usagef("%s is an input: write to another file", file)
		}
	}
	return nil
}

// refuseOverwrite refuses to write over a manifest that is read.
func (p *policyFlags) refuseOverwrite(ctx context.Context, g *globals, paths []string, file string) error {
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
		return writing(ctx, g.streams.Out, write)
	}
	var b bytes.Buffer
	if err := writing(ctx, &b, write); err != nil {
		return err
	}
	dir, err := g.folder()
	if err != nil {
		return err
	}
	if err := g.disk(ctx).Output(absolute(dir, filepath.FromSlash(file)), b.Bytes()); err != nil {
		return err
	}
	if holds != "" {
		holds = " (" + holds + ")"
	}
	fmt.Fprintf(g.streams.Err, "wrote %s%s\n", term.Safe(file), holds)
	return nil
}
