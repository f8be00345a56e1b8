package cmd

import (
	"runtime/debug"
	"sync"
)

// frugalFrom is the size, in bytes, from which a manifest is read frugally.
const frugalFrom = 4 << 20

// A frugal run collects garbage sooner once it meets a large manifest: what its
// pieces leave behind is garbage at once, and waiting for twice the memory
// gains little time. Measured on 27 MB: a quarter less memory for a tenth more
// computing.
type frugal struct {
	kept bool // somebody has chosen otherwise

	once   sync.Once
	before int
	set    bool
}

// see is told the size of a manifest. It may be called by several goroutines.
func (f *frugal) see(size int) {
	if size >= frugalFrom && !f.kept {
		f.once.Do(func() { f.before, f.set = debug.SetGCPercent(50), true })
	}
}

// restore puts the garbage collector back. It is called when all is read.
func (f *frugal) restore() {
	if f.set {
		debug.SetGCPercent(f.before)
	}
}
