package review

import (
	"testing"

	"pgregory.net/rapid"
)

// As many are listed as there may be, and none is left out whose rank is lower than that of one
// that is listed, or is the same and comes sooner.
func TestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ranks := rapid.SliceOf(rapid.IntRange(0, 3)).Draw(t, "ranks")
		most := rapid.IntRange(1, 10).Draw(t, "most")
		listed := first(len(ranks), most, func(i int) int { return ranks[i] })
		n := 0
		for i, is := range listed {
			if is {
				n++
				continue
			}
			for k, other := range listed {
				if other && (ranks[k] > ranks[i] || ranks[k] == ranks[i] && k > i) {
					t.Fatalf("%v: %d is listed and %d isn't", ranks, k, i)
				}
			}
		}
		if n != min(most, len(ranks)) {
			t.Fatalf("%d of %d listed, at most %d", n, len(ranks), most)
		}
	})
}
