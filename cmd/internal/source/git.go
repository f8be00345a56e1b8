package source

import (
	"context"
	"errors"
	"strings"

	"waitornot/cmd/internal/git"
)

// listGit lists what git tracks below dir, and what it does not track and does not
// ignore. It reports false when dir lies in no work tree. When git refuses to look, what
// it would ignore isn't known, and that is the error.
func listGit(ctx context.Context, dir string) (entries []entry, ok bool, err error) {
	paths, complaints, err := git.List(ctx, dir)
	switch {
	case errors.Is(err, git.ErrNone):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	entries = unlisted(complaints)
	for _, rel := range paths {
		entries = append(entries, entry{rel: rel})
	}
	return entries, true, nil
}

// unlisted returns the folders that git says it could not look into. What is
// in them is not in the list, and must not be passed over in silence.
func unlisted(complaints string) []entry {
	var entries []entry
	for line := range strings.Lines(complaints) {
		quoted, ok := strings.CutPrefix(strings.TrimSpace(line), "warning: could not open directory '")
		if !ok {
			continue
		}
		if i := strings.LastIndex(quoted, "': "); i >= 0 {
			entries = append(entries, entry{strings.TrimSuffix(quoted[:i], "/"), errors.New(strings.ToLower(quoted[i+len("': "):]))})
		}
	}
	return entries
}
