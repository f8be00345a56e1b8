package term_test

import (
	"testing"

	"pgregory.net/rapid"

	"waitornot/cmd/internal/term"
)

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"send-receipt":                  "send-receipt",
		"  send \t receipt\r\n":         "send receipt",
		"\x1b[31mred\x1b[0m":            "red",
		"\x1b]0;title\x07name":          "name",
		"a\x00b\x7fc\u009bd":            "abcd",
		"abc\u202edef":                  "abcdef",
		"broken \xff utf-8":             "broken utf-8",
		"支払い 👩‍💻":                       "支払い 👩‍💻",
		"line\u2028separator\u0085next": "line separator next",
	} {
		if got := term.Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

// What is clean is shown as it is, and stays as it is.
func TestCleanTextIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a \x1b[]0;m\x07\u202e\t")))).Draw(t, "text")
		clean := term.Clean(text)
		if safe := term.Safe(clean); safe != clean {
			t.Fatalf("Clean(%q) = %q, which has to be shown as %q", text, clean, safe)
		}
		if again := term.Clean(clean); again != clean {
			t.Fatalf("Clean(%q) = %q, and cleaned again %q", text, clean, again)
		}
	})
}
