// Package source finds the manifests that a command line names: files, folders,
// globs and standard input.
package source

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"waitornot/decide/manifest"
)

// A Finder finds manifests. Dir is the folder that relative paths start from;
// "" is the process's own.
type Finder struct {
	Dir   string
	Stdin io.Reader
}

// A Ref is a manifest that was found but not read yet.
type Ref struct {
	Name string // the path as people know it, with slashes; "<stdin>" for standard input
	path string
	in   io.Reader
}

// StdinName is the name under which findings show standard input.
const StdinName = "<stdin>"

// IsManifest reports whether a file found in a folder is taken for a manifest:
// waitornot.yaml, or *.waitornot.yaml, or either with .yml.
func IsManifest(base string) bool {
	stem, ok := strings.CutSuffix(base, ".yaml")
	if !ok {
		stem, ok = strings.CutSuffix(base, ".yml")
	}
	return ok && (stem == "waitornot" || strings.HasSuffix(stem, ".waitornot")) && stem != ".waitornot"
}

// Find returns the manifests that the arguments name, each once, in the order
// of the arguments and by name inside a folder. No argument means the current
// folder. A file is taken whatever its name is. It is an error when an argument
// names nothing.
func (f Finder) Find(args []string) ([]Ref, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var refs []Ref
	seen := map[string]bool{}
	for _, arg := range args {
		found, err := f.expand(arg)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if key := filepath.Clean(r.Name); !seen[key] {
				seen[key] = true
				refs = append(refs, r)
			}
		}
	}
	return refs, nil
}

func (f Finder) expand(arg string) ([]Ref, error) {
	if arg == "-" {
		return []Ref{{Name: StdinName, in: f.Stdin}}, nil
	}
	info, err := os.Stat(f.at(arg))
	switch {
	case err == nil && info.IsDir():
		return f.walk(arg)
	case err == nil:
		return []Ref{f.ref(arg)}, nil
	case strings.ContainsAny(arg, "*?[{"):
		return f.glob(arg)
	}
	return nil, fmt.Errorf("%s: %w", arg, plain(err))
}

// plain strips the operation and path from an error that will be named again.
func plain(err error) error {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Err
	}
	return err
}

func (f Finder) at(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.Dir, path)
}

func (f Finder) ref(path string) Ref {
	return Ref{Name: filepath.ToSlash(path), path: f.at(path)}
}

func (f Finder) walk(dir string) ([]Ref, error) {
	var refs []Ref
	err := filepath.WalkDir(f.at(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != f.at(dir) && skipped(d.Name()) {
			return filepath.SkipDir
		}
		if !d.IsDir() && IsManifest(d.Name()) {
			rel, err := filepath.Rel(f.at(dir), path)
			if err != nil {
				return err
			}
			refs = append(refs, f.ref(filepath.Join(dir, rel)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(refs) == 0 {
		return nil, fmt.Errorf("%s: no manifest below (a manifest is named waitornot.yaml or ends in .waitornot.yaml)", dir)
	}
	return refs, nil
}

// skipped reports whether a folder holds no manifests of the project's own.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." && name != ".." || name == "node_modules" || name == "vendor"
}

func (f Finder) glob(pattern string) ([]Ref, error) {
	paths, err := doublestar.FilepathGlob(f.at(pattern), doublestar.WithFilesOnly())
	if err != nil {
		return nil, fmt.Errorf("%s: not a pattern: %w", pattern, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: no file matches", pattern)
	}
	slices.Sort(paths)
	var refs []Ref
	for _, p := range paths {
		if !filepath.IsAbs(pattern) && f.Dir != "" {
			if rel, err := filepath.Rel(f.Dir, p); err == nil {
				p = rel
			}
		}
		refs = append(refs, f.ref(p))
	}
	return refs, nil
}

// Open reads the manifest. Beside an error, which does not name the file, the
// source carries the name alone.
func (r Ref) Open() (manifest.Source, error) {
	if r.in != nil {
		data, err := io.ReadAll(r.in)
		return manifest.Source{Name: r.Name, Data: data}, err
	}
	data, err := os.ReadFile(r.path)
	return manifest.Source{Name: r.Name, Data: data}, plain(err)
}
