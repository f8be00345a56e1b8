package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Remote is one revision of a repository elsewhere.
type Remote struct {
	URL    string
	Tag    string // "" when Commit is given
	Commit string // a full hash; "" when Tag is given
}

// The reasons why a revision can't be fetched that have a way out of their own.
var (
	ErrTooLarge = errors.New("the repository is too large")
	ErrTooSlow  = errors.New("it takes too long")
	ErrNoTag    = errors.New("no such tag")
)

// A BranchError says that a revision is a branch, and where the branch is now.
type BranchError struct{ Commit string }

// Error says it without the commit, which the caller knows how to show.
func (e *BranchError) Error() string { return "it's a branch" }

// Bounds are what a fetch may take.
type Bounds struct {
	Bytes int64 // on the disk
	Time  time.Duration
}

// Fetch makes a bare repository in dir, which is empty, with one revision of a remote and
// nothing of its history, and returns the commit. The new repository has no settings, no
// hooks and no templates; git asks nobody for a password, follows no redirection, and
// speaks https and ssh alone. The user's own settings hold: credentials, proxies.
func Fetch(ctx context.Context, dir string, r Remote, b Bounds) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, b.Time, ErrTooSlow)
	defer cancel()
	commit, digits := r.Commit, len(r.Commit)
	what := commit
	if r.Tag != "" {
		tip, err := tagOf(ctx, dir, r)
		if err != nil {
			return "", err
		}
		digits = len(tip)
		what = "refs/tags/" + r.Tag + ":refs/tags/" + r.Tag
	}
	format := "sha1"
	if digits == 64 {
		format = "sha256"
	}
	if _, err := remote(ctx, dir, "init", "--quiet", "--bare", "--template=", "--object-format="+format, "."); err != nil {
		return "", err
	}
	stop := watchSize(ctx, dir, b.Bytes, cancel)
	_, err := remote(ctx, dir, "--git-dir=.", "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc",
		"--end-of-options", r.URL, what)
	if stop() {
		return "", ErrTooLarge
	}
	if err != nil {
		return "", err
	}
	if r.Tag != "" {
		commit = "refs/tags/" + r.Tag
	}
	out, err := kept(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", commit+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("the revision isn't a commit")
	}
	return string(bytes.TrimSpace(out)), nil
}

// tagOf returns the hash that a tag has at a remote.
func tagOf(ctx context.Context, dir string, r Remote) (string, error) {
	out, err := remote(ctx, dir, "ls-remote", "--quiet", "--end-of-options", r.URL, "refs/tags/"+r.Tag, "refs/heads/"+r.Tag)
	if err != nil {
		return "", err
	}
	branch := ""
	for line := range strings.Lines(string(out)) {
		hash, ref, _ := strings.Cut(strings.TrimSpace(line), "\t")
		switch ref {
		case "refs/tags/" + r.Tag:
			return hash, nil
		case "refs/heads/" + r.Tag:
			branch = hash
		}
	}
	if branch != "" {
		return "", &BranchError{branch}
	}
	return "", ErrNoTag
}

// Blob returns a file of a commit in a bare repository that Fetch made; an fs.ErrNotExist
// says that the commit has none there.
func Blob(ctx context.Context, dir, commit, path string, most int64) ([]byte, error) {
	name := commit + ":" + path
	kind, err := kept(ctx, dir, "cat-file", "-t", name)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fs.ErrNotExist
	}
	if string(bytes.TrimSpace(kind)) != "blob" {
		return nil, errors.New("it's a folder, not a file")
	}
	size, err := kept(ctx, dir, "cat-file", "-s", name)
	if err != nil {
		return nil, err
	}
	if n, err := strconv.ParseInt(string(bytes.TrimSpace(size)), 10, 64); err != nil || n > most {
		return nil, fmt.Errorf("it's larger than %d KiB, which is the limit", most>>10)
	}
	return kept(ctx, dir, "cat-file", "blob", name)
}

// kept runs git in a repository of the cache, which others may have written: whatever its
// settings say, nothing is fetched that it lacks, and so no helper of theirs is asked.
func kept(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return isolated(ctx, dir, "none", append([]string{"--git-dir=."}, args...)...)
}

// watchSize ends a fetch whose folder grows too large. What it returns stops the watch
// and reports whether that happened.
func watchSize(ctx context.Context, dir string, most int64, cancel func()) func() bool {
	done, large := make(chan struct{}), make(chan bool, 1)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				large <- sizeOf(dir) > most
				return
			case <-ctx.Done():
				large <- false
				return
			case <-tick.C:
				if sizeOf(dir) > most {
					cancel()
					large <- true
					return
				}
			}
		}
	}()
	return func() bool { close(done); return <-large }
}

// sizeOf returns how many bytes the files below a folder have.
func sizeOf(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone since: git renames and deletes
		}
		if info, err := d.Info(); err == nil && !info.IsDir() {
			n += info.Size()
		}
		return nil
	})
	return n
}

// remote runs git in a folder that is no work tree, so that no repository's settings
// hold, and lets it reach no more than it must.
func remote(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return isolated(ctx, dir, "https:ssh", args...)
}

// isolated runs git with the protocols that it may speak, separated by colons.
func isolated(ctx context.Context, dir, protocols string, args ...string) ([]byte, error) {
	settings := []string{
		"-c", "core.bigFileThreshold=1m", "-c", "core.askPass=",
		"-c", "http.followRedirects=false", "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=20", "-c", "protocol.version=2",
		"-c", "transfer.fsckObjects=true", "-c", "submodule.recurse=false", "-c", "maintenance.auto=false", "-c", "gc.auto=0",
		"-c", "core.createObject=rename", // with two names for a moment a file would count twice
	}
	c := command(ctx, dir, settings, args)
	c.Env = append(c.Env, "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "SSH_ASKPASS_REQUIRE=never", "GCM_INTERACTIVE=never",
		"GIT_ALLOW_PROTOCOL="+protocols, "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	if os.Getenv("GIT_SSH_COMMAND") == "" && os.Getenv("GIT_SSH") == "" {
		c.Env = append(c.Env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes")
	}
	together(c)
	c.WaitDelay = 2 * time.Second
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, refusal(err, secrets().ReplaceAllString(complaint.String(), "://"))
	}
	return out.Bytes(), nil
}

// secrets are credentials in an address: settings of the user may have put them there.
var secrets = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`://[^/\s@]*@`) })
