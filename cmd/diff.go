package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/report"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/term"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
)

// diffOptions are what a run of diff needs.
type diffOptions struct {
	*globals
	policyFlags
	format   string
	exitCode bool

	unread []string // the manifests that could not be read to their end
}

func newDiff(g *globals) *cobra.Command {
	o := diffOptions{globals: g}
	c := &cobra.Command{
		Use:   "diff [REV|PATH] [PATH]",
		Short: "Say what changed in what manifests mean",
		Long: "Compares two versions of manifests by what they mean: which operations were added, removed or\n" +
			"renamed, which answers changed, which verdicts flipped because of it, and why.\n\n" +
			"  waitornot diff              the current folder, since the last commit\n" +
			"  waitornot diff REV          the current folder, since it left a git revision\n" +
			"  waitornot diff REV PATH     the same for a file or a folder\n" +
			"  waitornot diff PATH         a file or a folder, since the last commit\n" +
			"  waitornot diff PATH PATH    two files or folders\n\n" +
			"Each version is judged by the configuration of its time. What is there is taken for a path.",
		Example: "  waitornot diff origin/main\n" +
			"  waitornot diff origin/main --format markdown > comment.md\n" +
			"  waitornot diff old.yaml new.yaml --exit-code",
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
	o.policyFlags.add(c)
	var names []string
	for _, f := range report.DifferenceFormats() {
		names = append(names, f.Name)
	}
	enumVar(c, c.Flags(), &o.format, "format", names, "the output `format`")
	c.Flags().BoolVar(&o.exitCode, "exit-code", false, "end with 1 when anything changed")
	return c
}

func (o *diffOptions) run(ctx context.Context, args []string) error {
	before, after, err := o.versions(ctx, args)
	if err != nil {
		return err
	}
	d := lint.Compare(before, after)
	formats := report.DifferenceFormats()
	i := slices.IndexFunc(formats, func(f report.DifferenceFormat) bool { return f.Name == o.format })
	look := report.Look{Painter: o.painter(), Width: o.streams.Width(o.streams.Out)}
	if err := formats[i].Write(o.streams.Out, d, look); err != nil {
		return err
	}
	switch {
	case len(o.unread) > 0:
		return brokenError{files: o.unread}
	case o.exitCode && len(d.Changes) > 0:
		return errFindings
	}
	return nil
}

// versions returns what the arguments name.
func (o *diffOptions) versions(ctx context.Context, args []string) (before, after []lint.Version, err error) {
	dir, err := o.folder()
	if err != nil {
		return nil, nil, err
	}
	isPath := func(i int) bool {
		_, err := os.Stat(absolute(dir, args[i]))
		return err == nil
	}
	switch {
	case len(args) == 2 && isPath(0) && isPath(1):
		if before, err = o.now(ctx, args[0], false); err == nil {
			after, err = o.now(ctx, args[1], false)
		}
		return before, after, err
	case len(args) == 2:
		return o.since(ctx, dir, args[0], args[1])
	case len(args) == 1 && isPath(0):
		return o.since(ctx, dir, "HEAD", args[0])
	case len(args) == 1:
		return o.since(ctx, dir, args[0], ".")
	}
	return o.since(ctx, dir, "HEAD", ".")
}

// now returns the manifests at a path as they are. With mayBeNone it is no
// error when there are none.
func (o *diffOptions) now(ctx context.Context, path string, mayBeNone bool) ([]lint.Version, error) {
	refs, err := source.Finder{Dir: o.streams.Dir, Stdin: o.streams.In}.Find(ctx, []string{path})
	if err != nil {
		return nil, err
	}
	l, err := o.loader(o.globals)
	if err != nil {
		return nil, err
	}
	list, err := policies(o.globals, l, refs)
	if err != nil {
		return nil, err
	}
	if err := refuse(o.globals, l); err != nil {
		return nil, err
	}
	var versions []lint.Version
	for i, r := range refs {
		src, err := r.Open()
		if err != nil && mayBeNone && r.Path() == "" {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		versions = append(versions, o.version(src, list[i]))
	}
	return versions, nil
}

// version joins a manifest and its policy, and says so when it is broken.
func (o *diffOptions) version(src manifest.Source, p *lint.Policy) lint.Version {
	file, _ := manifest.Read(src, manifest.Options{})
	if file.Broken && !slices.Contains(o.unread, src.Name) {
		o.unread = append(o.unread, src.Name)
	}
	return lint.Version{Source: src, Policy: p}
}

// since returns the manifests at a path as they were at the merge base with a
// revision, and as they are.
func (o *diffOptions) since(ctx context.Context, dir, rev, path string) (before, after []lint.Version, err error) {
	repo, err := git.Open(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	base, err := repo.MergeBase(ctx, rev)
	if err != nil {
		return nil, nil, err
	}
	then, err := repo.At(ctx, base)
	if err != nil {
		return nil, nil, err
	}
	if before, err = o.then(ctx, dir, path, then); err != nil {
		return nil, nil, err
	}
	after, err = o.now(ctx, path, len(before) > 0)
	return before, after, err
}

// then returns the manifests at a path as they were.
func (o *diffOptions) then(ctx context.Context, dir, path string, snapshot *git.Snapshot) ([]lint.Version, error) {
	l, err := o.pastLoader(ctx, o.globals, snapshot)
	if err != nil {
		return nil, err
	}
	at := absolute(dir, path)
	files, read := snapshot.Files(at), snapshot.Old
	files = slices.DeleteFunc(files, func(p string) bool { return !source.Found(relative(at, p)) })
	slices.Sort(files)
	if info, err := os.Stat(at); err == nil && !info.IsDir() {
		files, read = []string{at}, snapshot.Read // by its name of today
	}
	var versions []lint.Version
	for _, p := range files {
		data, err := read(ctx, p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the file is new
		}
		if err != nil {
			return nil, err
		}
		versions = append(versions, o.version(manifest.Source{Name: relative(dir, p), Data: data}, l.Policy(p)))
	}
	if findings := l.Findings(); len(findings) > 0 {
		writeFindings(o.streams.Err, term.Painter{}, findings)
		return nil, fmt.Errorf("the configuration of that time cannot be followed")
	}
	return versions, nil
}
