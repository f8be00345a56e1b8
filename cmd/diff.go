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
	"waitornot/decide/config"
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
	case len(args) == 2 && (isPath(0) && isPath(1) || isFile(absolute(dir, args[0]))): // no revision is called like a file
		first, err := o.now(ctx, args[0], false)
		if err != nil {
			return nil, nil, err
		}
		return o.readBoth(ctx, first, func(bool) (versionFiles, error) { return o.now(ctx, args[1], false) })
	case len(args) == 2:
		return o.since(ctx, dir, args[0], args[1])
	case len(args) == 1 && isPath(0):
		return o.since(ctx, dir, "HEAD", args[0])
	case len(args) == 1:
		return o.since(ctx, dir, args[0], ".")
	}
	return o.since(ctx, dir, "HEAD", ".")
}

// since returns the manifests at a path as they were at the merge base with a
// revision, and as they are.
func (o *diffOptions) since(ctx context.Context, dir, rev, path string) (before, after *change.Version, err error) {
	_, then, err := snapshotOf(ctx, dir, rev)
	if err != nil {
		return nil, nil, err
	}
	was, err := o.then(ctx, dir, path, then)
	if err != nil {
		return nil, nil, err
	}
	return o.readBoth(ctx, was, func(some bool) (versionFiles, error) { return o.now(ctx, path, some) })
}

// versionFiles are the manifests of a version, and the configurations that judge them. They are
// read more than once.
type versionFiles struct {
	files          []project.File
	configurations *config.Loader
	refuse         func(error) error // says what is wrong with the configurations, if that is the error
}

// readBoth returns two versions. Only what they don't have alike is held, so the first is read
// twice. Second is told whether the first has any documents.
func (o *diffOptions) readBoth(ctx context.Context, before versionFiles, second func(some bool) (versionFiles, error)) (old, new *change.Version, err error) {
	d := change.NewDigester()
	p, digests, err := readVersion(ctx, o, before, func(op project.Operation) change.Digest { return d.Of(op.Operation, op.Policy) })
	if err != nil {
		return nil, nil, err
	}
	after, err := second(len(p.Documents) > 0)
	if err != nil {
		return nil, nil, err
	}
	q, entries, err := readVersion(ctx, o, after, entriesBeside(d, change.DigestsOf(digests)))
	if err != nil {
		return nil, nil, err
	}
	_, olds, err := readVersion(ctx, o, before, entriesBeside(d, change.DigestsIn(entries)))
	if err != nil {
		return nil, nil, err
	}
	return change.VersionOf(olds, p.Documents), change.VersionOf(entries, q.Documents), nil
}

// entriesBeside returns what keeps of an operation as much as comparing takes with a version that
// has the digests.
func entriesBeside(d change.Digester, other change.Digests) func(project.Operation) change.Entry {
	return func(op project.Operation) change.Entry {
		return other.Entry(d.Of(op.Operation, op.Policy), func() *change.Operation {
			return change.Of(op.Document.File, held(op).Operation, op.Policy)
		})
	}
}

// readVersion reads the manifests of a version. Of its operations it returns what keep keeps.
func readVersion[T any](ctx context.Context, o *diffOptions, v versionFiles, keep func(project.Operation) T) (*project.Project, []T, error) {
	p, kept, err := readUntilDone(ctx, v.files, project.Settings{Configurations: v.configurations}, keep)
	if err := v.refuse(err); err != nil {
		return nil, nil, err
	}
	return p, kept, o.complete(p)
}

// now returns the manifests at a path as they are. With
// mayBeNone it is no error when there are none.
func (o *diffOptions) now(ctx context.Context, path string, mayBeNone bool) (versionFiles, error) {
	refs, files, err := o.policyFlags.find(ctx, o.globals, []string{path})
	if err != nil {
		return versionFiles{}, err
	}
	if mayBeNone {
		files = slices.DeleteFunc(files, func(f project.File) bool {
			i := slices.IndexFunc(refs, func(r source.Ref) bool { return r.Name == f.Name })
			_, err := f.Open()
			return refs[i].Path() == "" && err != nil
		})
	}
	loader, err := o.loader(ctx, o.globals)
	return versionFiles{files, loader, o.globals.refuse}, err
}

// then returns the manifests at a path as they were.
func (o *diffOptions) then(ctx context.Context, dir, path string, snapshot *git.Snapshot) (versionFiles, error) {
	l, err := o.pastLoader(ctx, o.globals, snapshot)
	if err != nil {
		return versionFiles{}, err
	}
	files, err := filesOf(ctx, dir, absolute(dir, path), snapshot)
	return versionFiles{files, l, func(err error) error {
		if wrong := (*project.Misconfigured)(nil); errors.As(err, &wrong) {
			o.complain(wrong.Findings)
			return fmt.Errorf("the configuration of that version is invalid")
		}
		return err
	}}, err
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
