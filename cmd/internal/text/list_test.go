package text

import (
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		parts string
		most  int
		want  string
	}{
		{"", 3, ""},
		{"a", 3, "a"},
		{"a b", 3, "a and b"},
		{"a b c", 3, "a, b, and c"},
		{"a b c d", 3, "a, b, c, and 1 more"},
		{"a b c d e", 1, "a and 4 more"},
	}
	for _, tc := range tests {
		parts := strings.Fields(tc.parts)
		if got := Some(parts, tc.most); got != tc.want {
			t.Errorf("Some(%q, %d) = %q, want %q", parts, tc.most, got, tc.want)
		}
		if strings.Join(parts, " ") != tc.parts {
			t.Errorf("Some changed what it was given to %q", parts)
		}
	}
}
