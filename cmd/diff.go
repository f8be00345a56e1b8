package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/changeview"
	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/source"
	"waitornot/decide/change"
	"waitornot/decide/lint"
	"waitornot/decide/project"
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
		Short: "Show how decisions changed between two versions",
		Long: "Compares what two versions of manifests mean: which operations were added, removed, or renamed,\n" +
			"which answers changed, which verdicts flipped as a result, and why; and which journeys, brokers,\n" +
			"and service facts changed. Inherited values are included.\n\n" +
			"  waitornot diff              the current folder, since the last commit\n" +
			"  waitornot diff REV          the current folder, since it left a git revision\n" +
			"  waitornot diff REV PATH     the same for a file or a folder\n" +
			"  waitornot diff PATH         a file or a folder, since the last commit\n" +
			"  waitornot diff PATH PATH    two files or folders\n\n" +
			"Each version is judged by its own configuration. An argument that exists on disk is a path.",
		Example: "  waitornot diff origin/main\n" +
			"  waitornot diff origin/main --format markdown > comment.md\n" +
			"  waitornot diff old.yaml new.yaml --exit-code",
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), args) },
	}
	o.policyFlags.add(c)
	formatVar(c, &o.format, changeview.Formats())
	c.Flags().BoolVar(&o.exitCode, "exit-code", false, "exit with 1 if anything changed")
	return c
}

func (o *diffOptions) run(ctx context.Context, args []string) error {
	before, after, err := o.versions(ctx, args)
	if err != nil {
		return err
	}
	d, err := interruptible(ctx, func() (*change.Difference, error) { return change.Compare(before, after), nil })
	if err != nil {
		return err
	}
	if err := writePage(ctx, formatNamed(changeview.Formats(), o.format), o.streams.Out, d, o.layout()); err != nil {
		return err
	}
	switch {
	case len(o.unread) > 0:
		return brokenError{files: o.unread}
	case o.exitCode && d.Any():
		return errFindings
	}
	return nil
}

// versions returns what the arguments name.
func (o *diffOptions) versions(ctx context.Context, args []string) (before, after *change.Version, err error) {
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

// now returns the manifests at a path as they are. With
// mayBeNone it is no error when there are none.
func (o *diffOptions) now(ctx context.Context, path string, mayBeNone bool) (*change.Version, error) {
	refs, files, err := o.policyFlags.find(ctx, o.globals, []string{path})
	if err != nil {
		return nil, err
	}
	if mayBeNone {
		files = slices.DeleteFunc(files, func(f project.File) bool {
			i := slices.IndexFunc(refs, func(r source.Ref) bool { return r.Name == f.Name })
			_, err := f.Open()
			return refs[i].Path() == "" && err != nil
		})
	}
	p, operations, err := readFiles(ctx, o.globals, &o.policyFlags, files, lint.Options{}, changeOf)
	if err != nil {
		return nil, err
	}
	return &change.Version{Operations: operations, Documents: p.Documents}, o.complete(p)
}

// changeOf returns an operation to compare.
func changeOf(op project.Operation) *change.Operation {
	return change.Of(op.Document.File, op.Operation, op.Policy)
}

// complete refuses files that could not be opened, and remembers those that could
// not be read to their end.
func (o *diffOptions) complete(p *project.Project) error {
	for _, u := range p.Unreadable {
		return fmt.Errorf("%s: %w", u.File, u.Err)
	}
	for _, name := range p.Broken {
		if !slices.Contains(o.unread, name) {
			o.unread = append(o.unread, name)
		}
	}
	return nil
}

// since returns the manifests at a path as they were at the merge base with a
// revision, and as they are.
func (o *diffOptions) since(ctx context.Context, dir, rev, path string) (before, after *change.Version, err error) {
	_, then, err := snapshotOf(ctx, dir, rev)
	if err != nil {
		return nil, nil, err
	}
	if before, err = o.then(ctx, dir, path, then); err != nil {
		return nil, nil, err
	}
	after, err = o.now(ctx, path, len(before.Documents) > 0)
	return before, after, err
}

// then returns the manifests at a path as they were.
func (o *diffOptions) then(ctx context.Context, dir, path string, snapshot *git.Snapshot) (*change.Version, error) {
	l, err := o.pastLoader(ctx, o.globals, snapshot)
	if err != nil {
		return nil, err
	}
	files, err := filesOf(ctx, dir, absolute(dir, path), snapshot)
	if err != nil {
		return nil, err
	}
	p, operations, err := readUntilDone(ctx, files, project.Settings{Configurations: l}, changeOf)
	var wrong *project.Misconfigured
	if errors.As(err, &wrong) {
		o.complain(wrong.Findings)
		return nil, fmt.Errorf("the configuration of that version is invalid")
	}
	if err != nil {
		return nil, err
	}
	return &change.Version{Operations: operations, Documents: p.Documents}, o.complete(p)
}

// overBudget says of the manifests of a snapshot, in their order, why a run doesn't read them.
func overBudget(ctx context.Context, snapshot *git.Snapshot, paths []string) ([]error, error) {
	sizes, err := snapshot.Sizes(ctx, paths)
	left := make([]error, len(paths))
	var budget disk.Budget
	for i, size := range sizes {
		left[i] = budget.Take(size)
	}
	return left, err
}

// filesOf returns the manifests of a snapshot at a path: those below a folder, or
// the file by its name of today.
func filesOf(ctx context.Context, dir, at string, snapshot *git.Snapshot) ([]project.File, error) {
	paths, read := snapshot.Files(at), snapshot.Old
	paths = slices.DeleteFunc(paths, func(p string) bool { return !source.Found(relative(at, p)) })
	slices.Sort(paths)
	if info, err := os.Stat(at); err == nil && !info.IsDir() {
		paths, read = []string{at}, snapshot.Read
	}
	left, err := overBudget(ctx, snapshot, paths)
	if err != nil {
		return nil, err
	}
	var files []project.File
	for i, p := range paths {
		if err := left[i]; err != nil {
			return nil, fmt.Errorf("%s: %w", relative(dir, p), err)
		}
		data, err := read(ctx, p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the file is new
		}
		if err != nil {
			return nil, err
		}
		files = append(files, project.File{Name: relative(dir, p), Path: p, Open: func() ([]byte, error) { return data, nil }})
	}
	return files, nil
}
