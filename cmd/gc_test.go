package cmd

import (
	"runtime/debug"
	"testing"
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
		{"large", frugalFrom, false, 50},
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
