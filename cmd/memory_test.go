package cmd

import "testing"

// What is garbage doesn't count, unless there is very much of it: by then the machine would
// feel it.
func TestOverLimit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		used, after uint64 // before collecting and after
		over        bool
		collected   bool
	}{
		{"below", 100, 0, false, false},
		{"garbage above", 110, 60, false, true},
		{"at the limit after all", 125, 100, false, true},
		{"in use above", 110, 101, true, true},
		{"far above", 126, 60, true, false},
	} {
		now, collected := tt.used, false
		over := overLimit(100, func() uint64 { return now }, func() { now, collected = tt.after, true })
		if over != tt.over || collected != tt.collected {
			t.Errorf("%s: over %t, collected %t", tt.name, over, collected)
		}
	}
}
