package trace

import (
	"errors"
	"fmt"
	"sync"
)

// An Intake takes exports one by one, as a server receives them. It is safe for
// several goroutines.
type Intake struct {
	mu sync.Mutex
	w  *writer
}

// Intake returns one that takes exports for the store under the name of a source.
// It is closed before the store's result is made.
func (s *Store) Intake(name string) *Intake {
	s.mu.Lock()
	s.sources = append(s.sources, name)
	s.mu.Unlock()
	return &Intake{w: s.writer(name)}
}

// ErrExport is in the error of an export that can't be understood. What stands in
// front of the fault was taken.
var ErrExport = errors.New("not OTLP")

// Take reads one export, as JSON or as protobuf.
func (i *Intake) Take(export []byte, protobuf bool) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	w := i.w
	if protobuf {
		w.binaryExport(export)
	} else {
		w.scan.over(export)
		w.body()
		if w.scan.err == nil && w.scan.peek() != 0 {
			w.scan.unexpected(w.scan.peek(), "the end")
		}
	}
	if err := w.scan.err; err != nil {
		w.waiting, w.early = w.waiting[:0], false
		return fmt.Errorf("%w: %w", ErrExport, err)
	}
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	return w.store.failed
}

// Close hands over all spans.
func (i *Intake) Close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.w.close()
}
