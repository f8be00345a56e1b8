package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/configview"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/config"
	"waitornot/decide/diag"
)

func newConfig(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Show and verify the configuration",
		Long: "A file named " + config.Name + " holds for the manifests of its folder and of those below, down\n" +
			"to the next one. It can extend a parent, whose settings it then changes; what a parent has\n" +
			"locked it cannot weaken. Without any, every rule is on as it was declared.\n\n" +
			"Of several values the one counts that comes last here: the default; the farthest parent, its\n" +
			"overrides in their order; ...; the nearest file, its overrides in their order.",
		Args: noSuchCommand,
		RunE: func(c *cobra.Command, args []string) error { return c.Help() },
	}
	c.AddCommand(newConfigShow(g), newConfigVerify(g))
	return c
}

// configShow prints what holds for one path.
type configShow struct {
	*globals
	policyFlags
	format string
}

func newConfigShow(g *globals) *cobra.Command {
	o := configShow{globals: g}
	c := &cobra.Command{
		Use:   "show [PATH]",
		Short: "Print every value in effect, and where it was set",
		Long: "Show prints what holds for a manifest, or for the manifests in a folder (the current one when\n" +
			"none is given): every value with the file and the line that set it.",
		Args: asUsage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
	o.add(c)
	enumVar(c, c.Flags(), &o.format, "format", []string{"text", "json"}, "the output format")
	return c
}

func (o *configShow) run(ctx context.Context, args []string) error {
	l, err := o.loader(ctx, o.globals)
	if err != nil {
		return err
	}
	dir, err := o.folder()
	if err != nil {
		return err
	}
	path := append(args, ".")[0]
	settings, err := configOf(l, absolute(dir, path))
	if err != nil {
		return err
	}
	if err := settled(o.globals, l); err != nil {
		return err
	}
	if o.format == "json" {
		return configview.JSON(o.streams.Out, path, settings)
	}
	return configview.Text(o.streams.Out, o.painter(), path, settings)
}

// configOf returns what holds for a manifest, or for one in a folder.
func configOf(l *config.Loader, path string) (*config.Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Show(path), plainError(err))
	}
	if info.IsDir() {
		path = filepath.Join(path, "waitornot.yaml")
	}
	return l.Config(path), nil
}

// configVerify checks configurations alone.
type configVerify struct {
	*globals
	policyFlags
}

func newConfigVerify(g *globals) *cobra.Command {
	o := configVerify{globals: g}
	c := &cobra.Command{
		Use:   "verify [PATH...]",
		Short: "Report what is wrong with configurations",
		Long: "Verify reads the configuration files given, and for each folder the one that holds there (the\n" +
			"current folder when none is given), with all that they extend.\n\n" +
			"Exit codes: 0 all can be followed; 1 one cannot; 3 a path could not be read.",
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
	o.addPresets(c)
	return c
}

func (o *configVerify) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	dir, err := o.folder()
	if err != nil {
		return err
	}
	faults := 0
	for _, arg := range args {
		path := absolute(dir, arg)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("%s: %w", arg, plainError(err))
		}
		l, err := o.loader(ctx, o.globals)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			l.File = path
		}
		settings, err := configOf(l, path)
		if err != nil {
			return err
		}
		findings := l.Findings()
		faults += len(findings)
		if len(findings) == 0 && len(settings.Files) > 0 {
			unmatched, err := o.unmatched(ctx, l, absolute(dir, settings.Files[0]))
			if err != nil {
				return err
			}
			writeFindings(o.streams.Out, o.painter(), unmatched)
		}
		writeFindings(o.streams.Out, o.painter(), findings)
		switch {
		case len(findings) > 0:
		case len(settings.Files) == 0:
			fmt.Fprintf(o.streams.Out, "%s: no %s here or above\n", term.Safe(arg), config.Name)
		default:
			fmt.Fprintf(o.streams.Out, "%s: ok\n", term.Safe(settings.Files[0]))
		}
	}
	if faults > 0 {
		return errFindings
	}
	return nil
}

// unmatched returns the patterns of a configuration that match no manifest.
func (o *configVerify) unmatched(ctx context.Context, l *config.Loader, path string) ([]diag.Finding, error) {
	home := filepath.Dir(path)
	refs, err := source.Finder{Dir: home}.Find(ctx, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range refs {
		if r.Path() != "" {
			l.Policy(absolute(home, r.Path()))
		}
	}
	return l.Unmatched(func(dir string) bool { return dir == home }), nil
}
