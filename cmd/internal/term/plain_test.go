package term

import (
	"slices"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// Plain texts are wrapped and cut as any text is, only faster.
func TestPlainTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c:/|]{1,9}( [a-c:/|]{1,9}){0,9}`).Draw(t, "text")
		columns := rapid.IntRange(1, 24).Draw(t, "columns")
		if lines, ok := wrapPlain(text, columns); ok && !slices.Equal(lines, wrapAny(text, columns)) {
			t.Fatalf("%q in %d columns: %q, want %q", text, columns, lines, wrapAny(text, columns))
		}
		if got, want := Cut(text, columns), ansi.Truncate(text, columns, "…"); got != want {
			t.Fatalf("%q cut to %d columns: %q, want %q", text, columns, got, want)
		}
	})
}
