// Package disk writes files whole: a reader sees the old content or the new,
// never a part, whatever happens to the process or the disk meanwhile.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Change turns the content of a file into its new content. Old is nil when
// there is no file. An error leaves the file as it is.
type Change func(old []byte) ([]byte, error)

// A Disk is what files are written with. The zero Disk waits for locks in silence and
// without end.
type Disk struct {
	Context context.Context   // ends the wait for a lock that another process holds; nil never does
	Waiting func(path string) // told once when a lock has been held for a second; nil tells nobody
}

// Update reads the file at path, has it changed and puts the new content in its
// place. Of several updates of one file, from this process or from others, one
// works at a time and none is lost. Mode bits and owner are kept, and a file that
// did not exist is made, though not its folder. A link is followed unless it leads out
// of its repository. When the content does not change nothing is written. Until the last
// step, which cannot be done by half, the old file is untouched.
func (d Disk) Update(path string, change Change) error {
	path, err := follow(path)
	if err != nil {
		return err
	}
	unlock, err := d.lock(lockOf(path))
	if err != nil {
		return fmt.Errorf("%s: %w", path, plain(err))
	}
	defer unlock()

	old, info, err := read(path)
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
	if err := replace(path, data, info); err != nil {
		return fmt.Errorf("write %s: %w", path, plain(err))
	}
	return nil
}

// Write puts data in the place of the file at path, as Update does.
func (d Disk) Write(path string, data []byte) error {
	return d.Update(path, func([]byte) ([]byte, error) { return data, nil })
}

// follow returns the file that path leads to: a link to nothing yet leads to the file
// that it names. A link out of the repository that it lies in is an error: whoever
// brought it could write anywhere.
func follow(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		if real, err = followToNothing(path); err == nil && real == path {
			return path, nil
		}
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, plain(err))
	}
	if top := Top(filepath.Dir(path)); top != "" {
		if top, err = filepath.EvalSymlinks(top); err != nil {
			return "", fmt.Errorf("%s: %w", path, plain(err))
		}
		if rel, err := filepath.Rel(top, real); err != nil || !filepath.IsLocal(rel) {
			return "", fmt.Errorf("%s: it's a link that leads out of the repository, where nothing is written", path)
		}
	}
	return real, nil
}

// followToNothing returns the file that a link names which isn't there yet, or path
// itself when that is no link.
func followToNothing(path string) (string, error) {
	target, err := os.Readlink(path)
	if err != nil {
		if _, lerr := os.Lstat(path); errors.Is(lerr, fs.ErrNotExist) {
			return path, nil
		}
		return "", err
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(path), target)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(target))
	return filepath.Join(dir, filepath.Base(target)), err
}

// newMode leaves the bits of a new file to the process's umask.
const newMode = 0o666

// read returns the content, never nil for a file that exists, and what the file is;
// both are nil when there is none. What may not be written, and what has other names
// that would keep the old content, is an error.
func read(path string) ([]byte, fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	case !info.Mode().IsRegular():
		return nil, nil, notRegular(info)
	case info.Mode().Perm()&0o222 == 0:
		return nil, nil, fs.ErrPermission // renaming would walk past the protection
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if n := names(info); n > 1 {
		return nil, nil, fmt.Errorf("it has %d names (hard links), and replacing it would leave the others with the old text", n)
	}
	data, err := ReadAtMost(f)
	if data == nil {
		data = []byte{}
	}
	return data, info, err
}

// replace writes data beside path, makes sure that it is on the disk, and
// renames it over path.
func replace(path string, data []byte, old fs.FileInfo) (err error) {
	f, err := beside(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if err := fill(f, data, old); err != nil {
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

// fill writes data into a new file, which is to belong to whom the old one belongs
// and to have its mode bits.
func fill(f *os.File, data []byte, old fs.FileInfo) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	if old != nil {
		if err := keepOwner(f, old); err != nil {
			return fmt.Errorf("the file belongs to somebody else, and that can't be kept: %w", plain(err))
		}
		if err := f.Chmod(old.Mode().Perm()); err != nil {
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
		return nil, fmt.Errorf("%s is in the way: %w", name, plain(err))
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
