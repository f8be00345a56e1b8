package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/findings"
	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/change"
	"waitornot/decide/config"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// gateFlags decide which findings count.
type gateFlags struct {
	policyFlags
	strict         bool
	baseline       string
	write          bool
	shrink         bool
	strictBaseline bool
	since          string
}

func (g *gateFlags) add(c *cobra.Command) {
	g.policyFlags.add(c)
	f := c.Flags()
	f.BoolVar(&g.strict, "strict", false, "report, too, the facts that rules would have needed")
	filledVar(f, &g.baseline, "baseline", "leave out the findings that the baseline `FILE` holds")
	f.BoolVar(&g.write, "write-baseline", false, "write the baseline; one that exists is shrunk, and never grows")
	f.BoolVar(&g.shrink, "shrink", false, "remove what is fixed from the baseline")
	f.BoolVar(&g.strictBaseline, "strict-baseline", false, "fail when the baseline holds what is fixed")
	filledVar(f, &g.since, "since", "leave out the findings where nothing changed since the merge base with the git `REV`")
	_ = c.MarkFlagFilename("baseline", "json")
}

// check refuses flags that do not go together.
func (g *gateFlags) check() error {
	switch {
	case g.baseline == "" && (g.write || g.shrink || g.strictBaseline):
		return usagef("--write-baseline, --shrink and --strict-baseline need --baseline FILE")
	case (g.write || g.shrink) && g.strictBaseline:
		return usagef("--strict-baseline looks for what --write-baseline and --shrink would remove: choose one")
	case g.write && g.since != "":
		return usagef("--write-baseline takes all findings, --since leaves some out: choose one")
	}
	return nil
}

// A checkContext is what a run of check needs to know which findings count.
type checkContext struct {
	*gateFlags
	globals *globals
	dir     string // absolute
	refs    []source.Ref
	loader  *config.Loader
	known   *lint.BaselineFile // nil without a baseline
	stored  []byte             // the baseline as it was read
	isNew   bool               // there is no baseline file yet
	refused bool               // the baseline would have grown
}

// gate reads the configurations and the baseline.
func (g *gateFlags) gate(ctx context.Context, globals *globals, refs []source.Ref) (*checkContext, error) {
	x := &checkContext{gateFlags: g, globals: globals, refs: refs}
	var err error
	if x.dir, err = globals.folder(); err != nil {
		return nil, err
	}
	if x.loader, err = g.loader(globals); err != nil {
		return nil, err
	}
	return x, x.readBaseline(ctx)
}

// ownRules describes the rules of a team's own that have found something, in
// the order of their codes.
func (x *checkContext) ownRules(r *project.Project) []findings.Rule {
	found := map[string]*lint.Rule{}
	look := func(f *diag.Finding) {
		for _, p := range r.Policies {
			if rule := p.Rule(f.Code); rule != nil {
				found[f.Code] = rule
				return
			}
		}
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; !strings.HasPrefix(f.Code, "WN") && found[f.Code] == nil {
			look(f)
		}
	}
	for i := range r.Waived {
		if f := &r.Waived[i].Finding; !strings.HasPrefix(f.Code, "WN") && found[f.Code] == nil {
			look(f)
		}
	}
	var list []findings.Rule
	for _, code := range slices.Sorted(maps.Keys(found)) {
		list = append(list, description(found[code]))
	}
	return list
}

// partial reports whether paths may name only some of the manifests that belong
// together: any that is no folder does.
func partial(dir string, paths []string) bool {
	return slices.ContainsFunc(paths, func(p string) bool {
		info, err := os.Stat(absolute(dir, p))
		return err != nil || !info.IsDir()
	})
}

func (x *checkContext) readBaseline(ctx context.Context) error {
	if x.baseline == "" {
		return nil
	}
	path := absolute(x.dir, x.baseline)
	home := filepath.Dir(path)
	x.known = &lint.BaselineFile{
		Baseline: &lint.Baseline{},
		Name:     func(file string) string { return relative(home, absolute(x.dir, filepath.FromSlash(file))) },
		Exists: func(name string) bool {
			_, err := os.Stat(absolute(home, filepath.FromSlash(name)))
			return !errors.Is(err, fs.ErrNotExist)
		},
	}
	data, err := disk.ReadNamed(ctx, path)
	x.stored = data
	switch {
	case errors.Is(err, fs.ErrNotExist) && x.write:
		x.isNew = true
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w; --write-baseline makes one", x.baseline, plainError(err))
	case err != nil:
		return fmt.Errorf("%s: %w", x.baseline, plainError(err))
	}
	if x.known.Baseline, err = lint.ParseBaseline(data); err != nil {
		return fmt.Errorf("%s: %w", x.baseline, err)
	}
	return nil
}

