package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/preset"
	"waitornot/cmd/internal/state"
	"waitornot/cmd/internal/term"
	"waitornot/decide"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/project"
	"waitornot/rules"
	"waitornot/rules/custom"
)

// policyFlags choose the configuration by which manifests are judged.
type policyFlags struct {
	config string
	none   bool
	stdin  string // the file that standard input is the text of

	allowed []string // the addresses that presets may be fetched from
	cached  bool     // nothing is fetched, whatever is allowed
}

func (p *policyFlags) add(c *cobra.Command) {
	p.addConfig(c)
	nonEmptyVar(c.Flags(), &p.stdin, "stdin-filename", "treat standard input (-) as the content of `FILE` for names and configuration")
}

// addConfig adds the flags of commands that read no standard input.
func (p *policyFlags) addConfig(c *cobra.Command) {
	nonEmptyVar(c.Flags(), &p.config, "config", "use this configuration `FILE` for all manifests, instead of the nearest "+config.Name)
	c.Flags().BoolVar(&p.none, "no-config", false, "ignore all configurations")
	_ = c.MarkFlagFilename("config", "yaml", "yml")
	p.addPresets(c)
}

// addPresets adds the flag that allows fetching presets.
func (p *policyFlags) addPresets(c *cobra.Command) {
	c.Flags().StringArrayVar(&p.allowed, "allow-presets", nil, "allow fetching presets that configurations extend from `URL` and below (repeatable)")
}

// folder returns the absolute path of the folder that relative paths start from.
func (g *globals) folder() (string, error) {
	dir, err := filepath.Abs(g.streams.Dir)
	if err != nil {
		return "", fmt.Errorf("current folder: %w", err)
	}
	return dir, nil
}

// shown returns a path as people in the current folder write it, when it lies below.
func (g *globals) shown(path string) string {
	if rel, err := filepath.Rel(g.streams.Dir, path); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return path
}

// disk returns what writes files: an interrupt ends the wait for a lock, which is
// announced.
func (g *globals) disk(ctx context.Context) disk.Disk {
	return disk.Disk{Context: ctx, Show: g.shown, Waiting: func(path string) {
		fmt.Fprintf(g.streams.Err, "waitornot: waiting for another waitornot that has locked %s\n", term.Safe(g.shown(path)))
	}}
}

// loader returns what reads the configurations.
func (p *policyFlags) loader(ctx context.Context, g *globals) (*config.Loader, error) {
	if p.config != "" && p.none {
		return nil, usagef("--config and --no-config can't be combined")
	}
	table, err := g.table()
	if err != nil {
		return nil, err
	}
	dir, err := g.folder()
	if err != nil {
		return nil, err
	}
	l := &config.Loader{
		Rules: rules.All(), Table: table, Limits: decide.DefaultLimits(),
		Read: readConfig, Top: topOfConfig(dir), Compile: custom.Compile, Show: func(path string) string { return relative(dir, path) }, None: p.none,
	}
	if p.config != "" {
		l.File = absolute(dir, p.config)
	}
	store := sync.OnceValue(func() *preset.Store { return p.presets(g) })
	l.Preset = func(at config.Preset) ([]byte, error) { return store().Read(ctx, at) }
	return l, nil
}

// presets returns what reads configurations of other repositories.
func (p *policyFlags) presets(g *globals) *preset.Store {
	s := &preset.Store{Say: func(format string, args ...any) {
		fmt.Fprintf(g.streams.Err, "waitornot: %s\n", term.Safe(fmt.Sprintf(format, args...)))
	}}
	dir, err := state.CacheDir(g.streams.Env)
	s.Dir, s.DirErr = filepath.Join(dir, "presets"), err
	if !p.cached {
		s.Allowed = append(strings.Fields(g.streams.Env(preset.Var)), p.allowed...)
	}
	return s
}

// pastLoader returns what reads the configurations of a snapshot. What lies
// outside its work tree is read as it is.
func (p *policyFlags) pastLoader(ctx context.Context, g *globals, then *git.Snapshot) (*config.Loader, error) {
	l, err := p.loader(ctx, g)
	if err != nil {
		return nil, err
	}
	l.Read = func(path string) ([]byte, error) {
		if !then.Holds(path) {
			return readConfig(path)
		}
		return then.Read(ctx, path)
	}
	return l, nil
}

// readConfig reads a configuration. What is there but can't be read, such as a folder of
// that name or a link to nothing, is an error of its own: somebody meant it.
func readConfig(path string) ([]byte, error) {
	if _, err := os.Lstat(path); err != nil {
		return nil, err
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("it's a link to a file that doesn't exist")
	case err == nil && info.IsDir():
		return nil, errors.New("it's a folder")
	}
	dir := filepath.Dir(path)
	return disk.ReadFound(cmp.Or(disk.Top(dir), dir), path)
}

// topOfConfig returns where the search for a configuration ends, and what its parents
// may not lie outside of: the work tree, or outside of any, the folder of the run when
// it lies there, else its own.
func topOfConfig(dir string) func(string) string {
	var tops disk.Tops
	return func(at string) string {
		if top := tops.Of(at); top != "" {
			return top
		}
		if rel, err := filepath.Rel(dir, at); err == nil && filepath.IsLocal(rel) {
			return dir
		}
		return at
	}
}

// absolute returns the path from dir, which is absolute.
func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// relative returns path as people in dir write it, with slashes.
func relative(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// writeFindings lists findings, one on each line.
func writeFindings(w io.Writer, p term.Painter, findings []diag.Finding) {
	for _, f := range findings {
		place := f.File
		if f.Range.IsValid() {
			place = fmt.Sprintf("%s:%d:%d", f.File, f.Range.Start.Line, f.Range.Start.Column)
		}
		message := f.Message
		if f.Fix != "" {
			message += "; " + f.Fix
		}
		style := term.SeverityStyle(f.Severity)
		label := ""
		if f.Code != "" {
			label = p.Paint(term.Faint, fmt.Sprintf(" (%s %s)", f.Code, f.Rule))
		}
		fmt.Fprintf(w, "%s: %s: %s%s\n", p.Paint(term.Bold, term.Safe(place)), p.Paint(style, f.Severity.String()),
			term.Safe(message), label)
	}
}

// settled returns an error when the configurations that were looked at can't be
// followed, and writes what is wrong with them.
func settled(g *globals, l *config.Loader) error {
	if findings := l.Findings(); len(findings) > 0 {
		return g.refuse(&project.Misconfigured{Findings: findings})
	}
	return nil
}
