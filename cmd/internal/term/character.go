package term

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// FirstCharacter returns how many code points the first character of a text has, as people
// count characters: at least 1.
func FirstCharacter(text string) int {
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	return max(1, utf8.RuneCountInString(cluster))
}

// LastCharacter is FirstCharacter for the last character.
func LastCharacter(text string) int {
	last, state := "", -1
	for text != "" {
		last, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
	}
	return max(1, utf8.RuneCountInString(last))
}
