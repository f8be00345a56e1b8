package mcp

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/glob"
)

// roots are the folders that paths may lead into.
type roots struct {
	dir     string   // absolute: relative paths start there
	folders []string // absolute, without links
}

// newRoots returns the roots; without folders, dir is the root.
func newRoots(dir string, folders []string) (roots, error) {
	if len(folders) == 0 {
		folders = []string{dir}
	}
	r := roots{dir: dir}
	for _, folder := range folders {
		real, err := filepath.EvalSymlinks(folder)
		if err != nil {
			return r, fmt.Errorf("root %s: %w", folder, disk.Plain(err))
		}
		if info, err := os.Stat(real); err != nil || !info.IsDir() {
			return r, fmt.Errorf("root %s isn't a folder", folder)
		}
		r.folders = append(r.folders, real)
	}
	return r, nil
}

// inside returns a path as a command line takes it, when it leads to a place inside
// of the roots; a glob does when the folder that it starts from does. What is not there
// yet is judged by the folder that would hold it.
func (r *roots) inside(path string) (string, error) {
	if path == "" || path == "-" {
		return "", fmt.Errorf("path %q: give a file, a folder, or a glob below %s", path, r)
	}
	at := filepath.FromSlash(path)
	if !filepath.IsAbs(at) {
		at = filepath.Join(r.dir, at)
	}
	at = filepath.Clean(at)
	real, err := withoutLinks(r.start(at))
	if err != nil {
		return "", fmt.Errorf("path %q: %w", path, disk.Plain(err))
	}
	for _, folder := range r.folders {
		if rel, err := filepath.Rel(folder, real); err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if info, err := os.Stat(real); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return "", fmt.Errorf("path %q: it's neither a file nor a folder", path) // a pipe would be waited for
		}
		return r.shown(at), nil
	}
	return "", fmt.Errorf("path %q is outside of what this server may read: stay below %s, or start it with --root", path, r)
}

// all returns what is read when no path is given.
func (r *roots) all() []string {
	var list []string
	for _, folder := range r.folders {
		list = append(list, r.shown(folder))
	}
	return list
}

// shown returns a path as results name it: from the folder of the server where that
// is possible.
func (r *roots) shown(at string) string {
	if rel, err := filepath.Rel(r.dir, at); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return at
}

// String returns the folders in a list.
func (r *roots) String() string { return strings.Join(r.all(), ", ") }

// start returns what decides where a command goes that is given a path: the path where
// something has that name, whatever signs of a glob are in it, else the folder that the
// glob starts from.
func (r *roots) start(at string) string {
	if _, err := os.Lstat(at); err == nil || !strings.ContainsAny(at, "*?[{") {
		return at
	}
	folder, _ := glob.Split(filepath.ToSlash(r.shown(at)))
	if folder = filepath.FromSlash(folder); filepath.IsAbs(folder) {
		return folder
	}
	return filepath.Join(r.dir, folder)
}

// withoutLinks resolves the links of a path whose last elements need not exist.
func withoutLinks(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	if _, err := os.Lstat(path); err == nil {
		return "", errors.New("it's a link to a file that doesn't exist")
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path, nil
	}
	if parent, err = withoutLinks(parent); err != nil {
		return "", err
	}
	return filepath.Join(parent, filepath.Base(path)), nil
}

// takes says why a path inside of the roots is none that a manifest is written to: it is
// no YAML, or hidden, as configurations and what other programs obey are.
func (r *roots) takes(path string) error {
	switch filepath.Ext(path) {
	case ".yaml", ".yml", ".json":
	default:
		return errors.New("a manifest's name ends in .yaml, .yml, or .json")
	}
	if strings.ContainsFunc(path, unicode.IsControl) {
		return errors.New("a manifest's name has no control characters")
	}
	real, err := withoutLinks(path)
	if err != nil {
		return disk.Plain(err)
	}
	for _, folder := range r.folders {
		rel, err := filepath.Rel(folder, real)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
			if strings.HasPrefix(part, ".") {
				return errors.New("nothing is written to hidden files and folders")
			}
		}
		return nil
	}
	return errors.New("it's outside the roots")
}

// there reports whether a path leads to something.
func (r *roots) there(path string) bool {
	at := filepath.FromSlash(path)
	if !filepath.IsAbs(at) {
		at = filepath.Join(r.dir, at)
	}
	_, err := os.Lstat(at)
	return err == nil
}
