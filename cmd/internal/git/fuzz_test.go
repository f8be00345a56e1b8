package git

import (
	"strings"
	"testing"
)

// Whatever git lists, paths and hashes are parts of it.
func FuzzLists(f *testing.F) {
	f.Add("100644 blob 0123456789012345678901234567890123456789\ta\tb.yaml\x00120000 blob 01\tlink\x00160000 commit 01\tsub\x00", "R100\x00old\x00new\x00M\x00x\x00")
	f.Add("\x00\t\x00a", "R\x00R\x00R")
	f.Fuzz(func(t *testing.T, tree, index string) {
		for path, hash := range blobsOf(tree) {
			if hash == "" || !strings.Contains(tree, hash) || !strings.Contains(tree, path) {
				t.Fatalf("%q has %q at %q", tree, hash, path)
			}
		}
		for now, was := range renamesOf(index) {
			if !strings.Contains(index, was+"\x00"+now) {
				t.Fatalf("%q: %q was %q", index, now, was)
			}
		}
	})
}
