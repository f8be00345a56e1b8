package disk

import (
	"cmp"
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
	ctx := d.Context
	if ctx == nil {
		ctx = context.Background()
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	// To unlock removes the file, so a waiter may find that the one that it waited for is
	// gone: it then starts over.
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := makeLock(path); err != nil {
			return nil, err
		}
		unlock, err := d.wait(ctx, path, timer.C)
		if !errors.Is(err, errGone) {
			return unlock, err
		}
	}
}

// wait waits for the lock file that is at path. Whoever has given up makes no file
// anymore, whenever its turn comes: only lock itself does.
func (d Disk) wait(ctx context.Context, path string, long <-chan time.Time) (unlock func(), err error) {
	type outcome struct {
		unlock func()
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		unlock, err := take(path)
		done <- outcome{unlock, err}
	}()
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
		case <-long:
			if d.Waiting != nil {
				d.Waiting(path)
			}
		}
	}
}

// makeLock makes the lock file, unless it is there.
func makeLock(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|noLink, 0o666)
	if err != nil {
		return inTheWay(path, err)
	}
	return f.Close()
}

// errGone says that the lock file went before its lock was taken.
var errGone = errors.New("the lock file is gone")

// take waits until no other holds the lock file that is there, and takes it.
func take(path string) (unlock func(), err error) {
	f, err := lockedfile.OpenFile(path, os.O_RDWR|noLink, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errGone
	case err != nil:
		return nil, inTheWay(path, err)
	}
	held, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if there, err := os.Lstat(path); err != nil || !os.SameFile(held, there) {
		return nil, cmp.Or(f.Close(), errGone)
	}
	return func() {
		_ = os.Remove(path) // Windows keeps a file that is open: then it stays, empty
		_ = f.Close()
	}, nil
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
