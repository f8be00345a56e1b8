package manifest

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// FormatDuration writes a duration as a manifest does, without empty parts:
// 90m is 1h30m, not 1h30m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// FormatRate writes a rate per second with four significant digits, and never with
// an exponent: 25000/s, 0.001667/s.
func FormatRate(perSecond float64) string {
	digits := 3
	if size := math.Abs(perSecond); size > 0 {
		digits = max(0, 3-int(math.Floor(math.Log10(size))))
	}
	s := strconv.FormatFloat(perSecond, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s + "/s"
}

// FormatSize writes bytes in the largest unit that keeps them whole. Units are
// powers of two.
func FormatSize(bytes int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "GB"}, {1 << 20, "MB"}, {1 << 10, "KB"}} {
		if bytes >= u.size && bytes%u.size == 0 {
			return strconv.FormatInt(bytes/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(bytes, 10) + "B"
}

// FormatShare writes a share from 0 to 1 as a percentage, without trailing
// zeros and with at most six digits after the point. Nothing and all are written only
// for nothing and all.
func FormatShare(share float64) string {
	const least = 1e-8
	if share > 0 && share < 1 {
		share = min(max(share, least), 1-least)
	}
	s := strconv.FormatFloat(share*100, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

// FormatCount writes a count with its noun, and its thousands apart: "12,345 calls".
func FormatCount(n int64, noun string) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n == 1 {
		return digits + " " + noun
	}
	return digits + " " + noun + "s"
}

// FormatDays writes the days from one to another: one of them when they are the same.
func FormatDays(from, to time.Time) string {
	first, last := from.UTC().Format(time.DateOnly), to.UTC().Format(time.DateOnly)
	if first == last {
		return first
	}
	return first + " to " + last
}
