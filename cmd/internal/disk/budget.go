package disk

import "fmt"

// MaxTotal is how many bytes the manifests of a run may have together: 64 MiB, some two
// hundred thousand operations. What is read takes up to thirty times as much memory.
const MaxTotal = 64 << 20

// A Budget is how many bytes a run may still read. The zero Budget is MaxTotal.
type Budget struct {
	Most  int64 // in all; 0 means MaxTotal
	taken int64
}

// Take takes the size of a file. What doesn't fit takes nothing, so that smaller files that
// follow may; the error says why, and the way out. What is too large by itself takes
// nothing either: it isn't read.
func (b *Budget) Take(size int64) error {
	most := b.Most
	if most == 0 {
		most = MaxTotal
	}
	switch {
	case size > MaxBytes:
		return nil // reading it says so
	case b.taken+size > most:
		return fmt.Errorf("it's left out: a run reads at most %d MiB in all; run on fewer paths at a time", most>>20)
	}
	b.taken += size
	return nil
}
