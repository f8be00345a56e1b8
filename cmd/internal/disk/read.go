package disk

import (
	"bytes"
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

// ErrTooLarge says that something is larger than MaxBytes.
var ErrTooLarge = fmt.Errorf("it's larger than %d MiB, which is the limit", MaxBytes>>20)

// errOutside says that a path of a repository leads out of it.
var errOutside = errors.New("it leads out of the repository, and nothing is read there")

// ReadFound reads a file that was not named by a person: that a folder, a
// configuration or a record led to. It must be a regular file inside root, links
// included, and of at most MaxBytes; nothing of any other is read. The error does
// not name the file.
func ReadFound(root, path string) ([]byte, error) {
	f, info, err := openFound(root, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sized(f, info)
}

// openFound opens what ReadFound reads.
func openFound(root, path string) (*os.File, fs.FileInfo, error) {
	rel, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return nil, nil, errOutside
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, nil, Plain(err)
	}
	defer r.Close()
	// Without waiting, since opening a pipe would wait for somebody to write to it.
	f, err := r.OpenFile(rel, os.O_RDONLY|withoutWaiting, 0)
	if err != nil {
		return nil, nil, outside(err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		f.Close()
		return nil, nil, Plain(err)
	case !info.Mode().IsRegular():
		f.Close()
		return nil, nil, notRegular(info)
	}
	return f, info, nil
}

// PartFound fills a buffer with what a file that ReadFound has read holds from an offset. It
// fails where that is less.
func PartFound(root, path string, into []byte, from int) error {
	f, _, err := openFound(root, path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.ReadAt(into, int64(from))
	return Plain(err)
}

// PartNamed is PartFound for what ReadNamed has read. Of anything but a regular file there
// are no parts.
func PartNamed(path string, into []byte, from int) error {
	info, err := os.Stat(path)
	if err != nil {
		return Plain(err)
	}
	if !info.Mode().IsRegular() {
		return notAFile(info)
	}
	f, err := os.OpenFile(path, os.O_RDONLY|withoutWaiting, 0)
	if err != nil {
		return Plain(err)
	}
	defer f.Close()
	_, err = f.ReadAt(into, int64(from))
	return Plain(err)
}

// ReadNamed reads what a person named, which may be anything: a pipe or a device as
// well. It ends with the context, and when more than MaxBytes come. The error does not
// name the file.
func ReadNamed(ctx context.Context, path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() {
		f, err := os.Open(path)
		if err != nil {
			return nil, Plain(err)
		}
		defer f.Close()
		return sized(f, info)
	}
	return Interruptible(ctx, func() ([]byte, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, Plain(err)
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

// sized is atMost for a file whose size is known: it is read into as much room as it
// takes, unless it has grown since.
func sized(f *os.File, info fs.FileInfo) ([]byte, error) {
	if info.Size() > MaxBytes {
		return atMost(f)
	}
	data := make([]byte, info.Size()+1) // one more tells whether there is more
	n, err := io.ReadFull(f, data)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return data[:n:n], nil
	}
	if err != nil {
		return nil, Plain(err)
	}
	return atMost(io.MultiReader(bytes.NewReader(data), f))
}

func atMost(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err == nil && len(data) > MaxBytes {
		return nil, ErrTooLarge
	}
	return data, Plain(err)
}

// notRegular says what something is that is no file, to whom the command line may name it.
func notRegular(info fs.FileInfo) error {
	if info.IsDir() {
		return notAFile(info)
	}
	return fmt.Errorf("%w; only the command line may name anything else", notAFile(info))
}

// notAFile says what something is that is no file.
func notAFile(info fs.FileInfo) error {
	if info.IsDir() {
		return errors.New("it's a folder, not a file")
	}
	return errors.New("it isn't a regular file")
}

// outside says in our words that a link leads out of a root.
func outside(err error) error {
	if strings.Contains(err.Error(), "escapes from parent") {
		return errOutside
	}
	return Plain(err)
}

// Top returns the top of the work tree that a folder lies in, whether the folder is
// there or not; outside of any, "". A work tree that is reached through a link of another is no
// part of it: what lies there belongs to the one that has the link, and leads out of it. The
// folder is given as an absolute path.
func Top(dir string) string {
	var t Tops
	return t.Of(dir)
}

// Tops is Top for many folders: what lies above several of them is looked at once. It
// must not be used by several goroutines at a time, nor longer than a work tree stays
// where it is. The zero Tops is ready.
type Tops struct {
	known map[string]tree
}

// A tree is the work tree of a folder.
type tree struct {
	top    string // "" for none
	linked bool   // a link leads from its top to the folder
}

// Of returns what Top does.
func (t *Tops) Of(dir string) string { return t.tree(dir).top }

func (t *Tops) tree(dir string) tree {
	found, known := t.known[dir]
	if known {
		return found
	}
	if up := filepath.Dir(dir); up != dir {
		found = t.tree(up)
	}
	if found.top != "" && !found.linked {
		info, err := os.Lstat(dir)
		found.linked = err == nil && info.Mode()&fs.ModeSymlink != 0
	}
	if !found.linked {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			found.top = dir
		}
	}
	if t.known == nil {
		t.known = map[string]tree{}
	}
	t.known[dir] = found
	return found
}
