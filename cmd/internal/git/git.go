// Package git asks git what a work tree was like before.
package git

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"waitornot/cmd/internal/disk"
)

// A Repo is a work tree.
type Repo struct {
	root string // without links
}

// Open returns the work tree that a folder lies in.
func Open(ctx context.Context, dir string) (*Repo, error) {
	top, _, err := within(dir)
	if err != nil {
		return nil, err
	}
	out, err := run(ctx, top, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root, err := filepath.EvalSymlinks(filepath.FromSlash(strings.TrimRight(string(out), "\r\n")))
	if err != nil {
		return nil, err
	}
	return &Repo{root}, nil
}

// MergeBase returns the commit at which HEAD left the line of a revision.
func (r *Repo) MergeBase(ctx context.Context, rev string) (string, error) {
	commit, err := run(ctx, r.root, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		if ctx.Err() != nil {
			return "", err
		}
		return "", fmt.Errorf("git knows no revision %q%s", rev, r.shallow(ctx))
	}
	base, err := run(ctx, r.root, "merge-base", "HEAD", string(bytes.TrimSpace(commit)))
	if err != nil {
		if ctx.Err() != nil {
			return "", err
		}
		return "", fmt.Errorf("HEAD and %q have no commit in common%s", rev, r.shallow(ctx))
	}
	return string(bytes.TrimSpace(base)), nil
}

// shallow says, to end a sentence, that the history is cut off, when it is.
func (r *Repo) shallow(ctx context.Context) string {
	out, err := run(ctx, r.root, "rev-parse", "--is-shallow-repository")
	if err != nil || strings.TrimSpace(string(out)) != "true" {
		return ""
	}
	return ": the clone is shallow; fetch its whole history (git fetch --unshallow, or fetch-depth: 0 in the checkout of CI)"
}

// Owns reports whether a path belongs to the work tree and not to a submodule or another
// repository in it.
func (r *Repo) Owns(path string) bool {
	name, ok := r.name(path)
	if !ok {
		return false
	}
	top := disk.Top(filepath.Dir(filepath.Join(r.root, filepath.FromSlash(name))))
	return top == r.root
}

// A Snapshot is the files of a commit, and which of them the index has under another
// name.
type Snapshot struct {
	repo    *Repo
	blobs   map[string]string // of the commit: the hash of each file, by its path
	renamed map[string]string // path of the index to that of the commit, when they differ
}

// At returns the snapshot of a commit. The work tree isn't compared: that would run the
// filters that a repository configures.
func (r *Repo) At(ctx context.Context, commit string) (*Snapshot, error) {
	s := &Snapshot{repo: r}
	tree, err := run(ctx, r.root, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	s.blobs = blobsOf(string(tree))
	index, err := run(ctx, r.root, "diff-index", "--cached", "--name-status", "-z", "-M", "--no-ext-diff", "--no-textconv", commit, "--")
	if err != nil {
		return nil, err
	}
	s.renamed = renamesOf(string(index))
	return s, nil
}

// blobsOf reads what ls-tree -z lists: MODE blob HASH<tab>PATH. Links and submodules are
// no files to read.
func blobsOf(tree string) map[string]string {
	blobs := map[string]string{}
	for entry := range strings.SplitSeq(tree, "\x00") {
		head, path, _ := strings.Cut(entry, "\t")
		if f := strings.Fields(head); len(f) == 3 && f[1] == "blob" && f[0] != "120000" {
			blobs[path] = f[2]
		}
	}
	return blobs
}

// renamesOf reads what diff-index --name-status -z lists, and returns the old paths of
// files that have new ones.
func renamesOf(index string) map[string]string {
	renamed := map[string]string{}
	fields := strings.Split(index, "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		if strings.HasPrefix(fields[i], "R") && i+2 < len(fields) {
			renamed[fields[i+2]] = fields[i+1]
			i++
		}
	}
	return renamed
}

// Read returns the file that the snapshot has for a path of the work tree; an
// fs.ErrNotExist says that it has none.
func (s *Snapshot) Read(ctx context.Context, path string) ([]byte, error) {
	name, ok := s.repo.name(path)
	if !ok {
		return nil, fs.ErrNotExist
	}
	if old, moved := s.renamed[name]; moved {
		name = old
	}
	return s.content(ctx, name, path)
}

// Was returns the path that the commit has for a path of the work tree, and false when
// it has none.
func (s *Snapshot) Was(path string) (string, bool) {
	name, ok := s.repo.name(path)
	if !ok {
		return "", false
	}
	if old, moved := s.renamed[name]; moved {
		name = old
	}
	_, there := s.blobs[name]
	return filepath.Join(s.repo.root, filepath.FromSlash(name)), there
}

// Stands returns a path of the commit as Was does, whatever became of the file since.
func (s *Snapshot) Stands(path string) (string, bool) {
	name, ok := s.repo.name(path)
	_, there := s.blobs[name]
	return filepath.Join(s.repo.root, filepath.FromSlash(name)), ok && there
}

// Holds reports whether a path lies in the work tree.
func (s *Snapshot) Holds(path string) bool {
	_, ok := s.repo.name(path)
	return ok
}

// Old returns the file that the snapshot has at a path, whatever became of it
// since; an fs.ErrNotExist says that it has none.
func (s *Snapshot) Old(ctx context.Context, path string) ([]byte, error) {
	name, ok := s.repo.name(path)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return s.content(ctx, name, path)
}

// content returns a file of the commit: the one at a path of the work tree when its hash
// says that it is the same, which asks git nothing, else the blob.
func (s *Snapshot) content(ctx context.Context, name, path string) ([]byte, error) {
	hash, there := s.blobs[name]
	if !there {
		return nil, fs.ErrNotExist
	}
	if data, err := disk.ReadFound(s.repo.root, s.repo.at(name, path)); err == nil && blobHash(data, len(hash)) == hash {
		return data, nil
	}
	data, _, err := output(ctx, s.repo.root, nil, disk.MaxBytes, "cat-file", "blob", hash)
	return data, err
}

// Sizes returns the sizes in bytes of the files that Old has at paths, 0 where it has
// none. It asks git once.
func (s *Snapshot) Sizes(ctx context.Context, paths []string) ([]int64, error) {
	sizes := make([]int64, len(paths))
	var asked []int
	var list bytes.Buffer
	for i, path := range paths {
		name, ok := s.repo.name(path)
		if hash, there := s.blobs[name]; ok && there {
			asked = append(asked, i)
			list.WriteString(hash + "\n")
		}
	}
	if len(asked) == 0 {
		return sizes, nil
	}
	out, _, err := output(ctx, s.repo.root, &list, math.MaxInt, "cat-file", "--batch-check=%(objectsize)")
	if err != nil {
		return nil, err
	}
	for n, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if size, err := strconv.ParseInt(line, 10, 64); err == nil && n < len(asked) {
			sizes[asked[n]] = size
		}
	}
	return sizes, nil
}

