package main

import (
	"errors"
	"os"
	"syscall"
)

// smallDisk makes a disk of a few pages at a folder, and returns what takes it away.
func smallDisk(dir string) (leave func(), err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		return nil, errors.New("no disk can be made here")
	}
	return func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }, nil
}
