package parallel

import "sync"

// A Spare keeps what one goroutine is done with for the next that needs one. Unlike a
// sync.Pool it goes as soon as nobody holds it. The zero Spare is empty.
type Spare[T any] struct {
	lock sync.Mutex
	list []T
}

// Take returns one that was given, and false when there is none.
func (s *Spare[T]) Take() (x T, ok bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if n := len(s.list); n > 0 {
		x, s.list = s.list[n-1], s.list[:n-1]
		return x, true
	}
	return x, false
}

// Give keeps one for the next.
func (s *Spare[T]) Give(x T) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.list = append(s.list, x)
}
