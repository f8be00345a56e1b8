package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// An output is a format and where it goes: a file, or standard output when file
// is "-".
type output struct {
	format findings.Format
	file   string
}

// outputs is the value of --format of check. The zero value writes text to standard
// output.
type outputs []output

// String returns the outputs as Set takes them; with Type and Set, outputs is a pflag.Value.
func (o *outputs) String() string {
	var parts []string
	for _, x := range *o {
		parts = append(parts, x.format.Name+"="+x.file)
	}
	return strings.Join(parts, ",")
}

// Type returns what help calls the value.
func (o *outputs) Type() string { return "FORMAT[=FILE]" }

// Set adds an output.
func (o *outputs) Set(value string) error {
	name, file, given := strings.Cut(value, "=")
	if !given {
		file = "-"
	}
	formats := findings.Formats()
	i := slices.IndexFunc(formats, func(f findings.Format) bool { return f.Name == name })
	switch {
	case i < 0:
		return unknownFormat(name, formats)
	case file == "":
		return errors.New("the file name after = is missing")
	}
	for _, x := range *o {
		if x.file == file {
			return fmt.Errorf("%s and %s would go to the same place: name a file, as in %s=FILE", x.format.Name, name, name)
		}
	}
	*o = append(*o, output{formats[i], file})
	return nil
}

func unknownFormat(name string, formats []findings.Format) error {
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	if near := diag.Nearest(name, names); near != "" {
		return fmt.Errorf("unknown format %q; did you mean %s?", name, near)
	}
	return fmt.Errorf("unknown format %q; the formats are %s", name, strings.Join(names, ", "))
}

// pages returns the formats of check as other views have theirs.
func pages() []markup.Format[*findings.Report] {
	var list []markup.Format[*findings.Report]
	for _, f := range findings.Formats() {
		list = append(list, f.Format)
	}
	return list
}

// outputFile is the value of --output of check: the file for the format that names none.
// It also takes a format, as it did before --format was there.
type outputFile struct {
	formats *outputs
	file    string // "" until it's given
	old     bool   // a format was given
}

// String returns the file; with Type and Set, outputFile is a pflag.Value.
func (o *outputFile) String() string { return o.file }

// Type returns what help calls the value.
func (o *outputFile) Type() string { return "FILE" }

// Set takes a file or, as older versions did, a format.
func (o *outputFile) Set(value string) error {
	name, _, given := strings.Cut(value, "=")
	if given || slices.ContainsFunc(findings.Formats(), func(f findings.Format) bool { return f.Name == name }) {
		o.old = true
		return o.formats.Set(value)
	}
	if value == "" {
		return errors.New("the value is empty")
	}
	if o.file != "" {
		return fmt.Errorf("%s and %s can't both be the output: write --format FORMAT=FILE for each", o.file, value)
	}
	o.file = value
	return nil
}

// settle gives the file to the format that names none, text when there is no format.
func (o *outputFile) settle() error {
	if o.file == "" || o.file == "-" {
		return nil
	}
	if len(*o.formats) == 0 {
		*o.formats = outputs{{findings.Formats()[0], "-"}}
	}
	for i := range *o.formats {
		if x := &(*o.formats)[i]; x.file == "-" {
			x.file = o.file
			return nil
		}
	}
	return usagef("every --format names a file, so --output %s has nothing to write", o.file)
}

// completeFormat completes --format of check: first the formats, then each with a file.
func completeFormat(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	var words []string
	for _, f := range findings.Formats() {
		if !strings.Contains(word, "=") {
			words = append(words, f.Name+"\t"+f.Doc)
		} else if strings.HasPrefix(word, f.Name+"=") {
			words = append(words, f.Name+"=waitornot."+f.Ext)
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// write writes a report to every output. One that fails does not keep the
// others from being written.
func (o outputs) write(ctx context.Context, g *globals, r *findings.Report, look term.Layout) error {
	if len(o) == 0 {
		o = outputs{{findings.Formats()[0], "-"}}
	}
	var faults []string
	for _, x := range o {
		if err := x.write(ctx, g, r, look); err != nil {
			faults = append(faults, err.Error())
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if n := len(r.Findings) + len(r.Waived); x.format.Most > 0 && n > x.format.Most {
			fmt.Fprintf(g.streams.Err, "waitornot: %s holds %d findings, but code scanning rejects more than %d: check fewer files at a time, or start with a baseline\n",
				x.format.Name, n, x.format.Most)
		}
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}

func (x output) write(ctx context.Context, g *globals, r *findings.Report, look term.Layout) error {
	var err error
	if x.file == "-" {
		look.Painter, look.Width = g.painter(), g.streams.Width(g.streams.Out)
		out := g.streams.Out
		if x.format.Commands {
			out = term.ForCommands(out)
		}
		if err = writePage(ctx, x.format.Format, out, r, look); err != nil {
			err = fmt.Errorf("standard output: %w", disk.Plain(err))
		}
	} else {
		err = x.writeFile(ctx, g, r, look)
	}
	if variable := x.format.Summary; err == nil && variable != "" {
		if path := g.streams.Env(variable); path != "" {
			err = appendSummary(path, r)
		}
	}
	return err
}

// writeFile writes a whole file or none.
func (x output) writeFile(ctx context.Context, g *globals, r *findings.Report, look term.Layout) error {
	path := x.file
	if !filepath.IsAbs(path) {
		path = filepath.Join(g.streams.Dir, path)
	}
	var b bytes.Buffer
	look.Painter, look.Width = term.Painter{Color: g.streams.Color(&b, term.ColorMode(g.color))}, g.streams.Width(&b)
	if err := writePage(ctx, x.format.Format, &b, r, look); err != nil {
		return err
	}
	return g.disk(ctx).Output(path, b.Bytes())
}

// appendSummary adds a summary to a file that others may have written to.
func appendSummary(path string, r *findings.Report) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	if err := r.WriteSummary(f, int(info.Size())); err != nil {
		return fmt.Errorf("job summary: %w", err)
	}
	return nil
}

// untilDone writes until its context is done.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

// Write writes p, unless the context is done: then it returns the context's error.
func (u untilDone) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(p)
}
