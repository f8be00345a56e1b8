package source

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
)

// listGit lists what git tracks below dir, and what it does not track and does
// not ignore. Submodules and other repositories below are left out: they are
// projects of their own. It reports false when dir lies in no work tree, or
// git is not installed.
func listGit(ctx context.Context, dir string) ([]entry, bool) {
	// A repository's own settings may name a program to run; this is no reason to.
	c := exec.CommandContext(ctx, "git", "-c", "core.fsmonitor=false",
		"ls-files", "--cached", "--others", "--exclude-standard", "-z")
	c.Dir = dir
	c.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	if c.Run() != nil {
		return nil, false
	}
	entries := unlisted(complaints.String())
	last := ""
	for rel := range strings.SplitSeq(out.String(), "\x00") {
		// A conflict lists a path once for each side.
		if rel != "" && rel != last && !strings.HasSuffix(rel, "/") {
			entries = append(entries, entry{rel: rel})
		}
		last = rel
	}
	return entries, true
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
