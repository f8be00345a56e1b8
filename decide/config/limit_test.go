package config

import (
	"io/fs"
	"strings"
	"testing"

	"waitornot/decide"
)

// All configurations of a run together have a limit.
func TestMaxTotal(t *testing.T) {
	t.Parallel()
	for _, more := range []int{0, 1} {
		l := &Loader{Table: &decide.Table{}, Top: func(dir string) string { return dir }, Read: func(path string) ([]byte, error) {
			switch path {
			case "/a/" + Name:
				return []byte("#" + strings.Repeat("x", MaxBytes-1)), nil
			case "/b/" + Name:
				return []byte("#" + strings.Repeat("x", maxTotal-MaxBytes-1+more)), nil
			}
			return nil, fs.ErrNotExist
		}}
		l.Policy("/a/m.yaml")
		l.Policy("/b/m.yaml")
		refused := false
		for _, f := range l.Findings() {
			refused = refused || strings.Contains(f.Message, "more than 16 MiB in total")
		}
		if refused != (more > 0) {
			t.Errorf("%d bytes above the limit: %v", more, l.Findings())
		}
	}
}
