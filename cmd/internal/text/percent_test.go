package text

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A share keeps apart what counts in nines, and is what was declared where it was given
// to so many digits. What almost reaches an objective isn't said to reach it.
func TestPercent(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]string{
		1: "100%", 0: "0%", .5: "50%", .999: "99.9%", .9995: "99.95%", .99964: "99.964%", .9999999: "99.99999%", .99996: "99.996%",
	} {
		if got := Percent(share); got != want {
			t.Errorf("Percent(%v) = %s, want %s", share, got, want)
		}
	}
	for share, want := range map[float64][2]string{
		.998999: {"99.89%", "99.9%"}, .9989999999: {"99.89%", "99.9%"}, .9996001: {"99.96%", "99.961%"}, .97004: {"97%", "97.01%"},
	} {
		if down, up := Percent(share), PercentUp(share); down != want[0] || up != want[1] {
			t.Errorf("%v is %s and %s, want %s", share, down, up, want)
		}
	}
}

// Rounding down says no more than there is, and up no less; both are near.
func TestPercentBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		if rapid.Bool().Draw(t, "nines") {
			share = 1 - share*share*share/100
		}
		read := func(text string) float64 {
			x, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
			if err != nil {
				t.Fatal(err)
			}
			return x / 100
		}
		down, up := read(Percent(share)), read(PercentUp(share))
		const tolerance = 2e-8
		if down > share+tolerance || up < share-tolerance || up-down > max(.1*(1-share), 2e-4)+tolerance {
			t.Errorf("%v is %v to %v", share, down, up)
		}
	})
}
