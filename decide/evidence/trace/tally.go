package trace

import (
	"math/bits"
	"slices"
	"time"
)

// exactUpTo is how many values a tally keeps one by one.
const exactUpTo = 1 << 15

// A tally collects durations and gives their quantiles: exact ones of up to
// 32,768 values, beyond that within 0.4 %. The order of values does not matter.
type tally struct {
	count  int64
	exact  []int64 // while counts is nil
	counts []int64 // by bucket
}

func (t *tally) add(v int64) {
	t.count++
	v = max(v, 0)
	if t.counts == nil {
		t.exact = append(t.exact, v)
		if len(t.exact) > exactUpTo {
			t.fold()
		}
		return
	}
	t.put(v, 1)
}

// fold gives up single values for buckets.
func (t *tally) fold() {
	for _, v := range t.exact {
		t.put(v, 1)
	}
	t.exact = nil
}

func (t *tally) put(v, n int64) {
	i := bucket(v)
	if i >= len(t.counts) {
		t.counts = append(t.counts, make([]int64, i+1-len(t.counts))...)
	}
	t.counts[i] += n
}

// merge adds the values of another tally, which it may take over.
func (t *tally) merge(o *tally) {
	t.count += o.count
	if t.counts == nil && o.counts == nil {
		t.exact = append(t.exact, o.exact...)
		if len(t.exact) > exactUpTo {
			t.fold()
		}
		return
	}
	t.fold()
	o.fold()
	for i, n := range o.counts {
		if n > 0 {
			t.put(middle(i), n)
		}
	}
}

// quantile returns the smallest value that at least the given share of all
// values does not exceed; 0 without values.
func (t *tally) quantile(share float64) time.Duration {
	if t.count == 0 {
		return 0
	}
	rank := max(int64(share*float64(t.count)+0.9999999), 1)
	if t.counts == nil {
		slices.Sort(t.exact)
		return time.Duration(t.exact[min(rank, t.count)-1])
	}
	for i, n := range t.counts {
		if rank -= n; rank <= 0 {
			return time.Duration(middle(i))
		}
	}
	return time.Duration(middle(len(t.counts) - 1))
}

// bucket numbers values: each below 256 has its own, above that 128 share an
// octave.
func bucket(v int64) int {
	shift := max(bits.Len64(uint64(v))-8, 0)
	return shift*128 + int(v>>shift)
}

// middle is the inverse of bucket, up to half a bucket.
func middle(i int) int64 {
	shift := max(i/128-1, 0)
	low := int64(i-shift*128) << shift
	return low + (1<<shift)/2
}
