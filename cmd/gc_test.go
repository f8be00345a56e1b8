package cmd

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// percent returns the setting of the garbage collector.
func percent() int {
	p := debug.SetGCPercent(100)
	debug.SetGCPercent(p)
	return p
}

// Large manifests alone make a run collect garbage earlier, unless somebody chose otherwise, and
// only while it reads. It can't run beside other tests.
func TestFrugal(t *testing.T) {
	usual := percent()
	for _, tt := range []struct {
		name string
		size int
		kept bool
		want int
	}{
		{"small", frugalFrom - 1, false, usual},
		{"large", frugalFrom, false, leastGarbage},
		{"chosen", frugalFrom, true, usual},
	} {
		f := earlyCollection{kept: tt.kept}
		f.see(tt.size)
		if got := percent(); got != tt.want {
			t.Errorf("%s: %d %%, want %d", tt.name, got, tt.want)
		}
		f.restore()
		if got := percent(); got != usual {
			t.Errorf("%s: %d %% afterwards, want %d", tt.name, got, usual)
		}
	}
}

// After each collection a run with a large manifest takes account of what is kept, until it
// ends. It can't run beside other tests.
func TestFollow(t *testing.T) {
	usual := percent()
	var f earlyCollection
	f.see(1 << 40) // so much that any heap is small beside it
	for i := 0; percent() <= leastGarbage; i++ {
		if i == 1000 {
			t.Fatalf("still %d %%", percent())
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	f.restore()
	for range 10 {
		runtime.GC()
		time.Sleep(time.Millisecond)
		if got := percent(); got != usual {
			t.Fatalf("%d %% afterwards, want %d", got, usual)
		}
	}
}

// Once a run joins what it has read, what reading left behind is collected, and less garbage
// piles up from then on; without a large manifest nothing changes. It can't run beside
// other tests.
func TestJoining(t *testing.T) {
	usual := percent()
	var small, large earlyCollection
	before := measured("/gc/cycles/total:gc-cycles")
	small.see(frugalFrom - 1)
	small.join()
	if got := percent(); got != usual || measured("/gc/cycles/total:gc-cycles") != before {
		t.Errorf("%d %% without a large manifest, and %d collections", got, measured("/gc/cycles/total:gc-cycles")-before)
	}
	large.see(1 << 40)
	defer large.restore()
	runtime.GC()
	left := make([]byte, 8<<20+measured("/gc/heap/live:bytes")) // more than an eighth of what is kept
	runtime.KeepAlive(left)
	before = measured("/gc/cycles/total:gc-cycles")
	large.join()
	if measured("/gc/cycles/total:gc-cycles") == before {
		t.Error("nothing is collected")
	}
	for i := 0; percent() != joiningGarbage; i++ {
		if i == 1000 {
			t.Fatalf("still %d %%", percent())
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}

func TestGarbageFor(t *testing.T) {
	const mib = 1 << 20
	for _, tt := range []struct{ kept, largest, want int }{
		{0, 30 * mib, 4900},
		{1 * mib, 30 * mib, 4900},
		{10 * mib, 30 * mib, 400},
		{25 * mib, 30 * mib, 100},
		{30 * mib, 30 * mib, 66},
		{40 * mib, 30 * mib, leastGarbage},
		{300 * mib, 30 * mib, leastGarbage},
	} {
		if got := garbageFor(tt.kept, tt.largest); got != tt.want {
			t.Errorf("%d MiB kept of %d MiB: %d %%, want %d", tt.kept/mib, tt.largest/mib, got, tt.want)
		}
	}
}

// A server lets garbage wait while it opens a folder, and keeps little afterward, unless
// somebody chose otherwise. It can't run beside other tests.
func TestHurry(t *testing.T) {
	usual := percent()
	defer debug.SetGCPercent(usual)
	for _, tt := range []struct {
		kept         bool
		during, then int
	}{
		{kept: true, during: usual, then: usual},
		{kept: false, during: openingGarbage, then: typingGarbage},
	} {
		done := delayCollection(tt.kept)
		if got := percent(); got != tt.during {
			t.Errorf("kept %t: %d %% while a folder opens, want %d", tt.kept, got, tt.during)
		}
		done()
		if got := percent(); got != tt.then {
			t.Errorf("kept %t: %d %% afterward, want %d", tt.kept, got, tt.then)
		}
	}
}
