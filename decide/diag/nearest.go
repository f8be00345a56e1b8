package diag

import (
	"strings"
	"unicode/utf8"
)

// Nearest returns the known word that a misspelt word most likely means: the
// one that the fewest edits away, as long as they are few for its length. Case
// does not count. Of equally near words the first wins; without a near one it
// returns "".
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	length := utf8.RuneCountInString(word)
	limit := (length + 2) / 3
	if length == 1 {
		limit = 0 // one edit would make any word of it
	}
	best, nearest := limit+1, ""
	for _, k := range known {
		if d := distance(word, strings.ToLower(k), best); d < best {
			best, nearest = d, k
		}
	}
	return nearest
}

// Meant returns the known word that a misspelt word cannot but mean: one or two
// edits away, and nearer than any other. Otherwise it returns "".
func Meant(word string, known []string) string {
	const most = 2
	near := Nearest(word, known)
	if near == "" {
		return ""
	}
	lower := strings.ToLower(word)
	d := distance(lower, strings.ToLower(near), most+1)
	if d > most {
		return ""
	}
	for _, k := range known {
		if k != near && distance(lower, strings.ToLower(k), d+1) <= d {
			return ""
		}
	}
	return near
}

// distance returns how many single-character edits lead from a to b, a swap of
// neighbors counting as one; or limit, when it is that or more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit)
}
