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
// zeros and with at most six digits after the point.
func FormatShare(share float64) string {
	s := strconv.FormatFloat(share*100, 'f', 6, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}
