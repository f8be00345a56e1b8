package cmd

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/manual"
)

// newMan writes manual pages. It is for those who package the program.
func newMan(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write man pages into a folder",
		Hidden: true,
		Args:   asUsage(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			base, err := g.folder()
			if err != nil {
				return err
			}
			dir := absolute(base, args[0])
			if isFile(dir) {
				return notAFolder(args[0])
			}
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			return writePages(g.disk(c.Context()), c.Root(), dir)
		},
	}
}

// writePages writes the page of a command and those of the commands below it.
func writePages(d disk.Disk, c *cobra.Command, dir string) error {
	p := pageOf(c)
	if err := d.Write(filepath.Join(dir, p.Name+".1"), p.Format()); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden && sub.Name() != "help" {
			if err := writePages(d, sub, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

func pageOf(c *cobra.Command) *manual.Page {
	p := &manual.Page{
		Name: pageName(c), Version: version(), Short: c.Short, Synopsis: c.UseLine(), Long: c.Long, Example: c.Example,
	}
	if p.Long == "" {
		p.Long = c.Short + "."
	}
	c.InitDefaultHelpFlag()
	add := func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		names := "--" + f.Name
		if f.Shorthand != "" {
			names = "-" + f.Shorthand + ", " + names
		}
		value, doc := pflag.UnquoteUsage(f)
		if value != "" && f.Value.Type() != "bool" {
			names += " " + strings.ToUpper(value)
		}
		p.Flags = append(p.Flags, manual.Flag{Names: names, Doc: doc})
	}
	c.NonInheritedFlags().VisitAll(add)
	c.InheritedFlags().VisitAll(add)
	if c.HasParent() {
		p.Also = append(p.Also, pageName(c.Parent()))
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden && sub.Name() != "help" {
			p.Also = append(p.Also, pageName(sub))
		}
	}
	return p
}
