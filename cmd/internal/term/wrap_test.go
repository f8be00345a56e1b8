package term

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		name, text string
		columns    int
		want       []string
	}{
		{"fits", "one two", 7, []string{"one two"}},
		{"at a blank", "one two three", 8, []string{"one two", "three"}},
		{"not at a hyphen", "a dead-letter-queue", 12, []string{"a", "dead-letter-", "queue"}},
		{"hyphen on a line of its own", "a dead-letter", 11, []string{"a", "dead-letter"}},
		{"long word", "abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"long word after a short one", "x abcdefgh y", 4, []string{"x", "abcd", "efgh", "y"}},
		{"wide characters", "支払い 承認", 6, []string{"支払い", "承認"}},
		{"own line breaks", "one\n\ntwo", 9, []string{"one", "", "two"}},
		{"blanks", "  one   two  ", 20, []string{"one two"}},
		{"nothing", "", 5, []string{""}},
		{"no room", "ab", 0, []string{"a", "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Wrap(tt.text, tt.columns); !slices.Equal(got, tt.want) {
				t.Errorf("Wrap(%q, %d) = %q, want %q", tt.text, tt.columns, got, tt.want)
			}
		})
	}
}

// A word that is too wide breaks between the choices that it lists, else anywhere.
func TestWrapChoices(t *testing.T) {
	t.Parallel()
	if got, want := Wrap("one of yes|later|unknown", 12), []string{"one of", "yes|later|", "unknown"}; !slices.Equal(got, want) {
		t.Errorf("choices: %q, want %q", got, want)
	}
	if got, want := Wrap("abcdefgh", 3), []string{"abc", "def", "gh"}; !slices.Equal(got, want) {
		t.Errorf("a long word: %q, want %q", got, want)
	}
}
