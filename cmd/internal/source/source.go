// Package source finds the manifests that a command line names: files, folders,
// globs and standard input.
package source

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"waitornot/decide/glob"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/manifest"
)

// A Finder finds manifests. Dir is the folder that relative paths start from;
// "" is the process's own.
type Finder struct {
	Dir   string
	Stdin io.Reader

	// StdinPath is the file that standard input is the text of, as in an editor; when
	// empty it is none.
	StdinPath string

	// Within are the folders, absolute and without links, that a link to a file must not
	// lead out of; none when the repository is the limit.
	Within []string
}

// A Ref is a manifest that was found but not read yet, or something that was
// named and cannot be read: Open says why.
type Ref struct {
	Name string // the path as people know it, with slashes; "<stdin>" for standard input
	path string
	read func() ([]byte, error)
	part func(into []byte, from int) error // nil for what can't be read in parts
	key  string                            // where the file lies, without links; the name of what is no file
	rank rank
	size int64 // in bytes, when it was found; 0 of what is no regular file

	missing error // why the name leads to no file; nil when it does
}

// A rank says which of several names of one file counts: the highest, and of equal ones
// the first.
type rank uint8

const (
	link rank = iota
	file
	stdin
)

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

// Found reports whether a file would be found as a manifest in a folder, given
// its path from there with slashes.
func Found(rel string) bool { return IsManifest(path.Base(rel)) && !skipped(rel) }

// Members returns the folder of an argument that may name several files, a folder or a
// glob that is no file, and what tells which of its files are meant, by their paths
// from there.
func Members(arg string, folder, missing bool) (dir string, wanted func(rel string) bool, ok bool) {
	switch {
	case folder:
		return arg, Found, true
	case missing && strings.ContainsAny(arg, "*?[{") && glob.Check(filepath.ToSlash(arg)) == "":
		base, rest := glob.Split(filepath.ToSlash(arg))
		return filepath.FromSlash(base), func(rel string) bool { return glob.Match(rest, rel) && !skipped(rel) }, true
	}
	return "", nil, false
}

// Find returns the manifests that the arguments name, each once, in the order
// of the arguments and by name inside a folder. No argument means the current
// folder. A file is taken whatever its name is. An argument that names nothing,
// and a folder that cannot be listed, is a Ref whose Open says so.
//
// Folders and globs leave out what git ignores, inside a git work tree, and
// everywhere folders whose name starts with a dot, node_modules and vendor,
// unless the argument leads into them.
//
// The error is that of the context. Standard input is read until its end or
// until the context is done.
func (f Finder) Find(ctx context.Context, args []string) ([]Ref, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var refs []Ref
	for _, arg := range args {
		refs = append(refs, f.expand(ctx, arg)...)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	refs = distinct(refs)
	var budget disk.Budget
	for i := range refs {
		if err := budget.Take(refs[i].size); err != nil {
			refs[i].read, refs[i].part = func() ([]byte, error) { return nil, err }, nil
		}
	}
	return refs, nil
}

// distinct returns one Ref for each file, whatever names lead to it, in their order.
func distinct(refs []Ref) []Ref {
	best := make(map[string]int, len(refs))
	for i, r := range refs {
		if at, known := best[r.key]; !known || refs[at].rank < r.rank {
			best[r.key] = i
		}
	}
	kept := refs[:0]
	for i, r := range refs {
		if best[r.key] == i {
			kept = append(kept, r)
		}
	}
	return kept
}

func (f Finder) expand(ctx context.Context, arg string) []Ref {
	if arg == "-" {
		return []Ref{{Name: f.stdinName(), key: f.stdinKey(), rank: stdin, read: sync.OnceValues(func() ([]byte, error) {
			return disk.Interruptible(ctx, func() ([]byte, error) { return disk.ReadAtMost(f.Stdin) })
		})}}
	}
	if arg == "" {
		return []Ref{failed(`""`, errors.New("an empty path names nothing"))}
	}
	info, err := os.Stat(f.at(arg))
	switch {
	case err == nil && info.IsDir():
		return f.folder(ctx, arg)
	case err == nil:
		return []Ref{f.named(ctx, arg, info)}
	case strings.ContainsAny(arg, "*?[{") && glob.Check(filepath.ToSlash(arg)) == "":
		return f.glob(ctx, arg)
	}
	return []Ref{failed(arg, disk.Plain(err))}
}

// stdinName returns the name under which findings show standard input.
func (f Finder) stdinName() string { return filepath.ToSlash(cmp.Or(f.StdinPath, StdinName)) }

func (f Finder) stdinKey() string {
	if f.StdinPath == "" {
		return StdinName
	}
	return f.real(f.at(f.StdinPath))
}

// real returns a path without links, as far as there is something.
func (f Finder) real(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs)) // a file that isn't there yet
	}
	return abs
}

