package text

import (
	"math"
	"testing"
	"time"
)

// The longest duration stands for all that are longer, and says so.
func TestLongestDuration(t *testing.T) {
	if got := Duration(math.MaxInt64); got != "more than 292 years" {
		t.Errorf("Duration(longest) = %q", got)
	}
	if got := Duration(math.MaxInt64 - time.Hour); got != "2562046h47m" {
		t.Errorf("Duration(longest less an hour) = %q", got)
	}
}
