package simulate

import (
	"math/bits"
	"time"
)

// A histogram counts times in bins that are at most a 64th wide, so that a quantile is
// off by less than 1 %. It takes the same room however much it counts.
type histogram struct {
	bins  [59 << 6]uint32
	count uint64
	most  int64
	sum   float64
}

func bin(t int64) int {
	if t < 64 {
		return int(max(t, 0))
	}
	exp := bits.Len64(uint64(t)) - 7 // t>>exp is 64 to 127
	return (exp+1)<<6 + int(t>>exp) - 64
}

// middle is the time that stands for a bin.
func middle(b int) int64 {
	if b < 128 {
		return int64(b)
	}
	exp := b>>6 - 1
	return (int64(b&63)+64)<<exp + 1<<exp>>1
}

func (h *histogram) add(t int64) {
	h.bins[bin(t)]++
	h.count++
	h.most = max(h.most, t)
	h.sum += float64(t)
}

// quantile returns the time that the share of all does not exceed; ok is false when
// there is none.
func (h *histogram) quantile(share float64) (t time.Duration, ok bool) {
	if h.count == 0 {
		return 0, false
	}
	rank := uint64(share * float64(h.count))
	var seen uint64
	for b := range h.bins {
		if seen += uint64(h.bins[b]); seen > rank {
			return time.Duration(min(middle(b), h.most)), true
		}
	}
	return time.Duration(h.most), true
}

// mean returns the mean of all times; ok is false when there is none.
func (h *histogram) mean() (t time.Duration, ok bool) {
	if h.count == 0 {
		return 0, false
	}
	return time.Duration(h.sum / float64(h.count)), true
}

// join adds what another has counted.
func (h *histogram) join(o *histogram) {
	for b, n := range o.bins {
		h.bins[b] += n
	}
	h.count += o.count
	h.most = max(h.most, o.most)
	h.sum += o.sum
}
