package cmd

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// frugalFrom is the size, in bytes, from which a manifest is read frugally.
const frugalFrom = 4 << 20

// An earlyCollection collects garbage sooner once a run meets a large manifest: what its
// pieces leave behind is garbage at once, and waiting for twice the memory gains little time.
// But as long as the heap is hardly larger than the manifest was when it was opened,
// collecting gains nothing: so much memory was needed already.
type earlyCollection struct {
	kept bool // somebody has chosen otherwise

	lock    sync.Mutex
	largest int // bytes of a manifest; 0 before a large one
	before  int
	joining bool // all is read
}

// How much garbage may always pile up, as a percentage of what is kept: while a run reads, and
// once it joins what was read, which makes little garbage beside large things that are kept.
const (
	leastGarbage   = 30
	joiningGarbage = 25
)

// see takes the size of a manifest. It may be called by several goroutines.
func (e *earlyCollection) see(size int) {
	if size < frugalFrom || e.kept {
		return
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	if e.largest == 0 {
		e.before = debug.SetGCPercent(leastGarbage)
		e.follow()
	}
	e.largest = max(e.largest, size)
}

// follow sets after the next collection how much garbage may pile up until the one after
// that, and so on.
func (e *earlyCollection) follow() {
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		kept := measured("/gc/heap/live:bytes")
		e.lock.Lock()
		defer e.lock.Unlock()
		if e.largest > 0 {
			debug.SetGCPercent(e.percent(int(kept)))
			e.follow()
		}
	}, struct{}{})
}

// percent returns how much garbage may pile up beside what is kept.
func (e *earlyCollection) percent(kept int) int {
	if e.joining {
		return joiningGarbage
	}
	return garbageFor(kept, e.largest)
}

// garbageFor returns how much garbage may pile up beside what is kept, as a percentage of
// that, in a run whose largest manifest has so many bytes: so much that the heap grows to five
// thirds of the manifest, and at least leastGarbage. Measured on 28 MB.
func garbageFor(kept, largest int) int {
	heap := largest / 3 * 5
	kept = max(kept, 1<<20)
	return max((heap-kept)/(kept/100), leastGarbage)
}

// join is called when all is read. It collects what reading large manifests has left behind, if
// that is more than an eighth of what is kept: what is made next is large, and fits into no gap
// between what is kept.
func (e *earlyCollection) join() {
	e.lock.Lock()
	large := e.largest > 0
	e.joining = large
	e.lock.Unlock()
	if kept := measured("/gc/heap/live:bytes"); large && heapBytes() > kept+kept/8 {
		runtime.GC()
	}
}

// read is called before more is read, after a join.
func (e *earlyCollection) read() {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.joining = false
}

// restore puts the garbage collector back. It is called when the run ends: merging and writing
// what it found takes memory, too.
func (e *earlyCollection) restore() {
	e.lock.Lock()
	defer e.lock.Unlock()
	if e.largest > 0 {
		debug.SetGCPercent(e.before)
		e.largest = 0
	}
}

// How much garbage a language server lets pile up, as a percentage of what it keeps:
// while somebody waits for the findings of a folder, and afterward. Measured on 2,000
// files, against 100 all the time: a seventh less time to open the folder, and a tenth
// less memory after two hundred keystrokes that take 3 % more computing.
const (
	openingGarbage = 400
	typingGarbage  = 70
)

// delayCollection lets garbage wait while a folder is opened, and returns what ends that. When
// kept, nothing changes: somebody has chosen otherwise.
func delayCollection(kept bool) (done func()) {
	if kept {
		return func() {}
	}
	debug.SetGCPercent(openingGarbage)
	return func() { debug.SetGCPercent(typingGarbage) }
}
