package markup

import (
	"path"
	"path/filepath"
)

// Path returns a file's name as machines want it: relative to dir where that is
// possible, clean, with slashes. An empty dir leaves names as they are.
func Path(dir, file string) string {
	if dir != "" && filepath.IsAbs(file) {
		if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return path.Clean(file)
}
