package git

import (
	"errors"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The hash is the one that git gives, for both kinds of repository.
func TestBlobHash(t *testing.T) {
	t.Parallel()
	// git hash-object, for the empty blob and for "hello\n"
	for text, want := range map[string]string{
		"":        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
		"hello\n": "ce013625030ba8dba906f756967f9e9ca394464a",
	} {
		if got := blobHash([]byte(text), len(want)); got != want {
			t.Errorf("blobHash(%q) = %s, want %s", text, got, want)
		}
	}
	if got := blobHash(nil, 64); got != "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813" {
		t.Errorf("SHA-256 of the empty blob: %s", got)
	}
}

// What names a repository in the environment is left out; the rest is kept.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	got := environment([]string{"HOME=/h", "GIT_DIR=/x", "GIT_WORK_TREE=/x", "GIT_INDEX_FILE=/x", "GIT_SSH=ssh", "GIT_EXTERNAL_DIFF=x"})
	if want := []string{"HOME=/h", "GIT_SSH=ssh", "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none"}; !slices.Equal(got, want) {
		t.Errorf("environment %q, want %q", got, want)
	}
}

// What git refuses is said in words that help.
func TestRefusal(t *testing.T) {
	t.Parallel()
	if err := refusal(errors.New("exit 128"), "fatal: detected dubious ownership in repository at '/x'\nTo add an exception"); !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("dubious ownership: %v", err)
	}
	for _, complaint := range []string{"warning: lazy fetching disabled\nfatal: could not fetch 7b40 from promisor remote\n", "fatal: git cat-file 7b40: bad file"} {
		if err := refusal(errors.New("exit 128"), complaint); !strings.Contains(err.Error(), "as partial clones do") {
			t.Errorf("a partial clone: %v", err)
		}
	}
	if err := refusal(errors.New("exit 128"), "warning: refname is ambiguous\nfatal: no such thing\nhint: x\n"); err.Error() != "git: no such thing" {
		t.Errorf("after a warning: %v", err)
	}
	if err := refusal(errors.New("exit 128"), "fatal: not a git repository (or any"); err != ErrNone {
		t.Errorf("no repository: %v", err)
	}
	if err := refusal(&exec.Error{Name: "git", Err: exec.ErrNotFound}, ""); err.Error() != "git is not installed" {
		t.Errorf("not installed: %v", err)
	}
}

// Of a revision only files are read: what a link's blob holds is a path, and a submodule has none.
func TestBlobsOf(t *testing.T) {
	t.Parallel()
	tree := "100644 blob aa\ta.yaml\x00100755 blob bb\tb c\tx.yaml\x00120000 blob cc\tlink.yaml\x00160000 commit dd\tmodule\x00040000 tree ee\tfolder\x00"
	got := blobsOf(tree)
	if want := map[string]string{"a.yaml": "aa", "b c\tx.yaml": "bb"}; !maps.Equal(got, want) {
		t.Errorf("blobs %v, want %v", got, want)
	}
}
