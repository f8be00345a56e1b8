package simulate

import (
	"testing"

	"pgregory.net/rapid"
)

// A breaker opens when half of its last hundred calls have failed, and no sooner; then it
// lets ten trials through once its time is over, and goes by those.
func TestBreaker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var b breaker
		var window []bool
		failing := rapid.IntRange(20, 60).Draw(t, "percent")
		for i, x := range rapid.SliceOfN(rapid.IntRange(0, 99), 300, 400).Draw(t, "calls") {
			ok := x >= failing
			if !b.permits(int64(i)) {
				t.Fatalf("closed, and permits nothing")
			}
			b.saw(ok, int64(i))
			if window = append(window, ok); len(window) > breakerWindow {
				window = window[1:]
			}
			failed := 0
			for _, ok := range window {
				if !ok {
					failed++
				}
			}
			if want := len(window) == breakerWindow && failed >= 50; b.open != want {
				t.Fatalf("call %d: open is %t with %d of %d failed", i, b.open, failed, len(window))
			} else if want {
				trials(t, &b, int64(i))
				return
			}
		}
	})
}

// trials holds a breaker that opened at a time to what it does next.
func trials(t *rapid.T, b *breaker, opened int64) {
	late := opened + breakerWait
	if b.permits(late - 1) {
		t.Fatal("it permits a call before its time")
	}
	b.saw(false, late-1) // let through before it opened: of no account
	for range breakerTrials {
		if !b.permits(late) {
			t.Fatal("it permits too few trials")
		}
	}
	if b.permits(late) {
		t.Fatal("it permits too many trials")
	}
	good := rapid.IntRange(0, breakerTrials).Draw(t, "good trials")
	for k := range breakerTrials {
		b.saw(k < good, late)
	}
	if want := breakerTrials-good >= 5; b.open != want {
		t.Fatalf("after %d good trials open is %t", good, b.open)
	}
}