func (f Finder) at(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.Dir, path)
}

// named returns a Ref to what a person named: it may be anything, and lie anywhere.
func (f Finder) named(ctx context.Context, path string, info fs.FileInfo) Ref {
	at := f.at(path)
	read := func() ([]byte, error) { return disk.ReadNamed(ctx, at) }
	part := func(into []byte, from int) error { return disk.PartNamed(at, into, from) }
	if !info.Mode().IsRegular() {
		read, part = sync.OnceValues(read), nil // a pipe gives its text once, and would wait for another
	}
	return Ref{Name: filepath.ToSlash(path), path: at, key: f.real(at), rank: file, size: sizeOf(info), read: read, part: part}
}

// A place is a folder whose files are looked for, and where they must stay: inside the
// repository, or inside the folder where there is none. A link must not show in a log
// of CI what else is on the machine.
type place struct{ dir, root string } // absolute, without links

// placeOf returns the place of a folder that a person named, whatever links lead there.
func (f Finder) placeOf(dir string) place {
	at := f.at(dir)
	if abs, err := filepath.Abs(at); err == nil {
		at = abs
	}
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real
	}
	return place{at, cmp.Or(disk.Top(at), at)}
}

// found returns a Ref to a file that was found in a place, under the name that the
// command line gives it.
func (f Finder) found(in place, rel, name string) Ref {
	at := filepath.Join(in.dir, filepath.FromSlash(rel))
	r := Ref{
		Name: filepath.ToSlash(name), path: f.at(name), key: at, rank: file,
		read: func() ([]byte, error) { return disk.ReadFound(in.root, at) },
		part: func(into []byte, from int) error { return disk.PartFound(in.root, at, into, from) },
	}
	info, err := os.Lstat(at)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		r.key, r.rank = f.real(at), link
		if !f.within(r.key) {
			return failed(name, errors.New("it's a link that leads out of the folders that may be read"))
		}
		info, err = os.Stat(at)
	}
	if err == nil {
		r.size = sizeOf(info)
	}
	return r
}

// within reports whether a link may lead to a file.
func (f Finder) within(at string) bool {
	return f.Within == nil || slices.ContainsFunc(f.Within, func(folder string) bool {
		rel, err := filepath.Rel(folder, at)
		return err == nil && filepath.IsLocal(rel)
	})
}

// failed returns a Ref that cannot be read.
func failed(name string, err error) Ref {
	name = filepath.ToSlash(name)
	return Ref{Name: name, key: "\x00" + name, missing: err, read: func() ([]byte, error) { return nil, err }}
}

// Open reads the manifest. Beside an error, which does not name the file, the
// source carries the name alone. Standard input, a pipe and a device give the same text each
// time.
func (r Ref) Open() (manifest.Source, error) {
	data, err := r.read()
	if err != nil {
		return manifest.Source{Name: r.Name}, disk.Plain(err)
	}
	return manifest.Source{Name: r.Name, Data: data}, nil
}

// Part returns what reads again what Open has read, from an offset, as much as a buffer has
// room for; nil for standard input, a pipe and a device.
func (r Ref) Part() func(into []byte, from int) error { return r.part }

// With returns the Ref with a text in place of the one that is stored.
func (r Ref) With(data []byte) Ref {
	r.read, r.part = func() ([]byte, error) { return data, nil }, nil
	return r
}

// IsStdin reports whether the manifest is standard input.
func (r Ref) IsStdin() bool { return r.rank == stdin }

// Key returns where the manifest lies without links: one file has one, however it was
// named. That of standard input is its name, unless it stands for a file.
func (r Ref) Key() string { return r.key }

// Path returns where the manifest lies, so that it can be written back, or ""
// when it is no file.
func (r Ref) Path() string { return r.path }

// sizeOf returns the size of a regular file, 0 of anything else.
func sizeOf(info fs.FileInfo) int64 {
	if info.Mode().IsRegular() {
		return info.Size()
	}
	return 0
}

// byName orders refs by their names.
func byName(a, b Ref) int { return cmp.Compare(a.Name, b.Name) }
