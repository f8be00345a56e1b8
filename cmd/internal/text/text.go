// Package text holds the words and numbers that outputs for people share.
package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"waitornot/decide/manifest"
)

// Count returns a number with its noun: "1 file", "2 files".
func Count(n int, noun string) string { return strconv.Itoa(n) + " " + Noun(n, noun) }

// Noun returns a noun as it stands behind a number: "file" behind 1, else "files".
func Noun(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// Day returns a date as people and machines read it: 2027-03-31.
func Day(t time.Time) string { return t.Format(time.DateOnly) }

// Sentence makes a sentence of a clause.
func Sentence(clause string) string {
	if clause == "" {
		return ""
	}
	if c := clause[0]; 'a' <= c && c <= 'z' {
		clause = string(c-'a'+'A') + clause[1:]
	}
	if strings.HasSuffix(clause, "?") {
		return clause
	}
	return clause + "."
}

// Capitalize makes the middle of a sentence the beginning of one.
func Capitalize(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// List joins parts: "a", "a and b", "a, b, and c".
func List(parts []string, last string) string {
	if len(parts) < 3 {
		return strings.Join(parts, " "+last+" ")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + ", " + last + " " + parts[len(parts)-1]
}

// Some joins parts as List does, the first few by name: "a, b, and 3 more".
func Some(parts []string, most int) string {
	if n := len(parts) - most; n > 0 {
		parts = append(parts[:most:most], fmt.Sprintf("%d more", n))
	}
	return List(parts, "and")
}

// Uncapitalize makes the beginning of a sentence the middle of one.
func Uncapitalize(text string) string {
	if len(text) < 2 || text[1] >= 'A' && text[1] <= 'Z' { // an abbreviation
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// Percent writes a share with two digits of what is missing to one, so that 99.9% and
// 99.95% stay apart. It rounds down: nothing is said to reach what it doesn't.
func Percent(share float64) string { return percent(share, math.Ceil) }

// PercentUp is Percent for a bound from above, or a share that must be reached: it rounds up.
func PercentUp(share float64) string { return percent(share, math.Floor) }

// percent writes a share after rounding what is missing to one.
func percent(share float64, round func(float64) float64) string {
	missing := 100 * (1 - share)
	digits := 2
	if missing > 0 && missing < 100 {
		digits = max(2, min(9, 1-int(math.Floor(math.Log10(missing)))))
	}
	scale := math.Pow(10, float64(digits))
	scaled := missing * scale
	if near := math.Round(scaled); math.Abs(scaled-near) < 1e-6 {
		scaled = near // what was given to so many digits stays as it was given
	}
	text := strconv.FormatFloat(100-round(scaled)/scale, 'f', digits, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}

// WholePercent writes a part of several as a whole percentage, and a dash for one of none.
func WholePercent(n, of int) string {
	if of == 0 {
		return "-"
	}
	return strconv.FormatFloat(100*float64(n)/float64(of), 'f', 0, 64) + "%"
}

// Duration writes a duration with about three digits: 850ms, 1.5s, 2m30s, 4h.
func Duration(d time.Duration) string {
	switch {
	case d == math.MaxInt64:
		return "more than 292 years"
	case d < 10*time.Millisecond:
		d = d.Round(10 * time.Microsecond)
	case d < time.Second:
		d = d.Round(time.Millisecond)
	case d < time.Minute:
		d = d.Round(10 * time.Millisecond)
	case d < time.Hour:
		d = d.Round(time.Second)
	default:
		d = d.Round(time.Minute)
	}
	return manifest.FormatDuration(d)
}

// Number writes a figure with about three digits and without a trailing point.
func Number(x float64) string {
	digits := 0
	if x < 100 {
		digits = 1
	}
	if x < 1 {
		digits = 2
	}
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if digits > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}
