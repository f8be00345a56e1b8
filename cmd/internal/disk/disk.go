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
	Context context.Context          // ends the wait for a lock that another process holds; nil never does
	Waiting func(path string)        // told once when a lock has been held for a second; nil tells nobody
	Show    func(path string) string // how errors name a path; nil names it as it's given
}

// Update reads the file at path, has it changed and puts the new content in its
// place. Of several updates of one file, from this process or from others, one
// works at a time and none is lost. Mode bits and owner are kept, and a file that
// did not exist is made, though not its folder. A link is followed unless it leads out
// of its repository. When the content does not change nothing is written. Until the last
// step, which cannot be done by half, the old file is untouched.
func (d Disk) Update(path string, change Change) error {
	name := d.shown(path)
	path, err := d.follow(path)
	if err != nil {
		return err
	}
	unlock, err := d.lock(lockOf(path))
	if err != nil {
		return fmt.Errorf("%s: %w", name, Plain(err))
	}
	defer unlock()

	old, info, err := read(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, Plain(err))
	}
	data, err := change(old)
	if err != nil {
		return err
	}
	if old != nil && string(old) == string(data) {
		return nil
	}
	if err := replace(path, data, info); err != nil {
		return fmt.Errorf("write %s: %w", name, Plain(err))
	}
	return nil
}

// Replaceable returns an error when something is at path that Update can't replace, because it is
// no file. Not to read a device first spares the wait for its end.
func Replaceable(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return notAFile(info)
	}
	return nil
}

// Write puts data in the place of the file at path, as Update does.
func (d Disk) Write(path string, data []byte) error {
	return d.Update(path, func([]byte) ([]byte, error) { return data, nil })
}

// Output puts data in the place of the file at path, as Update does. What is no file, as a
// pipe or a device that a person names, is given the data as it is. A link of a repository
// that leads out to one is an error.
func (d Disk) Output(path string, data []byte) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().IsRegular() || info.IsDir() {
		return d.Write(path, data)
	}
	if at, err := filepath.Abs(path); err == nil && Top(filepath.Dir(at)) != "" {
		if _, err := d.follow(path); err != nil {
			return err
		}
	}
	if err := d.pour(path, data); err != nil {
		return fmt.Errorf("write %s: %w", d.shown(path), Plain(err))
	}
	return nil
}

// pour writes data into what is no file. It ends with the context: a pipe takes nothing until
// somebody reads from it.
func (d Disk) pour(path string, data []byte) error {
	ctx := d.Context
	if ctx == nil {
		ctx = context.Background()
	}
	_, err := Interruptible(ctx, func() ([]byte, error) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		_, err = f.Write(data)
		return nil, errors.Join(err, f.Close())
	})
	return err
}

// follow returns the file that path leads to, whose folder is there: a link to nothing yet leads
// to the file that it names. A link out of the repository that it lies in, be it the file or a
// folder above it, is an error: whoever brought it could write anywhere.
func (d Disk) follow(path string) (string, error) {
	at, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(at)
	if errors.Is(err, fs.ErrNotExist) {
		real, err = followToNothing(at)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", d.shown(path), Plain(err))
	}
	if top := Top(filepath.Dir(at)); top != "" {
		if top, err = filepath.EvalSymlinks(top); err != nil {
			return "", fmt.Errorf("%s: %w", d.shown(path), Plain(err))
		}
		if rel, err := filepath.Rel(top, real); err != nil || !filepath.IsLocal(rel) {
			return "", fmt.Errorf("%s: it's a link that leads out of the repository, and nothing is written there", d.shown(path))
		}
	}
	return real, nil
}

// followToNothing returns the file that will be there when path is written: what path names, or
// what a link at path does.
func followToNothing(path string) (string, error) {
	target, err := os.Readlink(path)
	switch {
	case err != nil:
		if _, lerr := os.Lstat(path); !errors.Is(lerr, fs.ErrNotExist) {
			return "", err
		}
		target = path
	case !filepath.IsAbs(target):
		target = filepath.Join(filepath.Dir(path), target)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(target))
	return filepath.Join(dir, filepath.Base(target)), err
}

// shown returns a path as errors name it.
func (d Disk) shown(path string) string {
	if d.Show == nil {
		return path
	}
	return d.Show(path)
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
		return nil, nil, notAFile(info)
	case info.Mode().Perm()&0o222 == 0:
		return nil, nil, fs.ErrPermission // renaming would walk past the protection
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if n := names(info); n > 1 {
		return nil, nil, fmt.Errorf("it has %d names (hard links), and replacing it would leave the others with the old content", n)
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
			return fmt.Errorf("the file belongs to another user, and its ownership can't be kept: %w", Plain(err))
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
		return nil, fmt.Errorf("%s is in the way: %w", name, Plain(err))
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

// Plain strips the operation and the path from an error whose file is named
// anyway.
func Plain(err error) error {
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
