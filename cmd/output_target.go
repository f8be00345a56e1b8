package cmd

import (
	"os"
	"path/filepath"

	"waitornot/cmd/internal/source"
)

// refuseTargets refuses outputs that would overwrite a manifest that is read, or one
// another, by whatever names. Paths are as the command line gives them; "-" is
// standard output.
func (g *globals) refuseTargets(refs []source.Ref, paths ...string) error {
	dir, err := g.folder()
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, path := range paths {
		if path == "-" {
			continue
		}
		at := absolute(dir, filepath.FromSlash(path))
		if seen[at] {
			return usagef("two outputs go to %s: use different files", path)
		}
		seen[at] = true
		target, err := os.Stat(at)
		if err != nil {
			continue // it will be made
		}
		for _, r := range refs {
			if r.Path() == "" {
				continue
			}
			if info, err := os.Stat(r.Path()); err == nil && os.SameFile(info, target) && info.Mode().IsRegular() {
				return usagef("%s is an input: write to another file", path)
			}
		}
	}
	return nil
}

// notAFolder says that something stands in the place of a folder, by the words of the command
// line that name it.
func notAFolder(named string) error { return usagef("%s: it's a file; name a folder", named) }

// isFile reports whether something that is no folder is at a path.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
