package trace

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
)

// blockSize is how much of a file of lines one goroutine takes at a time.
const blockSize = 1 << 20

// longestLine is how long one line may be. A file whose first line is longer is
// read as one text, of any length.
const longestLine = 32 << 20

// Read takes all spans from a source: JSON of OTLP, Jaeger or Zipkin, one text
// or one a line, or protobuf of OTLP. The name stands in faults. An error is the
// stream's or the spill file's: what can't be understood is a fault in the report.
func (s *Store) Read(ctx context.Context, name string, r io.Reader) error {
	s.mu.Lock()
	s.sources = append(s.sources, name)
	s.mu.Unlock()
	in := bufio.NewReaderSize(cancelable{ctx, r}, blockSize)
	head, err := in.Peek(blockSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil
	}
	if looksBinary(head) {
		return s.readBinary(ctx, name, in, head[0] == 0)
	}
	if byLine(head) {
		return s.readLines(ctx, name, in, 1, false)
	}
	return s.readTexts(ctx, name, in)
}

// A cancelable stream ends when its context does.
type cancelable struct {
	ctx context.Context
	r   io.Reader
}

// Read reads, unless the context is done: then it returns the context's error.
func (c cancelable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// byLine reports whether a file holds one text a line: its first line is a whole
// text, or none at all.
func byLine(head []byte) bool {
	first, _, more := bytes.Cut(bytes.TrimLeft(head, " \t\r\n"), newline)
	if !more {
		return false
	}
	if first[0] != '{' && first[0] != '[' {
		return true
	}
	var scan scanner
	scan.over(first)
	scan.skip()
	return scan.err == nil && scan.peek() == 0
}

// readLines reads a file of lines, in as many goroutines as there may be. Behind
// a fault, a line counts only if it begins as a text of spans does.
func (s *Store) readLines(ctx context.Context, name string, in *bufio.Reader, line int, behindFault bool) error {
	c := cutter{store: s, name: name, in: in, line: line}
	var group sync.WaitGroup
	for range s.options.Workers {
		group.Go(func() {
			w := s.writer(name)
			w.picky = behindFault
			var text []byte
			for {
				var first int
				if text, first = c.next(ctx, text[:0]); len(text) == 0 {
					break
				}
				w.lines(text, first)
			}
			w.close()
		})
	}
	group.Wait()
	if c.err != nil {
		return c.err
	}
	return s.broken(ctx)
}

// A cutter cuts a stream into blocks of whole lines, for several goroutines: each
// takes the next one by itself, so that none waits to be woken.
type cutter struct {
	store *Store
	name  string

	mu    sync.Mutex
	in    *bufio.Reader
	rest  []byte // the begin of the next block
	line  int    // of rest, from 1
	ended bool
	err   error
}

// next appends a block to text, and returns it with the number of its first line;
// nothing at the end.
func (c *cutter) next(ctx context.Context, text []byte) ([]byte, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.ended && c.err == nil {
		text = append(text[:0], c.rest...)
		if text, c.ended, c.err = more(c.in, text); c.err != nil {
			break
		}
		end := bytes.LastIndexByte(text, '\n') + 1
		if c.ended {
			end = len(text)
		}
		c.rest = append(c.rest[:0], text[end:]...)
		first := c.line
		c.line += bytes.Count(text[:end], newline)
		if len(c.rest) > longestLine {
			c.store.fault(Fault{c.name, c.line, "the line is longer than 32 MiB"})
			c.err = dropLine(c.in)
			c.rest = append(c.rest[:0], '\n')
		}
		if c.err == nil {
			c.err = c.store.broken(ctx)
		}
		if end > 0 && c.err == nil {
			return text[:end], first
		}
	}
	return nil, 0
}

// more appends about a block to text.
func more(in *bufio.Reader, text []byte) (all []byte, ended bool, err error) {
	n := len(text)
	if cap(text)-n < blockSize {
		larger := make([]byte, n, max(2*n, n+blockSize))
		copy(larger, text)
		text = larger
	}
	got, err := io.ReadFull(in, text[n:n+blockSize])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return text[:n+got], true, nil
	}
	return text[:n+got], false, err
}

// dropLine reads up to the end of a line.
func dropLine(in *bufio.Reader) error {
	for {
		_, err := in.ReadSlice('\n')
		if err == nil || errors.Is(err, io.EOF) {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// lines reads lines, each a text of its own. The first has the given number.
func (w *writer) lines(block []byte, line int) {
	for text := range bytes.Lines(block) {
		if text = bytes.TrimSpace(text); len(text) > 0 && (!w.picky || beginsBody(text)) {
			w.oneLine(text, line)
		}
		line++
	}
}

// beginsBody reports whether a line begins as a text of spans does.
func beginsBody(line []byte) bool {
	return bytes.HasPrefix(line, []byte(`{"resourceSpans"`)) || bytes.HasPrefix(line, []byte(`{"data"`))
}

// oneLine reads one line.
func (w *writer) oneLine(text []byte, line int) {
	s := &w.scan
	s.over(text)
	w.body()
	if s.err == nil && s.peek() != 0 {
		s.unexpected(s.peek(), "the end of the line")
	}
	if s.err != nil {
		w.lost(line)
	}
}

// lost reports that a piece could not be read to its end. Spans that wait for
// their resource are lost with it.
func (w *writer) lost(line int) {
	w.waiting, w.early = w.waiting[:0], false
	w.store.fault(Fault{w.source, line, w.scan.err.Error()})
}

// readTexts reads a stream of texts of any length, one after the other. Behind a
// fault it goes on with lines that are whole texts.
func (s *Store) readTexts(ctx context.Context, name string, in *bufio.Reader) error {
	w := s.writer(name)
	w.scan.r = in
	for w.scan.err == nil && w.scan.peek() != 0 {
		w.body()
	}
	w.close()
	var failure readError
	if errors.As(w.scan.err, &failure) {
		return failure.error
	}
	if err := s.broken(ctx); err != nil || w.scan.err == nil {
		return err
	}
	line := w.scan.failedAt
	w.lost(line)
	rest := bytes.NewReader(w.scan.rest)
	return s.readLines(ctx, name, bufio.NewReaderSize(io.MultiReader(rest, in), blockSize), line, true)
}
