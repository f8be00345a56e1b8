package disk_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waitornot/cmd/internal/disk"
)

// A part of a file is read from its offset, and fails where the file is shorter. Of a file that
// was found, nothing is read through a link that leads out; of anything that is no file, nothing
// at all.
func TestParts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, outside := filepath.Join(dir, "repo"), filepath.Join(dir, "outside.yaml")
	if err := os.Mkdir(root, 0o777); err != nil {
		t.Fatal(err)
	}
	file, link := filepath.Join(root, "a.yaml"), filepath.Join(root, "link.yaml")
	write(t, file, "0123456789")
	write(t, outside, "secret")
	if err := os.Symlink(outside, link); err != nil {
		t.Skip("SKIPPED: no links here: ", err)
	}
	found := func(into []byte, from int) error { return disk.PartFound(root, file, into, from) }
	for _, tt := range []struct {
		name       string
		part       func(into []byte, from int) error
		from, size int
		want       string
		err        string
	}{
		{"found", found, 3, 4, "3456", ""},
		{"found, to its end", found, 7, 3, "789", ""},
		{"found, beyond its end", found, 7, 4, "", io.EOF.Error()},
		{"named", func(into []byte, from int) error { return disk.PartNamed(file, into, from) }, 3, 4, "3456", ""},
		{"named, beyond its end", func(into []byte, from int) error { return disk.PartNamed(file, into, from) }, 10, 1, "", io.EOF.Error()},
		{"named, through a link", func(into []byte, from int) error { return disk.PartNamed(link, into, from) }, 0, 6, "secret", ""},
		{"found, through a link", func(into []byte, from int) error { return disk.PartFound(root, link, into, from) }, 0, 6, "", "out of the repository"},
		{"found, a folder", func(into []byte, from int) error { return disk.PartFound(dir, root, into, from) }, 0, 1, "", "folder"},
		{"named, a folder", func(into []byte, from int) error { return disk.PartNamed(root, into, from) }, 0, 1, "", "folder"},
		{"named, nothing", func(into []byte, from int) error { return disk.PartNamed(filepath.Join(root, "b"), into, from) }, 0, 1, "", "no such file"},
	} {
		into := make([]byte, tt.size)
		err := tt.part(into, tt.from)
		switch {
		case tt.err == "" && (err != nil || string(into) != tt.want):
			t.Errorf("%s: %q, %v", tt.name, into, err)
		case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("%s: %v, want %s", tt.name, err, tt.err)
		case tt.err != "" && strings.Contains(string(into), "secret"):
			t.Errorf("%s: %q was read", tt.name, into)
		}
	}
}
