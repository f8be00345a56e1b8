// Package parallel works on several things at a time.
package parallel

import (
	"sync"
	"sync/atomic"
)

// Each calls do(0) to do(n-1) from the given number of goroutines, at least one,
// starting them in order, until one returns false. It returns when all that were
// started have ended, and reports whether none returned false. When one panics,
// Each does, with the same value, once all have ended.
func Each(workers, n int, do func(int) bool) bool {
	var next atomic.Int64
	var failed atomic.Bool
	var panicked atomic.Pointer[any]
	work := func() {
		defer func() {
			if r := recover(); r != nil {
				failed.Store(true)
				panicked.CompareAndSwap(nil, &r)
			}
		}()
		for i := int(next.Add(1)) - 1; i < n && !failed.Load(); i = int(next.Add(1)) - 1 {
			if !do(i) {
				failed.Store(true)
			}
		}
	}
	var wg sync.WaitGroup
	for range min(workers, n) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	if r := panicked.Load(); r != nil {
		panic(*r)
	}
	return !failed.Load()
}
