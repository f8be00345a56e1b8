//go:build windows

package disk

import (
	"io/fs"
	"os"
)

// There is neither on Windows: opening a pipe never waits, and few may make links.
const withoutWaiting, noLink = 0, 0

// names returns how many names a file has. Windows doesn't say.
func names(fs.FileInfo) uint64 { return 1 }

// keepOwner does nothing: a new file has the owner of its folder's rules.
func keepOwner(*os.File, fs.FileInfo) error { return nil }
