package parallel

import (
	"slices"
	"sync/atomic"
	"testing"
)

func TestInOrder(t *testing.T) {
	for _, workers := range []int{1, 3, 100} {
		for _, n := range []int{0, 1, 7, 1000} {
			var taken []int
			var working atomic.Int32 // those whose result isn't taken yet
			InOrder(workers, n, func(i int) int {
				if now := int(working.Add(1)); now > max(workers, 1) {
					t.Errorf("%d workers: %d results wait", workers, now)
				}
				return i * i
			}, func(x int) {
				taken = append(taken, x)
				working.Add(-1)
			})
			for i, x := range taken {
				if x != i*i {
					t.Fatalf("%d workers: %d is %d", workers, i, x)
				}
			}
			if len(taken) != n {
				t.Errorf("%d workers: %d of %d taken", workers, len(taken), n)
			}
		}
	}
}

// A panic reaches whoever called, and nobody waits for the turn of what panicked.
func TestInOrderPanics(t *testing.T) {
	for _, where := range []string{"work", "take"} {
		func() {
			var taken []int
			defer func() {
				if r := recover(); r != where {
					t.Errorf("%s: recovered %v", where, r)
				}
				if !slices.IsSorted(taken) {
					t.Errorf("%s: taken out of order: %v", where, taken)
				}
			}()
			InOrder(4, 100, func(i int) int {
				if where == "work" && i == 7 {
					panic(where)
				}
				return i
			}, func(i int) {
				if where == "take" && i == 7 {
					panic(where)
				}
				taken = append(taken, i)
			})
		}()
	}
}
