package cmd

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// MaxMemory is how much memory a run may use, in bytes, unless GOMEMLIMIT says otherwise:
// 2 GiB. All that a run may read needs less, but for what was made to take memory.
const MaxMemory = 2 << 30

// LimitMemory ends the process with 3 once what it holds on to takes more memory than it
// may: the machine is for others, too. GOMEMLIMIT sets another limit, or is off.
func LimitMemory(s Streams) {
	limit := debug.SetMemoryLimit(-1)
	switch {
	case limit < math.MaxInt64:
	case s.Env("GOMEMLIMIT") == "off":
		return
	default:
		limit = MaxMemory
		debug.SetMemoryLimit(limit)
	}
	go func() {
		for range time.Tick(50 * time.Millisecond) {
			if overLimit(uint64(limit), heapBytes, runtime.GC) {
				fmt.Fprintf(s.Err, "waitornot: this run needs more memory than its limit of %d MiB: run on fewer paths at a time, or raise the limit with GOMEMLIMIT=8GiB\n", limit>>20)
				os.Exit(exitFailed)
			}
		}
	}()
}

// overLimit reports whether more is in use than may be. The collector keeps below the limit
// what it can, but it may be a large text behind: what is little above counts only once it
// has caught up.
func overLimit(limit uint64, used func() uint64, collect func()) bool {
	switch n := used(); {
	case n <= limit:
		return false
	case n > limit+limit/4:
		return true
	}
	collect()
	return used() > limit
}

// heapBytes returns how much memory objects take, those included that the collector hasn't
// found to be garbage yet.
func heapBytes() uint64 { return measured("/memory/classes/heap/objects:bytes") }

// measured returns what the runtime measures under a name.
func measured(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
