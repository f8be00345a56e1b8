package rules

import (
	"math"
	"strconv"
	"strings"
	"time"

	"waitornot/decide/manifest"
)

// amount writes a number as a sentence has it: whole from ten on, with its thousands
// apart, and with one digit below that.
func amount(x float64) string {
	digits := 0
	if math.Abs(x) < 10 {
		digits = 1
	}
	return withThousands(strings.TrimSuffix(strconv.FormatFloat(x, 'f', digits, 64), ".0"))
}

// amountOf writes a number with its noun: "1 place", "1,200 places".
func amountOf(x float64, noun string) string {
	if text := amount(x); text != "1" {
		return text + " " + noun + "s"
	}
	return "1 " + noun
}

// withThousands sets the thousands of a number apart, whatever stands behind it.
func withThousands(number string) string {
	end := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(number)
	}
	for i := end - 3; i > 0; i -= 3 {
		number = number[:i] + "," + number[i:]
	}
	return number
}

// rateText writes a rate with its thousands apart.
func rateText(perSecond float64) string { return withThousands(manifest.FormatRate(perSecond)) }

// percent writes a share without more digits than it takes: nothing and all are said only
// of nothing and of all.
func percent(share float64) string {
	switch part := share * 100; {
	case part < 1 || part >= 99.5:
		return manifest.FormatShare(share)
	case part < 10:
		return strings.TrimSuffix(strconv.FormatFloat(part, 'f', 1, 64), ".0") + "%"
	default:
		return strconv.FormatFloat(part, 'f', 0, 64) + "%"
	}
}

// nines writes a share with two digits of what is missing to one, or with more where it
// could not be told from a target above it.
func nines(share, target float64) string { return ninesTo(share, target, math.Round) }

// ninesTo is nines with another way to round: up, for what is a bound from above.
func ninesTo(share, target float64, round func(float64) float64) string {
	digits := 2
	if missing := 100 * (1 - share); missing > 0 && missing < 100 {
		digits = max(digits, 1-int(math.Floor(math.Log10(missing))))
	}
	scale := math.Pow10(digits + 2)
	scaled := share * scale
	if whole := math.Round(scaled); math.Abs(scaled-whole) < 1e-6 { // what arithmetic adds to a share is no digit of it
		scaled = whole
	}
	if rounded := round(scaled) / scale; rounded < target {
		return manifest.FormatShare(rounded)
	}
	return manifest.FormatShare(share)
}

// span writes a duration; one that was too long to be counted is said to be that.
func span(d time.Duration) string {
	if d == math.MaxInt64 {
		return "more than 292 years"
	}
	return manifest.FormatDuration(d)
}

// repeated returns how long n times a duration is, the longest duration when that is more
// than one can be.
func repeated(d time.Duration, n int) time.Duration {
	if n > 0 && d > math.MaxInt64/time.Duration(n) {
		return math.MaxInt64
	}
	return d * time.Duration(max(n, 0))
}
