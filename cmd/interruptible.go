package cmd

import (
	"context"
	"fmt"
	"runtime/debug"
)

// interruptible returns what work returns, or the error of the context when that is done first.
// Work that is given up goes on until the program ends, so it writes nothing and says nothing.
func interruptible[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		value  T
		err    error
		failed any // what it panicked with
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if r := recover(); r != nil {
				o.failed = fmt.Sprintf("%v\n%s", r, debug.Stack())
			}
			done <- o
		}()
		o.value, o.err = work()
	}()
	select {
	case o := <-done:
		if o.failed != nil {
			panic(o.failed)
		}
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
