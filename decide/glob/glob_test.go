package glob

import (
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"pgregory.net/rapid"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"billing/**":                               "",
		"{a,b}/{c,d,e}/*.yaml":                     "",
		strings.Repeat("{a,b}", 8):                 "", // 256
		strings.Repeat("{a,b}", 9):                 "combinations",
		strings.Repeat("{a,a}", 30):                "combinations",
		"{" + strings.Repeat("{a,b},", 150) + "c}": "combinations",
		"a,b,c":                   "",
		`\{a,b\}[{,}]`:            "",
		"{a":                      "closed",
		"[a":                      "closed",
		strings.Repeat("a", 1000): "",
		strings.Repeat("a", 1001): "characters",
	} {
		if got := Check(pattern); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("Check(%.40q) = %q, want %q", pattern, got, want)
		}
	}
}

// A pattern that would hang is not matched at all, and a leading ./ changes nothing.
func TestMatch(t *testing.T) {
	t.Parallel()
	if Match(strings.Repeat("{a,a}", 30)+"c", strings.Repeat("a", 40)) {
		t.Error("a pattern that is refused matches")
	}
	if !Match("./legacy/**", "legacy/x.yaml") || !Match("{a,b}/*", "b/c") || Match("a/*", "a/b/c") {
		t.Error("a plain pattern does not match as it should")
	}
}

// The combinations are those that one gets by writing them out.
func TestCombinations(t *testing.T) {
	t.Parallel()
	var part func(depth int) *rapid.Generator[string]
	part = func(depth int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			if depth > 0 && rapid.Bool().Draw(t, "group") {
				return "{" + strings.Join(rapid.SliceOfN(part(depth-1), 1, 3).Draw(t, "alternatives"), ",") + "}"
			}
			return rapid.SampledFrom([]string{"a", "*", "?", `\{`, "[{,]", "x"}).Draw(t, "text")
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(part(2), 0, 4).Draw(t, "parts"), "")
		if !doublestar.ValidatePattern(pattern) {
			t.Skip()
		}
		if got, want := combinations(pattern), len(written(pattern)); got != min(want, MaxAlternatives+1) {
			t.Fatalf("combinations(%q) = %d, written out %d", pattern, got, want)
		}
	})
}

// written writes a pattern out, without its groups.
func written(pattern string) []string {
	depth, start := 0, -1
	var cuts []int
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i = pastClass(pattern, i)
		case '{':
			if depth++; depth == 1 {
				start, cuts = i, []int{i}
			}
		case ',':
			if depth == 1 {
				cuts = append(cuts, i)
			}
		case '}':
			if depth--; depth == 0 && start >= 0 {
				cuts = append(cuts, i)
				var list []string
				for k := range len(cuts) - 1 {
					list = append(list, written(pattern[:start]+pattern[cuts[k]+1:cuts[k+1]]+pattern[i+1:])...)
				}
				return list
			}
		}
	}
	return []string{pattern}
}
