package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/schema"
	"waitornot/cmd/internal/starter"
	"waitornot/cmd/internal/term"
)

// initOptions are what a run of init needs.
type initOptions struct {
	*globals
	with    map[string]*bool // by the kind's name
	release starter.Release
	force   bool
}

func newInit(g *globals) *cobra.Command {
	o := initOptions{globals: g, with: map[string]*bool{}}
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a starter manifest and files for CI",
		Long: "Writes a commented manifest into DIR. The JSON Schema that editors use for completion goes to the\n" +
			"top of the repository, as do the files for CI. Existing files are never overwritten without\n" +
			"--force.\n\n" +
			"The CI job installs a release: --source is the URL of its .tar.gz, --sha256 its checksum.",
		Example: "  waitornot init\n" +
			"  waitornot init --pre-commit services/checkout\n" +
			"  waitornot init --github --source https://example.org/waitornot_linux_amd64.tar.gz --sha256 SUM",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), append(args, ".")[0]) },
	}
	for _, k := range starter.Kinds() {
		o.with[k.Name] = c.Flags().Bool(k.Name, false, k.Doc)
	}
	c.Flags().StringVar(&o.release.URL, "source", "", "`URL` of the release for CI to install, a .tar.gz")
	c.Flags().StringVar(&o.release.SHA256, "sha256", "", "the release's SHA-256 `checksum`, in hexadecimal")
	c.Flags().BoolVar(&o.force, "force", false, "overwrite existing files")
	return c
}

func (o *initOptions) run(ctx context.Context, dir string) error {
	if err := o.checkRelease(); err != nil {
		return err
	}
	base, err := o.folder()
	if err != nil {
		return err
	}
	target := absolute(base, dir)
	if isFile(target) {
		return notAFolder(dir)
	}
	list, err := o.placed(target)
	if err != nil {
		return err
	}
	if err := o.refuse(base, list); err != nil {
		return err
	}
	for _, f := range list {
		name := fromFolder(base, f.path)
		if f.exists && f.optional && !o.force {
			fmt.Fprintf(o.streams.Out, "kept %s\n", name)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(f.path), 0o777); err != nil {
			return fmt.Errorf("%s: %w", filepath.Dir(name), disk.Plain(err))
		}
		if err := o.disk(ctx).Write(f.path, f.text); err != nil {
			return err
		}
		fmt.Fprintf(o.streams.Out, "wrote %s\n", name)
	}
	return nil
}

// isSum reports whether a text looks like a SHA-256.
func isSum(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// checkRelease wants to know what CI is to install, when it installs anything.
func (o *initOptions) checkRelease() error {
	for _, k := range starter.Kinds() {
		if *o.with[k.Name] && k.Installs && o.release.URL == "" {
			where := "this build doesn't know where releases are published"
			if address != "" {
				where = "they're published at " + address + "/releases"
			}
			return usagef("--%s installs a release, but %s: name its .tar.gz with --source URL and its checksum with --sha256 SUM", k.Name, where)
		}
	}
	switch {
	case o.release.URL == "" && o.release.SHA256 == "":
		return nil
	case !strings.HasPrefix(o.release.URL, "https://") || strings.ContainsAny(o.release.URL, " \t\r\n"):
		return usagef("--source must be an https:// URL of a .tar.gz")
	case !isSum(o.release.SHA256):
		return usagef("--sha256 must be the 64 hexadecimal digits that sha256sum prints for the release")
	}
	return nil
}

// A placed file is one with its place on this machine.
type placed struct {
	path     string
	text     []byte
	exists   bool
	optional bool // it was not asked for by name: when it exists, it is kept
}

// placed returns what is to be written for a manifest in a folder.
func (o *initOptions) placed(target string) ([]placed, error) {
	top := cmp.Or(disk.Top(target), target)
	toTop, err := filepath.Rel(target, top)
	if err != nil {
		return nil, err
	}
	manifest, err := starter.Manifest(filepath.ToSlash(filepath.Join(toTop, starter.SchemaPath)))
	if err != nil {
		return nil, err
	}
	files := []starter.File{manifest, {Path: starter.SchemaPath, Text: schema.Manifest(), AtRoot: true}}
	for _, k := range starter.Kinds() {
		if *o.with[k.Name] {
			f, err := k.File(o.release)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	var list []placed
	for i, f := range files {
		in := target
		if f.AtRoot {
			in = top
		}
		p := placed{path: filepath.Join(in, filepath.FromSlash(f.Path)), text: f.Text}
		_, err := os.Lstat(p.path)
		p.exists = !errors.Is(err, fs.ErrNotExist)
		// The schema serves all manifests of a repository, and whoever adds CI has a manifest.
		p.optional = i == 1 || i == 0 && len(files) > 2
		list = append(list, p)
	}
	return list, nil
}

// fromFolder returns a path as a person at base would write it.
func fromFolder(base, path string) string {
	if rel, err := filepath.Rel(base, path); err == nil {
		path = rel
	}
	return term.Safe(filepath.ToSlash(path))
}

// refuse returns an error when a file would be overwritten.
func (o *initOptions) refuse(base string, list []placed) error {
	var taken []string
	for _, f := range list {
		if f.exists && !f.optional && !o.force {
			taken = append(taken, fromFolder(base, f.path))
		}
	}
	if len(taken) == 0 {
		return nil
	}
	verb := "exists"
	if len(taken) > 1 {
		verb = "exist"
	}
	return fmt.Errorf("%s already %s; nothing was written (--force overwrites)", strings.Join(taken, ", "), verb)
}
