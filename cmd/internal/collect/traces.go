package collect

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"waitornot/cmd/internal/disk"
	"waitornot/decide/evidence/trace"
)

// KindTraces is the kind of sources that are traces.
const KindTraces = "traces"

// recognizeBy is how much of a file is looked at to know what it is.
const recognizeBy = 64 << 10

// Traces are the sources that are traces. They are read as streams, since they may be
// larger than memory.
type Traces struct {
	Dir, Kind string // as a Collector's
	Stdin     io.Reader

	files []traceFile
	store *trace.Store
	temp  *os.File
	total int64 // bytes of the files, packed as they are
	read  atomic.Int64
	also  []string // the names of sources that are no files
}

type traceFile struct {
	name, path string // no path for standard input
}

// Sort picks the arguments that are traces, and returns the others: those that are
// none, and folders, which may hold both.
func (t *Traces) Sort(ctx context.Context, args []string) (rest []string, err error) {
	for _, arg := range args {
		if arg == "-" {
			in := bufio.NewReaderSize(t.Stdin, recognizeBy)
			t.Stdin = in
			if t.Kind == KindTraces || t.Kind == "" && recognizeStdin(ctx, in) {
				t.files = append(t.files, traceFile{name: StdinName})
			} else {
				rest = append(rest, arg)
			}
			continue
		}
		path := arg
		if !filepath.IsAbs(path) {
			path = filepath.Join(t.Dir, path)
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", arg, disk.Plain(err))
		}
		switch {
		case info.IsDir():
			rest = append(rest, arg)
			err = t.folder(ctx, arg, path)
		case t.Kind == KindTraces || t.Kind == "" && info.Mode().IsRegular() && recognizeFile(path):
			t.add(filepath.ToSlash(arg), path, info.Size())
		default:
			rest = append(rest, arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return rest, nil
}

func (t *Traces) add(name, path string, size int64) {
	if !slices.ContainsFunc(t.files, func(f traceFile) bool { return f.path == path }) {
		t.files = append(t.files, traceFile{name, path})
		t.total += size
	}
}

// folder picks the files of a folder that are traces.
func (t *Traces) folder(ctx context.Context, arg, root string) error {
	if t.Kind != "" && t.Kind != KindTraces {
		return nil
	}
	root = followed(root)
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil: // who reads the folder for other sources says so
			return nil
		case d.IsDir() && path != root && skipped(d.Name()):
			return filepath.SkipDir
		case !d.Type().IsRegular() || !traceName(d.Name()):
			return nil
		}
		info, err := d.Info()
		if err != nil || t.Kind == "" && !recognizeFile(path) {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		t.add(filepath.ToSlash(filepath.Join(arg, rel)), path, info.Size())
		return nil
	})
}

func traceName(name string) bool {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	return slices.Contains([]string{".json", ".jsonl", ".ndjson", ".pb", ".binpb", ".otlp"}, filepath.Ext(name))
}

// recognizeStdin looks at what standard input begins with. It returns when the context
// is done, whether or not something came.
func recognizeStdin(ctx context.Context, in *bufio.Reader) bool {
	found := make(chan bool, 1)
	go func() {
		head, _ := in.Peek(recognizeBy) // an error comes again when it is read
		found <- recognize(bytesReader(head))
	}()
	select {
	case is := <-found:
		return is
	case <-ctx.Done():
		return false
	}
}

func bytesReader(b []byte) io.Reader { return strings.NewReader(string(b)) }

func recognizeFile(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return recognize(f)
}

func recognize(r io.Reader) bool {
	plain, done, err := trace.Decompress(r)
	if err != nil {
		return false
	}
	defer done()
	head := make([]byte, recognizeBy)
	n, _ := io.ReadFull(plain, head)
	return trace.Recognize(head[:n])
}

// Empty reports whether no source is traces.
func (t *Traces) Empty() bool { return len(t.files) == 0 }

// Took reports whether a file is read as traces.
func (t *Traces) Took(path string) bool {
	return slices.ContainsFunc(t.files, func(f traceFile) bool { return f.path == path })
}

// Names returns the names of the sources, in order.
func (t *Traces) Names() []string {
	var list []string
	for _, f := range t.files {
		list = append(list, f.name)
	}
	return append(list, t.also...)
}

// Also names a source that is no file.
func (t *Traces) Also(name string) { t.also = append(t.also, name) }

// Progress returns how many bytes of how many were read, packed as they are, and how
// many spans. The total is 0 when it isn't known.
func (t *Traces) Progress() (read, total, spans int64) {
	return t.read.Load(), t.total, t.store.Spans()
}

// Prepare makes ready for reading; Progress may be called from then on. Who calls it
// calls Close in the end.
func (t *Traces) Prepare() {
	t.store = trace.NewStore(trace.Options{Workers: runtime.GOMAXPROCS(0), Spill: t.spill})
}

// spill opens the file for spans that memory has no room for.
func (t *Traces) spill() (trace.SpillFile, error) {
	f, err := os.CreateTemp("", "waitornot-spans-*")
	if err != nil {
		return nil, err
	}
	t.temp = f
	_ = os.Remove(f.Name()) // where an open file can't be removed, Close does it
	return f, nil
}

// Close removes the temporary file.
func (t *Traces) Close() {
	if t.temp != nil {
		_ = t.temp.Close()
		_ = os.Remove(t.temp.Name())
	}
}

// Read reads all sources that are files. An error names the source.
func (t *Traces) Read(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- t.readAll(ctx) }() // a pipe that nobody writes to must not hold up an interrupt
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *Traces) readAll(ctx context.Context) error {
	for _, f := range t.files {
		if err := t.readOne(ctx, f); err != nil {
			return fmt.Errorf("%s: %w", f.name, disk.Plain(err))
		}
	}
	return nil
}

// Add reads a stream as one more source.
func (t *Traces) Add(ctx context.Context, name string, r io.Reader) error {
	return t.store.Read(ctx, name, counted{r, &t.read})
}

// Intake takes exports as a server receives them, under the name of a source.
func (t *Traces) Intake(name string) *trace.Intake { return t.store.Intake(name) }

// Result joins all spans.
func (t *Traces) Result(ctx context.Context) (*trace.Result, error) { return t.store.Result(ctx) }

func (t *Traces) readOne(ctx context.Context, f traceFile) error {
	in := t.Stdin
	if f.path != "" {
		file, err := os.Open(f.path)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	unpacked, done, err := trace.Decompress(counted{in, &t.read})
	if err != nil {
		return err
	}
	defer done()
	err = t.store.Read(ctx, f.name, unpacked)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too early: it was compressed or copied only partly")
	}
	return err
}

// A counted stream says how much was read of it.
type counted struct {
	r io.Reader
	n *atomic.Int64
}

// Read reads from the stream and counts the bytes.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
