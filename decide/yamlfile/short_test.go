package yamlfile

import (
	"testing"
)

// everyText calls visit for each text of up to most of the words, after what stands before.
func everyText(before string, words []string, most int, visit func(string)) {
	visit(before)
	if most == 0 {
		return
	}
	for _, w := range words {
		everyText(before+w, words, most-1, visit)
	}
}

// The parser reads each short text as the library does, to the last place, or leaves it to the
// library: so many of them it reads itself.
func TestEveryShortText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, before string
		words        []string
		most, reads  int
	}{
		{"blocks", "", []string{"a", "- ", ": ", ":", "\n", " "}, 5, 3524},
		{"deeper blocks", "a:\n  b: c\n", []string{"- ", "-", "d", ":", " ", "\n"}, 5, 1046},
		{"lists", "- a\n", []string{"- ", "-", "b: c", "\n", " ", ":"}, 5, 2041},
		{"brackets", "", []string{"[", "]", "{", "}", ",", ":", "a", " ", "\n"}, 4, 1888},
		{"pairs in braces", "{", []string{"}", ",", ":", "a", " ", "\n", "\"b\""}, 4, 170},
		{"values in brackets", "[", []string{"]", ",", ":", "a", " ", "-", "#", "'b'"}, 4, 146},
		{"keys", "a: b\n", []string{"'c'", "\"d\"", ":", " ", "?", "-", "\n", "[]"}, 4, 738},
		{"single quotes", "'", []string{"'", " ", "\n", "a", ":", "#"}, 4, 338},
		{"double quotes", "\"", []string{"\"", " ", "\n", "a", "\\", "\t"}, 4, 279},
		{"literal texts", "a: |", []string{"\n", "\n ", " b", "b", "+", "-", "2", " #"}, 4, 1798},
		{"folded texts", "- >\n", []string{"\n", " ", "b", "  c\n", "#"}, 5, 1797},
		{"properties", "", []string{"&a", "*a", "!b", "!!str", " ", "\n", "- ", "c", ": "}, 4, 1330},
		{"properties in brackets", "[&a b", []string{"&a ", "*a", "!b ", ",", "]", "c", ":", "{", "}"}, 4, 169},
		{"comments", "a:", []string{"#", " ", "\t", "\n", " b", "\r\n", "- c"}, 4, 2261},
		{"documents", "", []string{"%YAML 1.1", "%YAML", "---", "\n", " ", "a", "# c"}, 4, 1007},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reads := 0
			everyText(tt.before, tt.words, tt.most, func(text string) {
				if checkParser(t, text) {
					reads++
				}
			})
			if reads != tt.reads {
				t.Errorf("the parser reads %d texts, want %d", reads, tt.reads)
			}
		})
	}
}
