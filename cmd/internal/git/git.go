// Package git asks git what a work tree was like before.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Repo is a work tree.
type Repo struct {
	root string // without links
}

// Open returns the work tree that a folder lies in.
func Open(ctx context.Context, dir string) (*Repo, error) {
	out, err := run(ctx, dir, "rev-parse", "--show-toplevel")
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
		return "", fmt.Errorf("git knows no revision %q", rev)
	}
	base, err := run(ctx, r.root, "merge-base", "HEAD", string(bytes.TrimSpace(commit)))
	if err != nil {
		if ctx.Err() != nil {
			return "", err
		}
		return "", fmt.Errorf("HEAD and %q have no commit in common (a shallow clone must be deepened first)", rev)
	}
	return string(bytes.TrimSpace(base)), nil
}

// A Snapshot is the files of a commit, and how those of the work tree differ.
type Snapshot struct {
	repo    *Repo
	commit  string
	files   map[string]bool   // of the commit
	renamed map[string]string // path of the work tree to that of the commit, when they differ
	changed map[string]bool   // paths of the work tree whose content may differ
	gone    map[string]bool   // paths of the commit that the work tree has under another name
}

// At returns the snapshot of a commit.
func (r *Repo) At(ctx context.Context, commit string) (*Snapshot, error) {
	s := &Snapshot{repo: r, commit: commit, files: map[string]bool{}, renamed: map[string]string{}, changed: map[string]bool{}, gone: map[string]bool{}}
	tree, err := run(ctx, r.root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	for path := range strings.SplitSeq(string(tree), "\x00") {
		s.files[path] = true
	}
	diff, err := run(ctx, r.root, "diff", "--name-status", "-z", "-M", "--no-ext-diff", "--no-textconv", commit, "--")
	if err != nil {
		return nil, err
	}
	fields := strings.Split(string(diff), "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		status, path := fields[i], fields[i+1]
		if strings.HasPrefix(status, "R") && i+2 < len(fields) {
			old := path
			i++
			path = fields[i+1]
			s.renamed[path], s.gone[old] = old, true
		}
		s.changed[path] = true
	}
	return s, nil
}

// Read returns the file that the snapshot has for a path of the work tree; an
// fs.ErrNotExist says that it has none.
func (s *Snapshot) Read(ctx context.Context, path string) ([]byte, error) {
	name, ok := s.repo.name(path)
	if !ok {
		return nil, fs.ErrNotExist
	}
	if !s.changed[name] && s.files[name] {
		return os.ReadFile(path)
	}
	if old, moved := s.renamed[name]; moved {
		name = old
	}
	if !s.files[name] {
		return nil, fs.ErrNotExist
	}
	return s.blob(ctx, name)
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
	if !ok || !s.files[name] {
		return nil, fs.ErrNotExist
	}
	if s.changed[name] || s.gone[name] {
		return s.blob(ctx, name)
	}
	return os.ReadFile(path)
}

func (s *Snapshot) blob(ctx context.Context, name string) ([]byte, error) {
	return run(ctx, s.repo.root, "cat-file", "blob", s.commit+":"+name)
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
	for name := range s.files {
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

// run runs git in a folder. A repository's own settings may name programs to
// run; looking at it is no reason to.
func run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false"}, args...)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("git is not installed")
		}
		text := strings.TrimPrefix(strings.TrimSpace(complaint.String()), "fatal: ")
		if first, _, more := strings.Cut(text, "\n"); more {
			text = first
		}
		if text == "" {
			text = err.Error()
		}
		return nil, fmt.Errorf("git: %s", text)
	}
	return out.Bytes(), nil
}
