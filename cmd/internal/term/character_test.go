package term

import "testing"

func TestCharacters(t *testing.T) {
	for text, want := range map[string][2]int{
		"": {1, 1}, "a": {1, 1}, "ab": {1, 1}, "e\u0301x": {2, 1}, "x👨‍👩‍👧": {1, 5}, "🇩🇪🇫🇷": {2, 2}, "👍🏽": {2, 2},
	} {
		if first, last := FirstCharacter(text), LastCharacter(text); first != want[0] || last != want[1] {
			t.Errorf("%q: the first has %d and the last %d code points, want %v", text, first, last, want)
		}
	}
}
