// Package disk writes files whole: a reader sees the old content or the new,
// never a part, whatever happens to the process or the disk meanwhile.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Change turns the content of a file into its new content. Old is nil when
// there is no file. An error leaves the file as it is.
type Change func(old []byte) ([]byte, error)

// Update reads the file at path, has it changed and puts the new content in its
// place. Of several updates of one file, from this process or from others, one
// works at a time and none is lost. Mode bits are kept, a link is followed, and
// a file that did not exist is made, though not its folder. When the content
// does not change nothing is written. Until the last step, which cannot be done
// by half, the old file is untouched.
func Update(path string, change Change) error {
	path, err := follow(path)
	if err != nil {
		return err
	}
	unlock, err := lock(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock"))
	if err != nil {
		return fmt.Errorf("%s: %w", path, plain(err))
	}
	defer unlock()

	old, mode, err := read(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, plain(err))
	}
	data, err := change(old)
	if err != nil {
		return err
	}
	if old != nil && string(old) == string(data) {
		return nil
	}
	if err := replace(path, data, mode); err != nil {
		return fmt.Errorf("write %s: %w", path, plain(err))
	}
	return nil
}

// Write puts data in the place of the file at path, as Update does.
func Write(path string, data []byte) error {
	return Update(path, func([]byte) ([]byte, error) { return data, nil })
}

// follow returns the file that path leads to. A path to nothing is returned as
// it is; a link to nothing is an error.
func follow(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if _, lerr := os.Lstat(path); errors.Is(err, fs.ErrNotExist) && errors.Is(lerr, fs.ErrNotExist) {
		return path, nil
	}
	return "", fmt.Errorf("%s: %w", path, plain(err))
}

// lock waits until no other holds the lock file, and takes it. To unlock
// removes it again, so a waiter may find that it holds a file that is gone: it
// then starts over.
func lock(path string) (unlock func(), err error) {
	for {
		f, err := lockedfile.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		held, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(held, there) {
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

// newMode leaves the bits of a new file to the process's umask.
const newMode = 0o666

// read returns the content, never nil for a file that exists, and the mode that
// the next content is to have.
func read(path string) ([]byte, fs.FileMode, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, newMode, nil
	case err != nil:
		return nil, 0, err
	case !info.Mode().IsRegular():
		return nil, 0, errors.New("it is not a regular file")
	case info.Mode().Perm()&0o222 == 0:
		return nil, 0, fs.ErrPermission // renaming would walk past the protection
	}
	data, err := os.ReadFile(path)
	if data == nil {
		data = []byte{}
	}
	return data, info.Mode().Perm(), err
}

// replace writes data beside path, makes sure that it is on the disk, and
// renames it over path.
func replace(path string, data []byte, mode fs.FileMode) (err error) {
	f, err := beside(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if err := fill(f, data, mode); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

func fill(f *os.File, data []byte, mode fs.FileMode) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	if mode != newMode {
		if err := f.Chmod(mode); err != nil {
			return err
		}
	}
	return f.Sync()
}

// beside makes a new file in the folder of path. Whoever holds the lock of path
// is the only one to make it, so one that is there was left behind by a crash.
func beside(path string) (*os.File, error) {
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := os.OpenFile(name, flags, newMode)
	if !errors.Is(err, fs.ErrExist) {
		return f, err
	}
	if err := os.Remove(name); err != nil {
		return nil, err
	}
	return os.OpenFile(name, flags, newMode)
}

// syncFolder makes the rename last through a power cut. Not every system can
// sync a folder; the rename holds for all running programs either way.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// plain strips the operation and the path from an error whose file is named
// anyway.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	var le *os.LinkError
	if errors.As(err, &le) {
		return le.Err
	}
	return err
}
