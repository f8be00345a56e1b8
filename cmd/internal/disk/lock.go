package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// patience is how long a held lock is waited for in silence.
const patience = time.Second

// lockOf returns the path of the file that is locked while path changes.
func lockOf(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock")
}

// lock waits until no other holds the lock file, and takes it; it gives up when the
// context is done.
func (d Disk) lock(path string) (unlock func(), err error) {
	type outcome struct {
		unlock func()
		err    error
	}
	ctx := d.Context
	if ctx == nil {
		ctx = context.Background()
	}
	done := make(chan outcome, 1)
	go func() {
		unlock, err := lock(ctx, path)
		done <- outcome{unlock, err}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		select {
		case o := <-done:
			return o.unlock, o.err
		case <-ctx.Done():
			go func() { // whoever is given the lock too late gives it back
				if o := <-done; o.err == nil {
					o.unlock()
				}
			}()
			return nil, ctx.Err()
		case <-timer.C:
			if d.Waiting != nil {
				d.Waiting(path)
			}
		}
	}
}

// lock waits until no other holds the lock file, and takes it. To unlock removes it
// again, so a waiter may find that it holds a file that is gone: it then starts over,
// unless the context is done: who has given up makes no new lock file.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE|noLink, 0o666)
		if err != nil {
			return nil, inTheWay(path, err)
		}
		held, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if there, err := os.Lstat(path); err == nil && os.SameFile(held, there) {
			return func() {
				_ = os.Remove(path) // Windows keeps a file that is open: then it stays, empty
				_ = f.Close()
			}, nil
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

// inTheWay says what stands where a lock belongs, when something does.
func inTheWay(path string, err error) error {
	info, lerr := os.Lstat(path)
	switch {
	case lerr != nil:
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%s is a link where a lock belongs; remove it", path)
	case info.IsDir():
		return fmt.Errorf("%s is a folder where a lock belongs; remove it", path)
	}
	return err
}