// at returns where a file of the work tree lies, without links to its folder.
func (r *Repo) at(name, path string) string {
	if own, ok := r.name(path); ok {
		name = own
	}
	return filepath.Join(r.root, filepath.FromSlash(name))
}

// blobHash returns the hash that git gives to a content, in as many hexadecimal digits
// as the repository's hashes have: SHA-1, or SHA-256.
func blobHash(data []byte, digits int) string {
	h := sha1.New()
	if digits == 2*sha256.Size {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// Files returns the paths of the files of the snapshot below a folder of the
// work tree, in no order.
func (s *Snapshot) Files(dir string) []string {
	below, ok := s.repo.name(dir)
	if !ok {
		return nil
	}
	prefix := below + "/"
	if below == "." {
		prefix = ""
	}
	var list []string
	for name := range s.blobs {
		if rel, ok := strings.CutPrefix(name, prefix); ok && rel != "" {
			list = append(list, filepath.Join(dir, filepath.FromSlash(rel)))
		}
	}
	return list
}

// name returns a path as git names it: from the root, with slashes.
func (r *Repo) name(path string) (string, bool) {
	// The file itself may be gone, its folder too: links are followed as far as
	// there is something.
	dir, rest := path, ""
	for {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			path = filepath.Join(real, rest)
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir, rest = up, filepath.Join(filepath.Base(dir), rest)
	}
	rel, err := filepath.Rel(r.root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// ErrNone says that a folder lies in no work tree, or that git isn't installed.
var ErrNone = errors.New("not a git repository")

// List returns what git tracks below a folder, and what it doesn't track and doesn't
// ignore, by paths from there with slashes, each once. Submodules and other repositories
// below are left out: they are projects of their own. Complaints are what git says about
// folders that it could not look into. The error is ErrNone, or why git refuses.
func List(ctx context.Context, dir string) (paths []string, complaints string, err error) {
	top, below, err := within(dir)
	if err != nil {
		return nil, "", err
	}
	args := []string{"--literal-pathspecs", "ls-files", "--cached", "--others", "--exclude-standard", "-z"}
	prefix := ""
	if below != "." {
		args, prefix = append(args, "--", below), below+"/"
	}
	out, complaints, err := output(ctx, top, nil, math.MaxInt, args...)
	if err != nil {
		return nil, "", err
	}
	complaints = strings.ReplaceAll(complaints, "directory '"+prefix, "directory '")
	last := ""
	for path := range strings.SplitSeq(string(out), "\x00") {
		rel, ok := strings.CutPrefix(path, prefix)
		// A conflict lists a path once for each side.
		if ok && rel != "" && rel != last && !strings.HasSuffix(rel, "/") {
			paths = append(paths, rel)
		}
		last = rel
	}
	return paths, complaints, nil
}

// within returns the top of the work tree that a folder lies in, without links, and the
// folder's path from there with slashes. Git is only asked at the top: where a folder below
// holds what a bare repository does, as any commit may, git would take that for the
// repository, with its history, its settings and what it ignores. The error is ErrNone.
func within(dir string) (top, below string, err error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", err
	}
	if top = disk.Top(dir); top == "" {
		return "", "", ErrNone
	}
	below, err = filepath.Rel(top, dir)
	return top, filepath.ToSlash(below), err
}

// run runs git in a folder.
func run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	out, _, err := output(ctx, dir, nil, math.MaxInt, args...)
	return out, err
}

// command prepares git for a folder, with settings beside those that always hold: a
// repository's own may name programs to run, and looking at it is no reason to.
func command(ctx context.Context, dir string, settings, args []string) *exec.Cmd {
	always := []string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "--no-pager"}
	c := exec.CommandContext(ctx, "git", slices.Concat(always, settings, args)...)
	c.Dir, c.Env = dir, environment(os.Environ())
	return c
}

// output runs git in a folder with an input, and returns what it writes, which is an error
// when it is more than most bytes, and what it complains of.
func output(ctx context.Context, dir string, in io.Reader, most int, args ...string) ([]byte, string, error) {
	c := command(ctx, dir, nil, args)
	c.Stdin = in
	var complaint bytes.Buffer
	out := disk.Bounded{Most: most}
	c.Stdout, c.Stderr = &out, &complaint
	switch err := c.Run(); {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case out.Full:
		return nil, "", disk.ErrTooLarge
	case err != nil:
		return nil, "", refusal(err, complaint.String())
	}
	return out.Bytes(), complaint.String(), nil
}

// environment is the process's without the variables by which a hook of git names its
// repository: the folder says which one is meant. What a partial clone lacks isn't fetched,
// since the settings of a repository say which program does that.
func environment(environ []string) []string {
	kept := slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
			"GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_EXTERNAL_DIFF", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
			"GIT_IMPLICIT_WORK_TREE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_ATTR_SOURCE":
			return true
		}
		return false
	})
	return append(kept, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none")
}

// refusal says why git did nothing.
func refusal(err error, complaint string) error {
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("git is not installed")
	case strings.Contains(complaint, "dubious ownership"):
		return errors.New("git refuses this repository because it belongs to another user (dubious ownership): " +
			"check it as its owner, or set safe.directory")
	case strings.Contains(complaint, "not a git repository"):
		return ErrNone
	case strings.Contains(complaint, "promisor remote"), strings.Contains(complaint, "bad file"):
		return errors.New("the clone lacks an object, as partial clones do, and nothing is fetched here: run git fetch --refetch --no-filter first, or clone without a filter")
	}
	if i := strings.Index(complaint, "fatal: "); i > 0 && complaint[i-1] == '\n' {
		complaint = complaint[i:] // warnings come first
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(complaint), "fatal: "), "\n")
	if text == "" {
		text = err.Error()
	}
	return fmt.Errorf("git: %s", text)
}

// Head names the commit that is checked out, in short, or nothing when there is none or
// git refuses.
func Head(ctx context.Context, dir string) string {
	top, _, err := within(dir)
	if err != nil {
		return ""
	}
	out, err := run(ctx, top, "rev-parse", "--short", "HEAD")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
