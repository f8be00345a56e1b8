package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/configview"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/config"
	"waitornot/decide/diag"
)

func newConfig(g *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Show and verify the configuration",
		Long: "A file named " + config.Name + " applies to the manifests in its folder and below, down to\n" +
			"the next such file. It can extend a parent and change its settings, except those that the parent\n" +
			"locks. Without a configuration, every rule has its defaults.\n\n" +
			"Precedence, lowest first: the default; the farthest parent, then its overrides in order; ...; the\n" +
			"nearest file, then its overrides in order.",
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
		Short: "Print every value in effect and where it was set",
		Long: "Prints the configuration that applies to a manifest, or to the manifests in a folder (the current\n" +
			"one by default): every value, with the file and line that set it.",
		Args: asUsage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
	o.add(c)
	formatVar(c, &o.format, configview.Formats())
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
	return formatNamed(configview.Formats(), o.format).Write(o.streams.Out, &configview.Page{Config: settings, Path: path}, o.layout())
}

// configOf returns what holds for a manifest, or for one in a folder.
func configOf(l *config.Loader, path string) (*config.Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Show(path), disk.Plain(err))
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
		Short: "Report errors in configurations",
		Long: "Checks the given configuration files, and for each given folder the configuration that applies\n" +
			"there (by default, the current folder), along with everything they extend, and runs custom\n" +
			"rules on their own examples.\n\n" +
			"Exit codes: 0 all are valid; 1 at least one isn't; 3 a path couldn't be read.",
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
			return fmt.Errorf("%s: %w", arg, disk.Plain(err))
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
			failed, err := o.tested(ctx, settings)
			if err != nil {
				return err
			}
			if faults += failed; failed == 0 {
				fmt.Fprintf(o.streams.Out, "%s: ok\n", term.Safe(settings.Files[0]))
			}
		}
	}
	if faults > 0 {
		return errFindings
	}
	return nil
}

// tested runs the team's own rules over their cases, reports those that fail, and counts
// them.
func (o *configVerify) tested(ctx context.Context, settings *config.Config) (failed int, err error) {
	for _, r := range settings.Rules {
		if !r.Rule.Custom {
			continue
		}
		cases, err := casesOf(ctx, settings, r.Rule)
		if err != nil {
			return failed, err
		}
		for _, k := range cases {
			if k.Failed != "" {
				failed++
				fmt.Fprintf(o.streams.Out, "%s: error: %s %s fails its %s case: %s\n", term.Safe(settings.Files[0]), term.Safe(r.Rule.Code), term.Safe(r.Rule.Name), k.Name, term.Safe(k.Failed))
			}
		}
	}
	return failed, nil
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
