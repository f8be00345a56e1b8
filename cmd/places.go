package cmd

import (
	"cmp"
	"path/filepath"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/source"
)

// places tell where the files of a run lie, whatever names it has for them.
type places struct {
	dir  string            // absolute: relative names start there
	top  string            // of the repository, or else the folder that stands for it
	keys map[string]string // where files lie without links, by name
	seen map[string]string // what identity returned
}

// placesOf returns the places of manifests. Outside of a repository the folder given
// last stands for its top; when that is empty, the current one.
func placesOf(dir string, refs []source.Ref, home string) *places {
	dir = withoutLinks(dir)
	p := &places{dir: dir, keys: map[string]string{}, seen: map[string]string{}}
	p.top = cmp.Or(disk.Top(dir), home, dir)
	for _, r := range refs {
		p.keys[r.Name] = r.Key()
	}
	return p
}

func withoutLinks(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// path returns where a file lies, without links when it is one of the manifests.
func (p *places) path(name string) string {
	if key := p.keys[name]; key != "" && filepath.IsAbs(key) {
		return key
	}
	return absolute(p.dir, filepath.FromSlash(name))
}

// identity returns the path of a file from the top, the same however it was named.
func (p *places) identity(name string) string {
	id, known := p.seen[name]
	if !known {
		id = name
		if name != source.StdinName {
			id = relative(p.top, p.path(name))
		}
		p.seen[name] = id
	}
	return id
}

// from returns the path of a file from a folder, as machines want it; of one that lies
// elsewhere it returns the name.
func (p *places) from(root, name string) string {
	if name == source.StdinName {
		return name
	}
	rel, err := filepath.Rel(root, absolute(p.dir, filepath.FromSlash(name)))
	if err != nil || !filepath.IsLocal(rel) {
		return filepath.ToSlash(filepath.Clean(name))
	}
	return filepath.ToSlash(rel)
}

// root returns the folder that formats for machines name files from: the one that was
// asked for, the top of the repository, the one that a CI system names, or the current.
func (p *places) root(asked string, env func(string) string) string {
	if asked != "" {
		return withoutLinks(absolute(p.dir, asked))
	}
	if top := disk.Top(p.dir); top != "" {
		return top
	}
	for _, name := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		if at := env(name); filepath.IsAbs(at) {
			if at = withoutLinks(at); at == p.dir || p.from(at, p.dir) != filepath.ToSlash(p.dir) {
				return at
			}
		}
	}
	return p.dir
}
