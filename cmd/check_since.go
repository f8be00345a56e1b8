package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"waitornot/cmd/internal/git"
	"waitornot/cmd/internal/source"
	"waitornot/cmd/internal/text"
	"waitornot/decide/change"
	"waitornot/decide/config"
	"waitornot/decide/lint"
	"waitornot/decide/project"
)

// keepChanged leaves out what isn't new, when that is wanted.
func (o *checkOptions) keepChanged(ctx context.Context, x *checkScope, p *project.Project) error {
	if o.since == "" {
		return nil
	}
	repo, then, err := snapshotOf(ctx, x.dir, o.since)
	if err != nil {
		return fmt.Errorf("--since: %w", err)
	}
	x.sayForeign(repo)
	files, err := pastFiles(ctx, x.dir, o.paths, x.refs, then)
	if err != nil {
		return err
	}
	past, err := o.pastLoader(ctx, x.globals, then)
	if err != nil {
		return err
	}
	before, d, err := o.compare(ctx, x, p, files, past)
	if wrong := (*project.Misconfigured)(nil); errors.As(err, &wrong) {
		// Today's configuration stands in for one that could not be followed.
		before, d, err = o.compare(ctx, x, p, files, x.loader)
	}
	if err != nil {
		return err
	}
	change.Keep(p.Result, before.Findings, d)
	return nil
}

// compare judges the manifests as they were, and compares the two versions of those
// that changed. Only operations that they don't have alike are held, so the manifests of then
// that changed are read once more.
func (o *checkOptions) compare(ctx context.Context, x *checkScope, p *project.Project, files []project.File, past *config.Loader) (*lint.Result, *change.Difference, error) {
	names, now := changedFiles(p, files, past)
	d := change.NewDigester()
	options := o.options(x)
	options.Baseline, options.Joining = nil, o.memory.join
	o.memory.read()
	was, digests, err := readUntilDone(ctx, files, project.Settings{Configurations: past, Options: options}, func(op project.Operation) change.Digest {
		if !names[op.Document.File] {
			return change.Digest{}
		}
		return d.Of(op.Operation, op.Policy)
	})
	if err != nil {
		return nil, nil, err
	}
	o.memory.read()
	_, after, err := readUntilDone(ctx, now, project.Settings{Configurations: x.loader}, entriesBeside(d, change.DigestsOf(digests)))
	if err != nil {
		return nil, nil, err
	}
	files = slices.DeleteFunc(slices.Clone(files), func(f project.File) bool { return !names[f.Name] })
	_, before, err := readUntilDone(ctx, files, project.Settings{Configurations: past}, entriesBeside(d, change.DigestsIn(after)))
	if err != nil {
		return nil, nil, err
	}
	return was.Result, change.Compare(change.VersionOf(before, was.Documents), change.VersionOf(after, p.Documents)), nil
}

// changedFiles returns the manifests that differ from what they were, or are judged
// differently: the names of all, and those that are still there.
func changedFiles(p *project.Project, before []project.File, past *config.Loader) (names map[string]bool, now []project.File) {
	names = map[string]bool{}
	old := map[string]project.File{}
	for _, f := range before {
		old[f.Name] = f
		names[f.Name] = true
	}
	for i, f := range p.Files {
		was, there := old[f.Name]
		if there && sameDecisions(p.Policies[i], past.Policy(was.Path)) && sameText(f, was) {
			delete(names, f.Name)
			continue
		}
		names[f.Name] = true
		now = append(now, f)
	}
	return names, now
}

func sameText(a, b project.File) bool {
	x, errA := a.Open()
	y, errB := b.Open()
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

func sameDecisions(a, b *lint.Policy) bool { return a.Limits == b.Limits && a.Table.Same(b.Table) }

// sayForeign names manifests that lie in a submodule or another repository: there is
// nothing to compare them with.
func (x *checkScope) sayForeign(repo *git.Repo) {
	var foreign []string
	for _, ref := range x.refs {
		if path := ref.Path(); path != "" && !repo.Owns(absolute(x.dir, path)) {
			foreign = append(foreign, ref.Name)
		}
	}
	if n := len(foreign); n > 0 {
		x.say("--since only compares within this repository: all findings in %s of submodules or other repositories count as new (%s)", text.Count(n, "manifest"), foreign[0])
	}
}

// snapshotOf returns the repository that a folder lies in, and its files at the merge
// base with a revision.
func snapshotOf(ctx context.Context, dir, rev string) (*git.Repo, *git.Snapshot, error) {
	repo, err := git.Open(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	base, err := repo.MergeBase(ctx, rev)
	if err != nil {
		return nil, nil, err
	}
	then, err := repo.At(ctx, base)
	return repo, then, err
}

// pastFiles returns the manifests that paths named at the time of a snapshot: those of
// today under their names of today, then those that are gone.
func pastFiles(ctx context.Context, dir string, paths []string, refs []source.Ref, then *git.Snapshot) ([]project.File, error) {
	var files []project.File
	var old []string           // their paths of the commit
	known := map[string]bool{} // the same
	for _, ref := range refs {
		path := absolute(dir, ref.Path())
		was, there := then.Was(path)
		if ref.Path() == "" || !there || known[was] {
			continue
		}
		known[was], old = true, append(old, was)
		files = append(files, project.File{Name: ref.Name, Path: path, Open: func() ([]byte, error) { return then.Read(ctx, path) }})
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, arg := range paths {
		info, err := os.Stat(absolute(dir, arg))
		folder, wanted, several := source.Members(arg, err == nil && info.IsDir(), errors.Is(err, fs.ErrNotExist))
		if !several {
			continue
		}
		at := absolute(dir, folder)
		list := then.Files(at)
		slices.Sort(list)
		for _, path := range list {
			was, there := then.Stands(path)
			if !there || known[was] || !wanted(relative(at, path)) {
				continue
			}
			known[was], old = true, append(old, was)
			files = append(files, project.File{Name: relative(dir, path), Path: path, Open: func() ([]byte, error) { return then.Old(ctx, path) }})
		}
	}
	left, err := overBudget(ctx, then, old)
	for i := range left {
		if why := left[i]; why != nil {
			files[i].Open = func() ([]byte, error) { return nil, why }
		}
	}
	return files, err
}
