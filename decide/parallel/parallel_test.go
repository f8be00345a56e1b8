package parallel

import (
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	for _, workers := range []int{-1, 0, 1, 3, 100} {
		for _, n := range []int{0, 1, 7} {
			seen := make([]atomic.Int32, n)
			if !Each(workers, n, func(i int) bool { return seen[i].Add(1) == 1 }) {
				t.Errorf("%d workers, %d things: some was done twice", workers, n)
			}
			for i := range seen {
				if seen[i].Load() != 1 {
					t.Errorf("%d workers: %d of %d was not done", workers, i, n)
				}
			}
		}
	}
}

// What was not started when one thing fails is left out.
func TestEachStops(t *testing.T) {
	var done atomic.Int32
	if Each(2, 1000, func(i int) bool { done.Add(1); return i != 3 }) {
		t.Error("a failure is not reported")
	}
	if done.Load() == 1000 {
		t.Error("a failure stops nothing")
	}
	last := -1
	if Each(1, 5, func(i int) bool { last = i; return i != 2 }) || last != 2 {
		t.Errorf("one goroutine stopped after %d", last)
	}
}

// A panic reaches whoever called, who can say something about it, and not the runtime,
// which would end the program.
func TestEachPanics(t *testing.T) {
	for _, workers := range []int{1, 4} {
		func() {
			defer func() {
				if r := recover(); r != "seven" {
					t.Errorf("%d workers: recovered %v", workers, r)
				}
			}()
			Each(workers, 100, func(i int) bool {
				if i == 7 {
					panic("seven")
				}
				return true
			})
			t.Errorf("%d workers: no panic", workers)
		}()
	}
}
