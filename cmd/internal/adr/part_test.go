package adr

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Markers are found where patterns of whole lines find them.
func TestMarkersAgainstPatterns(t *testing.T) {
	t.Parallel()
	first := func(re *regexp.Regexp, text string) int {
		if loc := re.FindStringIndex(text); loc != nil {
			return loc[0]
		}
		return -1
	}
	begins := regexp.MustCompile(`(?m)^<!-- waitornot:begin sha256=[0-9a-f]{32} -->\n`)
	ends := regexp.MustCompile(`(?m)^<!-- waitornot:end -->$`)
	marks := regexp.MustCompile(`(?m)^<!-- waitornot:(begin|end)`)
	sum := strings.Repeat("0f", 16)
	parts := []string{"\n", "a", " ", "\r\n", anyMarker, beginMarker, sumMarker, sum, sum[1:], strings.ToUpper(sum), closing, strings.TrimSpace(closing), endMarker, "end", begin("x"), begin("x") + "x\n" + endMarker + "\n"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(t, "parts"), "")
		if got, want := beginAt(text), first(begins, text); got != want {
			t.Errorf("%q: a part begins at %d, want %d", text, got, want)
		}
		if got, want := endAt(text), first(ends, text); got != want {
			t.Errorf("%q: a part ends at %d, want %d", text, got, want)
		}
		if got, want := marked(text), first(marks, text) >= 0; got != want {
			t.Errorf("%q: marked is %t, want %t", text, got, want)
		}
	})
}
