// Package preset reads configurations of other repositories: from a cache of the user's,
// and, where the user allows it, from where they lie.
package preset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waitornot/cmd/internal/disk"
	"waitornot/cmd/internal/git"
	"waitornot/decide/config"
)

// Var names the environment variable that allows addresses, separated by blanks.
const Var = "WAITORNOT_PRESETS"

// What presets may take: the revisions that one run fetches, the bytes of a revision and
// the time to fetch it.
const (
	MostFetches = 16
	MaxBytes    = 32 << 20
	Deadline    = time.Minute
)

// A Store reads presets. It is for one run, and not safe for concurrent use.
type Store struct {
	Dir     string // the cache; it need not exist
	DirErr  error  // why there is none
	Allowed []string
	Say     func(format string, args ...any) // remarks for the user; nil for none

	open    map[string]opened // by repository and revision
	fetched int
}

// opened is a revision in the cache, or why it isn't there.
type opened struct {
	dir, commit string
	err         error
}

// Read returns a preset. It touches the network only when the cache doesn't have the
// revision and the address is allowed.
func (s *Store) Read(ctx context.Context, p config.Preset) ([]byte, error) {
	r := s.revision(ctx, p)
	if r.err != nil {
		return nil, r.err
	}
	data, err := git.Blob(ctx, r.dir, r.commit, p.File, config.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &config.PresetError{Message: fmt.Sprintf("%s has no file %s at %s", p.URL, p.File, p.Revision), Fix: "fix the path after //"}
	}
	return data, err
}

// revision returns where a revision lies in the cache, and fetches it once.
func (s *Store) revision(ctx context.Context, p config.Preset) opened {
	key := p.URL + "@" + p.Revision
	if r, known := s.open[key]; known {
		return r
	}
	r := s.cached(p)
	if r.err != nil && ctx.Err() == nil {
		r = s.fetch(ctx, p)
	}
	if s.open == nil {
		s.open = map[string]opened{}
	}
	s.open[key] = r
	return r
}

// place returns the folder of a revision in the cache.
func (s *Store) place(p config.Preset) string {
	sum := sha256.Sum256([]byte(p.URL + "\x00" + p.Revision))
	return filepath.Join(s.Dir, hex.EncodeToString(sum[:16]))
}

// commitFile holds the hash of the commit that was fetched. It is written last.
const commitFile = "waitornot-commit"

func (s *Store) cached(p config.Preset) opened {
	if s.DirErr != nil {
		return opened{err: s.DirErr}
	}
	dir := s.place(p)
	text, err := disk.ReadFound(dir, filepath.Join(dir, commitFile))
	return opened{dir, strings.TrimSpace(string(text)), err}
}

// fetch brings a revision into the cache: whole or not at all.
func (s *Store) fetch(ctx context.Context, p config.Preset) opened {
	switch {
	case s.DirErr != nil:
		return opened{err: &config.PresetError{Message: "presets need a cache, and " + s.DirErr.Error(), Fix: "set WAITORNOT_CACHE to a folder"}}
	case !s.allows(p.URL):
		return opened{err: &config.PresetError{
			Message: fmt.Sprintf("the preset %s isn't in the cache, and fetching it isn't allowed", p),
			Fix:     fmt.Sprintf("run once with --allow-presets %s, or add that address to %s", p.URL, Var),
		}}
	case s.fetched == MostFetches:
		return opened{err: &config.PresetError{Message: fmt.Sprintf("one run fetches at most %d preset revisions", MostFetches), Fix: "extend " +
			"fewer, or run again: whatever was fetched stays in the cache"}}
	}
	s.fetched++
	r, err := s.bring(ctx, p)
	if err != nil {
		return opened{err: explained(p, s.Dir, err)}
	}
	if s.Say != nil {
		s.Say("fetched %s (commit %.12s)", p, r.commit)
	}
	return r
}

func (s *Store) bring(ctx context.Context, p config.Preset) (opened, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return opened{}, err
	}
	temp, err := os.MkdirTemp(s.Dir, "fetching-")
	if err != nil {
		return opened{}, err
	}
	defer os.RemoveAll(temp)
	from := git.Remote{URL: p.URL, Tag: p.Revision}
	if p.IsCommit() {
		from = git.Remote{URL: p.URL, Commit: p.Revision}
	}
	commit, err := git.Fetch(ctx, temp, from, git.Bounds{Bytes: MaxBytes, Time: Deadline})
	if err != nil {
		return opened{}, err
	}
	if err := os.WriteFile(filepath.Join(temp, commitFile), []byte(commit+"\n"), 0o600); err != nil {
		return opened{}, err
	}
	if err := os.Rename(temp, s.place(p)); err != nil {
		if r := s.cached(p); r.err == nil {
			return r, nil // somebody else was faster
		}
		return opened{}, err
	}
	return opened{s.place(p), commit, nil}, nil
}

// explained says why a fetch failed, and the way out.
func explained(p config.Preset, cache string, err error) error {
	var branch *git.BranchError
	e := &config.PresetError{Message: fmt.Sprintf("can't fetch the preset %s: %v", p, err)}
	switch {
	case errors.As(err, &branch):
		pinned := p
		pinned.Revision = branch.Commit
		e.Message = fmt.Sprintf("%s is a branch of %s, and branches move", p.Revision, p.URL)
		e.Fix = fmt.Sprintf("pin a tag, or the commit: %s", pinned)
	case errors.Is(err, git.ErrNoTag):
		e.Message = fmt.Sprintf("%s has no tag %s", p.URL, p.Revision)
		e.Fix = "pin a tag or a full commit hash"
	case errors.Is(err, git.ErrTooLarge):
		e.Fix = fmt.Sprintf("keep presets in a repository of at most %d MiB", MaxBytes>>20)
	case errors.Is(err, git.ErrTooSlow):
		e.Message = fmt.Sprintf("can't fetch the preset %s: it takes longer than %s", p, Deadline)
		e.Fix = "check the network, or copy the cache from another machine: " + cache
	case errors.Is(err, context.Canceled):
		return err
	default:
		e.Fix = "check the address, the network, and git's credentials; cached presets need none of them"
	}
	return e
}

// allows reports whether the user allows a repository: by its address, or by one of the
// folders above it.
func (s *Store) allows(url string) bool {
	return slices.ContainsFunc(s.Allowed, func(a string) bool {
		a = strings.TrimSuffix(strings.TrimPrefix(a, config.PresetPrefix), "/")
		rest, ok := strings.CutPrefix(url, a)
		return ok && (rest == "" || rest[0] == '/') && strings.Contains(a, "://")
	})
}
