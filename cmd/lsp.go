package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/lsp"
	"waitornot/cmd/internal/source"
	"waitornot/decide/lint"
	"waitornot/decide/project"
	"waitornot/rules"
)

func newLSP(g *globals) *cobra.Command {
	var o lspOptions
	c := &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor: findings, verdicts, and help while you type",
		Long: "Speaks the Language Server Protocol on standard input and output; editors start it.\n" +
			"It shows what check reports for all manifests of the repository, including unsaved\n" +
			"text, and what advise says about each operation.\n\n" +
			"cmd/docs/editors.md shows how to set up editors.\n\n" +
			"Exit codes: 0 the editor shut the server down; 1 it quit without a shutdown; 3 its\n" +
			"messages couldn't be understood.",
		Example: "  waitornot lsp\n" +
			"  waitornot lsp --strict --baseline waitornot-baseline.json",
		Args: asUsage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.settle(c.Context(), g); err != nil {
				return err
			}
			err := lsp.New(g.lspHost(c.Context(), &o)).Run(c.Context(), g.streams.In, g.streams.Out)
			if errors.Is(err, lsp.ErrUnfinished) {
				return errFindings
			}
			return err
		},
	}
	o.addConfig(c)
	c.Flags().BoolVar(&o.strict, "strict", false, "also report facts that rules need but the manifest lacks")
	nonEmptyVar(c.Flags(), &o.baseline, "baseline", "leave out findings listed in the baseline `FILE`")
	_ = c.MarkFlagFilename("baseline", "json")
	// Editors name the streams that every server has.
	c.Flags().Bool("stdio", true, "use standard input and output (always on)")
	return c
}

// lspOptions are the flags of lsp.
type lspOptions struct {
	policyFlags
	strict   bool
	baseline string
}

// settle makes the files that flags name absolute, since folders are opened later. It
// refuses a baseline that can't be read: an editor would show nothing and not say why.
func (o *lspOptions) settle(ctx context.Context, g *globals) error {
	o.cached = true // opening a folder is no reason to fetch anything
	here, err := g.folder()
	if err != nil {
		return err
	}
	if o.config != "" {
		o.config = absolute(here, o.config)
	}
	if o.baseline == "" {
		return nil
	}
	named := o.baseline
	o.baseline = absolute(here, named)
	if _, err := parseBaseline(ctx, o.baseline, &lint.BaselineFile{}); err != nil {
		return fmt.Errorf("%s: %w", named, disk.Plain(err))
	}
	return nil
}

// lspHost returns what a language server knows of the world.
func (g *globals) lspHost(ctx context.Context, o *lspOptions) lsp.Host {
	return lsp.Host{
		Version: version(), Address: address, Log: g.streams.Err,
		Top: func(dir string) string {
			if top := disk.Top(dir); top != "" {
				return top
			}
			return dir
		},
		Find: func(ctx context.Context, dir string) ([]project.File, error) {
			refs, err := source.Finder{Dir: dir}.Find(ctx, nil)
			if err != nil {
				return nil, err
			}
			var files []project.File
			for _, f := range projectFiles(dir, refs) {
				if source.Found(f.Name) {
					files = append(files, f)
				}
			}
			return files, nil
		},
		Manifest:      source.Found,
		Configuration: isConfiguration,
		Settings: func(dir string, unsaved func(string) ([]byte, bool), partial bool) (project.Settings, error) {
			return g.lspSettings(ctx, o, dir, unsaved, partial)
		},
		Opening: func() func() { return delayCollection(g.streams.Env("GOGC") != "") },
		Report:  g.reportsOf(&o.policyFlags),
		Today:   func() int64 { return today(g.streams).Unix() },
	}
}

// lspSettings returns how the manifests in a folder are judged: as check does there, with
// unsaved configurations in the place of those on the disk.
func (g *globals) lspSettings(ctx context.Context, o *lspOptions, dir string, unsaved func(string) ([]byte, bool), partial bool) (project.Settings, error) {
	at := *g
	at.streams.Dir = dir
	loader, err := o.loader(ctx, &at)
	if err != nil {
		return project.Settings{}, err
	}
	read := loader.Read
	loader.Read = func(path string) ([]byte, error) {
		if text, ok := unsaved(filepath.Clean(path)); ok {
			return text, nil
		}
		return read(path)
	}
	places, known := placesOf(dir, nil, ""), (*lint.BaselineFile)(nil)
	if o.baseline != "" {
		places = placesOf(dir, nil, withoutLinks(filepath.Dir(o.baseline)))
		known = baselineAt(o.baseline, places)
		if _, err := parseBaseline(ctx, o.baseline, known); err != nil {
			return project.Settings{}, err
		}
	}
	return project.Settings{Configurations: loader, Options: lint.Options{
		Graph: true, Rules: rules.All(), Today: today(g.streams), Where: places.identity,
		Strict: o.strict, Partial: partial, Baseline: known,
	}}, nil
}

// reportsOf returns what serves the report of a folder to browsers: each folder at an
// address of its own, where the page is made again when it is asked for again.
func (g *globals) reportsOf(p *policyFlags) func(ctx context.Context, dir string) (string, error) {
	served := map[string]*reportServer{}
	return func(ctx context.Context, dir string) (string, error) {
		at := *g
		at.streams.Dir = dir
		o := reportOptions{globals: &at, policyFlags: *p, output: "-", format: "html"}
		r, err := o.review(ctx)
		if err != nil {
			return "", err
		}
		page, err := o.page(ctx, r)
		if err != nil {
			return "", err
		}
		s := served[dir]
		if s == nil {
			if s, err = newReportServer("127.0.0.1:0"); err != nil {
				return "", err
			}
			go func() { _ = s.server.Serve(s.listener) }() // until the program ends
			served[dir] = s
		}
		s.show(page)
		return s.address(), nil
	}
}
