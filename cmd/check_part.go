package cmd

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/source"
	"waitornot/decide/project"
)

// partial reports whether paths may name only some of the manifests that belong
// together: any that is no folder does, and any that is not the top of a repository.
func partial(dir string, paths []string) bool {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	whole := slices.ContainsFunc(paths, func(p string) bool {
		at := withoutLinks(absolute(dir, p))
		info, err := os.Stat(at)
		if err != nil || !info.IsDir() {
			return false
		}
		top := disk.Top(at)
		return top == "" || top == at
	})
	return !whole
}

// confirm leaves out what only a part of the manifests shows: it reads the others, too,
// when there is anything that they could refute.
func (o *checkOptions) confirm(ctx context.Context, x *checkScope, p *project.Project) error {
	for _, around := range x.around() {
		if !p.Uncertain() {
			return nil
		}
		if err := o.confirmIn(ctx, x, p, around); err != nil {
			return err
		}
	}
	return nil
}

// confirmIn is confirm against the manifests in some places.
func (o *checkOptions) confirmIn(ctx context.Context, x *checkScope, p *project.Project, around []string) error {
	files, others, err := o.whole(ctx, x, around)
	if err != nil || !others {
		return err
	}
	s := project.Settings{Configurations: x.loader, Options: o.options(x)}
	s.Options.Baseline, s.Options.Partial = nil, false
	whole, _, err := project.Read[struct{}](ctx, files, s, nil)
	if err != nil {
		return nil // what is wrong with others is not asked for
	}
	included := map[string]bool{}
	for _, f := range files {
		included[f.Name] = true
	}
	p.Confirm(whole.Result, func(file string) bool { return included[file] })
	return nil
}

// whole returns the manifests that belong together with those of the run in some places,
// under the names that the run has for them. It reports whether there are any others.
func (o *checkOptions) whole(ctx context.Context, x *checkScope, around []string) (files []project.File, others bool, err error) {
	names := map[string]source.Ref{}
	for _, r := range x.refs {
		names[r.Key()] = r
	}
	refs, err := source.Finder{Dir: x.dir}.Find(ctx, around)
	if err != nil {
		return nil, false, err
	}
	for i, r := range refs {
		if ours, known := names[r.Key()]; known {
			refs[i] = ours
		} else if r.Path() != "" {
			others = true
		}
	}
	refs = slices.DeleteFunc(refs, func(r source.Ref) bool { return r.Path() == "" && !r.IsStdin() })
	return projectFiles(x.dir, refs), others, nil
}

// around returns what to look for other manifests in: those in the same folders, and then
// all of the repository, in which the same services may stand more than once.
func (x *checkScope) around() [][]string {
	var places [][]string
	if files := x.manifestsBeside(); len(files) > 0 {
		places = append(places, files)
	}
	if top := disk.Top(x.places.dir); top != "" {
		places = append(places, []string{top})
	}
	return places
}

// manifestsBeside returns the manifests in the folders of those of the run.
func (x *checkScope) manifestsBeside() []string {
	var folders []string
	for _, r := range x.refs {
		if key := r.Key(); filepath.IsAbs(key) && !slices.Contains(folders, filepath.Dir(key)) {
			folders = append(folders, filepath.Dir(key))
		}
	}
	var files []string
	for _, dir := range folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if source.IsManifest(e.Name()) {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
	}
	return files
}

// includes reports whether a folder lies in one that the run has looked through.
func (x *checkScope) includes(dir string) bool {
	return slices.ContainsFunc(x.folders, func(folder string) bool {
		rel, err := filepath.Rel(folder, dir)
		return err == nil && filepath.IsLocal(rel)
	})
}

// foldersOf returns the folders among paths; the current one when there are none.
func foldersOf(dir string, paths []string) []string {
	if len(paths) == 0 {
		return []string{dir}
	}
	var folders []string
	for _, p := range paths {
		if info, err := os.Stat(absolute(dir, p)); err == nil && info.IsDir() {
			folders = append(folders, absolute(dir, p))
		}
	}
	return folders
}
