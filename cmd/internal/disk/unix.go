//go:build !windows

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

const (
	// withoutWaiting opens a pipe at once, whether anybody writes to it or not.
	withoutWaiting = syscall.O_NONBLOCK
	// noLink refuses to open a link.
	noLink = syscall.O_NOFOLLOW
)

// names returns how many names a file has.
func names(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink)
	}
	return 1
}

// keepOwner gives a file to whom the old one belongs, when that is somebody else.
func keepOwner(f *os.File, old fs.FileInfo) error {
	was, ok := old.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if is, ok := info.Sys().(*syscall.Stat_t); ok && (is.Uid != was.Uid || is.Gid != was.Gid) {
		return f.Chown(int(was.Uid), int(was.Gid))
	}
	return nil
}
