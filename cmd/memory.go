package cmd

import (
	"fmt"
	"math"
	"os"
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
		used := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for range time.Tick(50 * time.Millisecond) {
			// The collector keeps below the limit what it can, so what is above is in use.
			if metrics.Read(used); used[0].Value.Uint64() > uint64(limit) {
				fmt.Fprintf(s.Err, "waitornot: this run needs more memory than its limit of %d MiB: run on fewer paths at a time, or raise the limit with GOMEMLIMIT=8GiB\n", limit>>20)
				os.Exit(exitFailed)
			}
		}
	}()
}