// keepChanged leaves out what did not change, when that is wanted.
func (x *checkContext) keepChanged(ctx context.Context, p *project.Project) error {
	if x.since == "" {
		return nil
	}
	changes, err := x.changes(ctx, p)
	if err != nil {
		return err
	}
	change.Keep(p.Result, changes)
	return nil
}

// writeBaseline writes the baseline when that is wanted.
func (x *checkContext) writeBaseline(ctx context.Context, r *lint.Result) error {
	if !x.write && !x.shrink {
		return nil
	}
	if len(r.Broken)+len(r.Unreadable) > 0 {
		x.say("%s is not written, because not all manifests could be read", x.baseline)
		return nil
	}
	if list := r.Acceptable(); x.write && len(list) > 0 {
		if !x.isNew {
			x.say("%s is not written: it would grow by %d, and a baseline only shrinks; delete it to start anew", x.baseline, len(list))
			x.refused = true
			return nil
		}
		x.known.Accept(r, list)
	}
	x.known.Shrink(r.Baseline.Fixed)
	err := x.globals.disk(ctx).Update(absolute(x.dir, x.baseline), func(old []byte) ([]byte, error) {
		if string(old) != string(x.stored) {
			return nil, fmt.Errorf("%s was changed while the manifests were checked; nothing was written, run the command again", x.baseline)
		}
		return x.known.Format(), nil
	})
	if err != nil {
		return err
	}
	if n := len(r.Baseline.Fixed); n > 0 {
		x.say("%s: removed %d that %s fixed", x.baseline, n, are(n))
	}
	r.Baseline.Fixed = nil
	return nil
}

// say writes a remark to standard error.
func (x *checkContext) say(format string, args ...any) {
	fmt.Fprintf(x.globals.streams.Err, "waitornot: %s\n", term.Safe(fmt.Sprintf(format, args...)))
}

// changes compares the manifests of the run with what they were at the merge
// base, judged by the configurations of that time.
func (x *checkContext) changes(ctx context.Context, p *project.Project) (map[string]*change.Changes, error) {
	repo, err := git.Open(ctx, x.dir)
	if err != nil {
		return nil, fmt.Errorf("--since: %w", err)
	}
	base, err := repo.MergeBase(ctx, x.since)
	if err != nil {
		return nil, fmt.Errorf("--since: %w", err)
	}
	then, err := repo.At(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("--since: %w", err)
	}
	past, err := x.gateFlags.pastLoader(ctx, x.globals, then)
	if err != nil {
		return nil, err
	}
	changes := map[string]*change.Changes{}
	for i, ref := range x.refs {
		if ref.Path() == "" || slices.Contains(p.Broken, ref.Name) {
			continue
		}
		c, err := x.changesOf(ctx, ref, p.Policies[i], then, past)
		if err != nil {
			return nil, err
		}
		changes[ref.Name] = c
	}
	return changes, nil
}

// changesOf compares one manifest. When the configuration of that time cannot
// be followed, today's stands in for it.
func (x *checkContext) changesOf(ctx context.Context, ref source.Ref, now *lint.Policy, then *git.Snapshot, past *config.Loader) (*change.Changes, error) {
	path := absolute(x.dir, ref.Path())
	old, err := then.Read(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return change.NewFile(), nil
	case err != nil:
		return nil, err
	}
	src, err := ref.Open()
	if err != nil {
		return change.NewFile(), nil // the run has said so
	}
	was := past.Policy(path)
	if len(past.Findings()) > 0 {
		was = now
	}
	before := src
	before.Data = old
	return change.Between(change.Version{Source: before, Policy: was}, change.Version{Source: src, Policy: now}), nil
}

// verdict adds what the baseline says to the end of a run.
func (x *checkContext) verdict(r *lint.Result) error {
	if x.strictBaseline && len(r.Baseline.Fixed) > 0 {
		n := len(r.Baseline.Fixed)
		x.say("%s holds %d that %s fixed; --shrink removes what is fixed", x.baseline, n, are(n))
		return errFindings
	}
	if x.refused {
		return errFindings
	}
	return nil
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
