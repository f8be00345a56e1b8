package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/schema"
	"waitornot/cmd/internal/starter"
	"waitornot/cmd/internal/term"
)

// initOptions are what a run of init needs.
type initOptions struct {
	*globals
	with  map[string]*bool // by the kind's name
	force bool
}

func newInit(g *globals) *cobra.Command {
	o := initOptions{globals: g, with: map[string]*bool{}}
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a starter manifest, and files for CI",
		Long: "Writes a manifest with comments to start from, and the JSON Schema with which editors complete\n" +
			"it. Files that are there already stay as they are, and then nothing is written at all.",
		Example: "  waitornot init\n" +
			"  waitornot init --github --pre-commit services/checkout",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(append(args, ".")[0]) },
	}
	for _, k := range starter.Kinds() {
		o.with[k.Name] = c.Flags().Bool(k.Name, false, k.Doc)
	}
	c.Flags().BoolVar(&o.force, "force", false, "write over files that are there")
	return c
}

func (o *initOptions) run(dir string) error {
	files, err := o.files()
	if err != nil {
		return err
	}
	base, err := o.folder()
	if err != nil {
		return err
	}
	if err := o.refuse(base, dir, files); err != nil {
		return err
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		path := absolute(base, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return fmt.Errorf("%s: %w", filepath.Dir(name), plainError(err))
		}
		if err := disk.Write(path, f.Text); err != nil {
			return err
		}
		fmt.Fprintf(o.streams.Out, "wrote %s\n", term.Safe(filepath.ToSlash(name)))
	}
	return nil
}

// files returns what is asked for.
func (o *initOptions) files() ([]starter.File, error) {
	manifest, err := starter.Manifest()
	if err != nil {
		return nil, err
	}
	files := []starter.File{manifest, {Path: starter.SchemaPath, Text: schema.Manifest()}}
	for _, k := range starter.Kinds() {
		if !*o.with[k.Name] {
			continue
		}
		f, err := k.File()
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// refuse returns an error when a file would be written over.
func (o *initOptions) refuse(base, dir string, files []starter.File) error {
	var there []string
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if _, err := os.Lstat(absolute(base, name)); !errors.Is(err, fs.ErrNotExist) && !o.force {
			there = append(there, filepath.ToSlash(name))
		}
	}
	if len(there) == 0 {
		return nil
	}
	verb := "is"
	if len(there) > 1 {
		verb = "are"
	}
	return fmt.Errorf("%s %s there already; nothing is written without --force", strings.Join(there, ", "), verb)
}
