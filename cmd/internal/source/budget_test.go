package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/disk"
)

// A run reads manifests as long as they fit into what it may read in all, in their order;
// smaller ones that follow what doesn't fit are still read.
func TestMaxTotal(t *testing.T) {
	dir := t.TempDir()
	sized := func(name string, size int64) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(dir, name), size); err != nil { // a hole takes no room
			t.Fatal(err)
		}
	}
	sized("a.waitornot.yaml", disk.MaxTotal/2)
	sized("b.waitornot.yaml", disk.MaxTotal/2-10)
	sized("c.waitornot.yaml", 11)
	sized("d.waitornot.yaml", 10)
	sized("e.waitornot.yaml", 1)
	sized("huge.waitornot.yaml", disk.MaxBytes+1)
	for _, args := range [][]string{nil, {"*.yaml"}, {"a.waitornot.yaml", "b.waitornot.yaml", "c.waitornot.yaml", "d.waitornot.yaml", "e.waitornot.yaml", "huge.waitornot.yaml"}} {
		got := strings.Join(found(t, dir, args...), "\n")
		const left = ": it's left out: a run reads at most 64 MiB in all; run on fewer paths at a time"
		want := "a.waitornot.yaml\nb.waitornot.yaml\nc.waitornot.yaml" + left + "\nd.waitornot.yaml\ne.waitornot.yaml" + left +
			"\nhuge.waitornot.yaml: it's larger than 64 MiB, which is the limit"
		if got != want {
			t.Errorf("Find(%q):\n%s\nwant\n%s", args, got, want)
		}
	}
}
