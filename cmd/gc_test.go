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

// Large manifests alone make a run frugal, unless somebody chose otherwise, and
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
		f := frugal{kept: tt.kept}
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
