// Package glob matches paths with patterns that strangers may have written: what would
// take too long to match is refused beforehand.
package glob

import (
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// The limits on a pattern. Each combination of alternatives is tried, so their number
// is what matching costs.
const (
	MaxLength       = 1000 // bytes
	MaxAlternatives = 256  // combinations of {a,b} groups
)

// Check says what is wrong with a pattern, "" when nothing is.
func Check(pattern string) string {
	switch {
	case len(pattern) > MaxLength:
		return fmt.Sprintf("it has more than %d characters", MaxLength)
	case !doublestar.ValidatePattern(pattern):
		return "a bracket or brace isn't closed"
	case combinations(pattern) > MaxAlternatives:
		return fmt.Sprintf("its {a,b} groups have more than %d combinations", MaxAlternatives)
	}
	return ""
}

// combinations returns how many patterns without groups a valid pattern stands for; it
// stops counting above MaxAlternatives.
func combinations(pattern string) int {
	n, _ := alternatives(pattern, 0, false)
	return n
}

// alternatives counts the combinations from a position to the end of the group that it
// lies in, or of the pattern when that is no group, and returns where that is.
func alternatives(pattern string, i int, group bool) (n, end int) {
	total, product := 0, 1
	for ; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i = pastClass(pattern, i)
		case '{':
			var inner int
			inner, i = alternatives(pattern, i+1, true)
			product = min(product*inner, MaxAlternatives+1)
		case ',':
			if !group {
				continue
			}
			total, product = min(total+product, MaxAlternatives+1), 1
		case '}':
			return min(total+product, MaxAlternatives+1), i
		}
	}
	return min(total+product, MaxAlternatives+1), i
}

// pastClass returns the position of the bracket that closes a class.
func pastClass(pattern string, i int) int {
	for i++; i < len(pattern) && pattern[i] != ']'; i++ {
		if pattern[i] == '\\' {
			i++
		}
	}
	return i
}

// Match reports whether a path with slashes matches a pattern that Check finds nothing
// wrong with; no other matches. A leading ./ says nothing.
func Match(pattern, path string) bool {
	pattern = strings.TrimPrefix(pattern, "./")
	return Check(pattern) == "" && doublestar.MatchUnvalidated(pattern, path)
}

// Split returns the folder that a pattern starts from, and the pattern below it.
func Split(pattern string) (folder, below string) { return doublestar.SplitPattern(pattern) }
