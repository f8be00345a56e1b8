package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MaxBytes is the largest file that is read into memory: 64 MiB.
const MaxBytes = 64 << 20

// errOutside says that a path of a repository leads out of it.
var errOutside = errors.New("it leads out of the repository, where nothing is read")

// ReadFound reads a file that was not named by a person: that a folder, a
// configuration or a record led to. It must be a regular file inside root, links
// included, and of at most MaxBytes; nothing of any other is read. The error does
// not name the file.
func ReadFound(root, path string) ([]byte, error) {
	rel, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return nil, errOutside
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, plain(err)
	}
	defer r.Close()
	// Without waiting, since opening a pipe would wait for somebody to write to it.
	f, err := r.OpenFile(rel, os.O_RDONLY|withoutWaiting, 0)
	if err != nil {
		return nil, outside(err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, plain(err)
	case !info.Mode().IsRegular():
		return nil, notRegular(info)
	}
	return atMost(f)
}

// ReadNamed reads what a person named, which may be anything: a pipe or a device as
// well. It ends with the context, and when more than MaxBytes come. The error does not
// name the file.
func ReadNamed(ctx context.Context, path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() {
		f, err := os.Open(path)
		if err != nil {
			return nil, plain(err)
		}
		defer f.Close()
		return atMost(f)
	}
	return Interruptible(ctx, func() ([]byte, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, plain(err)
		}
		defer f.Close()
		return atMost(f)
	})
}

// Interruptible returns what read returns, or the error of the context when that is
// done first: a pipe that nobody writes to must not hold up an interrupt.
func Interruptible(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type outcome struct {
		data []byte
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		data, err := read()
		done <- outcome{data, err}
	}()
	select {
	case o := <-done:
		return o.data, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ReadAtMost reads to the end, or refuses what is longer than MaxBytes after reading
// one byte more.
func ReadAtMost(r io.Reader) ([]byte, error) { return atMost(r) }

func atMost(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err == nil && len(data) > MaxBytes {
		return nil, fmt.Errorf("it is larger than %d MiB, the most that is read", MaxBytes>>20)
	}
	return data, plain(err)
}

// notRegular says what something is that is no file.
func notRegular(info fs.FileInfo) error {
	if info.IsDir() {
		return errors.New("it is a folder, not a file")
	}
	return errors.New("it is not a regular file, and only the command line may name anything else")
}

// outside says in our words that a link leads out of a root.
func outside(err error) error {
	if strings.Contains(err.Error(), "escapes from parent") {
		return errOutside
	}
	return plain(err)
}

// Top returns the top of the work tree that a folder lies in, whether the folder is
// there or not; outside of any, "".
func Top(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			return ""
		}
	}
}
