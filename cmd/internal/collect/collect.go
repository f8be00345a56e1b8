// Package collect reads what import is given: files, and folders of them.
package collect

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/evidence/source"
)

// MostFiles is how many files of folders are read.
const MostFiles = 20_000

// MaxTotal is how many bytes the files of a run may have together: 256 MiB. Traces are read
// as they come, and don't count.
const MaxTotal = 256 << 20

// StdinName is the name of standard input.
const StdinName = "<stdin>"

// A Collection is the files that arguments lead to.
type Collection struct {
	Files  []source.File
	Named  map[string]bool // the files that a person named, by name
	Unread []Unread

	budget disk.Budget
}

// An Unread is something that could not be read.
type Unread struct {
	Name string
	Err  error
}

// A Collector reads files. Dir is the folder that relative paths start from; Kind is
// that of all files, or "".
type Collector struct {
	Dir, Kind string
	Stdin     func() ([]byte, error)
	Skip      func(path string) bool // files of folders that somebody else reads; nil skips none
}

// Collect reads the files that arguments name and those of folders whose names may be
// those of sources, in the order of the arguments and by name inside a folder. The error
// is that of the context, or says that an argument leads nowhere.
func (c *Collector) Collect(ctx context.Context, args []string) (*Collection, error) {
	out := &Collection{Named: map[string]bool{}, budget: disk.Budget{Most: MaxTotal}}
	for _, arg := range args {
		if arg == "-" {
			data, err := c.Stdin()
			if err != nil {
				return nil, fmt.Errorf("standard input: %w", err)
			}
			out.Named[StdinName] = true
			out.Files = append(out.Files, source.File{Name: StdinName, Data: data, Kind: c.Kind})
			continue
		}
		path := arg
		if !filepath.IsAbs(path) {
			path = filepath.Join(c.Dir, path)
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", arg, disk.Plain(err))
		}
		if info.IsDir() {
			err = c.folder(ctx, out, arg, path)
		} else {
			err = c.named(ctx, out, arg, path)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// named reads a file that a person named.
func (c *Collector) named(ctx context.Context, out *Collection, arg, path string) error {
	data, err := disk.ReadNamed(ctx, path)
	if err != nil {
		return fmt.Errorf("%s: %w", arg, disk.Plain(err))
	}
	name := filepath.ToSlash(arg)
	if out.Named[name] {
		return nil
	}
	if err := out.budget.Take(int64(len(data))); err != nil {
		return fmt.Errorf("%s: %w", arg, err)
	}
	out.Named[name] = true
	root := disk.Top(filepath.Dir(path))
	if root == "" {
		root = filepath.Dir(path)
	}
	out.Files = append(out.Files, source.File{Name: name, Data: data, Kind: c.Kind, Beside: beside(root, filepath.Dir(path)), Inside: inside(root, filepath.Dir(path))})
	return nil
}

// folder reads the files of a folder.
func (c *Collector) folder(ctx context.Context, out *Collection, arg, root string) error {
	root = followed(root)
	within := cmp.Or(disk.Top(root), root)
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rel, relErr := filepath.Rel(root, path)
		if relErr != nil {
			rel = d.Name()
		}
		name := filepath.ToSlash(filepath.Join(arg, rel))
		switch {
		case err != nil:
			out.Unread = append(out.Unread, Unread{name, disk.Plain(err)})
			return nil
		case d.IsDir():
			if path != root && skipped(d.Name()) {
				return filepath.SkipDir
			}
			return nil
		case !candidate(d.Name()) && !source.IsSettings(rel) || c.Skip != nil && c.Skip(path):
			return nil
		case len(out.Files) >= MostFiles:
			out.Unread = append(out.Unread, Unread{filepath.ToSlash(arg), fmt.Errorf("the folder has more than %d files that may be sources; the rest is skipped", MostFiles)})
			return filepath.SkipAll
		}
		data, err := disk.ReadFound(root, path)
		if err != nil {
			out.Unread = append(out.Unread, Unread{name, disk.Plain(err)})
			return nil
		}
		if c.Kind == "" && !source.IsSettings(rel) && !likely(d.Name(), data) {
			return nil
		}
		if err := out.budget.Take(int64(len(data))); err != nil {
			out.Unread = append(out.Unread, Unread{name, err})
			return nil
		}
		out.Files = append(out.Files, source.File{Name: name, Data: data, Kind: c.Kind, Beside: beside(within, filepath.Dir(path)), Inside: inside(within, filepath.Dir(path))})
		return nil
	})
}

// followed returns the folder that a name leads to: one that a person names may be a
// link, those inside it are left alone.
func followed(root string) string {
	if real, err := filepath.EvalSymlinks(root); err == nil {
		return real
	}
	return root
}

// skipped reports whether a folder is left out: hidden ones, and those of others' code.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"node_modules", "vendor", "target", "testdata", "test", "tests", "e2e", "__tests__"}, name)
}

// candidate reports whether a file may be a source, by its name. Manifests are none, nor
// is what only tests start.
func candidate(name string) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		if slices.Contains([]string{"test", "tests", "e2e"}, word) {
			return false // what tests start is not what runs
		}
	}
	if name == "waitornot.yaml" || strings.HasSuffix(name, ".waitornot.yaml") || strings.HasSuffix(name, ".waitornot.yml") || strings.HasPrefix(name, ".") {
		return false
	}
	return slices.Contains([]string{".yaml", ".yml", ".json", ".proto", ".properties"}, strings.ToLower(filepath.Ext(name)))
}

// likely looks for a word that every source has, so that not all JSON of a folder is parsed.
func likely(name string, data []byte) bool {
	if strings.HasSuffix(name, ".proto") || strings.Contains(name, "compose") && bytes.Contains(data, []byte("include")) {
		return true
	}
	return slices.ContainsFunc([]string{"services", "apiVersion", "openapi", "swagger", "asyncapi", "softwareSystems", "spring", "resilience4j",
		"ReverseProxy", "DownstreamPathTemplate", "MaxRetryAttempts", "AttemptTimeout", "TotalRequestTimeout", "CircuitBreaker", "static_resources", "virtual_hosts", "type.googleapis.com/envoy", "zuul", "eureka", "connector.class"}, func(word string) bool {
		return bytes.Contains(data, []byte(word))
	})
}

// beside returns what reads files that a source refers to: inside its folder's root only.
func beside(root, dir string) func(string) ([]byte, bool) {
	return func(path string) ([]byte, bool) {
		if filepath.IsAbs(path) {
			return nil, false
		}
		data, err := disk.ReadFound(root, filepath.Join(dir, filepath.FromSlash(path)))
		return data, err == nil
	}
}

// mostInside is how many files of a folder that a source refers to are named.
const mostInside = 200

// inside returns what names the files of folders that a source refers to: inside its
// folder's root only.
func inside(root, dir string) func(string) []string {
	return func(path string) []string {
		rel, err := filepath.Rel(root, filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil || filepath.IsAbs(path) || !filepath.IsLocal(rel) {
			return nil
		}
		top, err := os.OpenRoot(root)
		if err != nil {
			return nil
		}
		defer top.Close()
		entries, err := fs.ReadDir(top.FS(), filepath.ToSlash(rel))
		if err != nil {
			return nil
		}
		var names []string
		for _, e := range entries {
			if e.Type().IsRegular() && len(names) < mostInside {
				names = append(names, e.Name())
			}
		}
		return names
	}
}
