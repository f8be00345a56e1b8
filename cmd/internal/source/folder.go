package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/glob"
)

// An entry is a file below a folder, or a folder below it that could not be
// listed.
type entry struct {
	rel string // from the folder, with slashes
	err error
}

// folder returns the manifests below a folder, by name.
func (f Finder) folder(ctx context.Context, dir string) []Ref {
	entries, byGit, err := f.list(ctx, dir)
	if err != nil {
		return []Ref{failed(dir, err)}
	}
	var refs []Ref
	in := f.placeOf(dir)
	for _, e := range entries {
		name := filepath.Join(dir, filepath.FromSlash(e.rel))
		switch {
		case e.err != nil:
			refs = append(refs, failed(name, e.err))
		case IsManifest(path.Base(e.rel)) && !f.gone(name, byGit):
			refs = append(refs, f.found(in, e.rel, name))
		}
	}
	if len(refs) == 0 {
		return []Ref{failed(dir, none("no manifest below (a manifest is named waitornot.yaml or ends in .waitornot.yaml)", byGit))}
	}
	slices.SortFunc(refs, byName)
	return refs
}

// glob returns the files that match a valid pattern, by name.
func (f Finder) glob(ctx context.Context, pattern string) []Ref {
	base, rest := glob.Split(filepath.ToSlash(pattern))
	dir := filepath.FromSlash(base)
	entries, byGit, err := f.list(ctx, dir)
	if err != nil {
		return []Ref{failed(pattern, fmt.Errorf("%s: %w", base, err))}
	}
	var refs []Ref
	in := f.placeOf(dir)
	for _, e := range entries {
		name := filepath.Join(dir, filepath.FromSlash(e.rel))
		if e.err == nil && glob.Match(rest, e.rel) && !f.gone(name, byGit) {
			refs = append(refs, f.found(in, e.rel, name))
		}
	}
	if len(refs) == 0 {
		return []Ref{failed(pattern, none("no file matches", byGit))}
	}
	slices.SortFunc(refs, byName)
	return refs
}

// errNothing is why a folder or a pattern can't be read in which no manifest lies.
var errNothing = errors.New("no manifest")

// A nothingError says what was looked for in vain.
type nothingError string

// Error returns what was looked for.
func (e nothingError) Error() string { return string(e) }

// Is reports whether target is errNothing.
func (e nothingError) Is(target error) bool { return target == errNothing }

func none(what string, byGit bool) error {
	if byGit {
		what += "; files that git ignores are skipped unless you name them"
	}
	return nothingError(what)
}

// Nothing reports whether a reference stands for a folder or a pattern without a
// manifest.
func (r Ref) Nothing() bool { return errors.Is(r.missing, errNothing) }

// gone reports whether git lists a file that is no longer there.
func (f Finder) gone(name string, byGit bool) bool {
	if !byGit {
		return false
	}
	_, err := os.Lstat(f.at(name))
	return errors.Is(err, fs.ErrNotExist)
}

// skipped reports whether a file lies where a project keeps what is not its
// own.
func skipped(rel string) bool {
	for rest := rel; ; {
		folder, below, ok := strings.Cut(rest, "/")
		if !ok {
			return false
		}
		if strings.HasPrefix(folder, ".") || folder == "node_modules" || folder == "vendor" {
			return true
		}
		rest = below
	}
}

// list returns the files below a folder, without the skipped: those that git
// knows or would add, when the folder lies in a work tree, else all.
func (f Finder) list(ctx context.Context, dir string) (entries []entry, byGit bool, err error) {
	entries, ok, err := listGit(ctx, f.at(dir))
	if err != nil {
		return nil, false, err
	}
	if ok {
		return slices.DeleteFunc(entries, func(e entry) bool { return skipped(e.rel) }), true, nil
	}
	entries, err = walk(ctx, f.at(dir))
	return entries, false, err
}

// walk lists the files below root. Links to folders are not followed, so a loop
// of them ends nowhere.
func walk(ctx context.Context, root string) ([]entry, error) {
	root, err := filepath.EvalSymlinks(root) // the walk itself would not enter a link
	if err != nil {
		return nil, disk.Plain(err)
	}
	var entries []entry
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(root, p)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case relErr != nil:
			return relErr
		case err != nil && p == root:
			return disk.Plain(err)
		case err != nil:
			entries = append(entries, entry{filepath.ToSlash(rel), disk.Plain(err)})
			return fs.SkipDir
		case d.IsDir() && p != root && skipped(d.Name()+"/"):
			return fs.SkipDir
		case !d.IsDir():
			entries = append(entries, entry{rel: filepath.ToSlash(rel)})
		}
		return nil
	})
	return entries, err
}
