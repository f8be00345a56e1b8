package term

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is typed comes through, what terminals answer doesn't, and ctrl+c ends a paste.
func TestKeyFilter(t *testing.T) {
	for _, test := range []struct{ name, typed, want string }{
		{"letters and enter", "no\r", "no\r"}, {"arrows", "\x1b[A\x1bOB", "\x1b[A\x1bOB"}, {"escape alone", "\x1b", "\x1b"},
		{"alt with a bracket", "\x1b]", "\x1b]"}, {"a background color, ended by BEL", "a\x1b]11;rgb:0000/0000/0000\ab", "ab"},
		{"a background color, ended by ST", "a\x1b]11;rgb:0/0/0\x1b\\b", "ab"}, {"a version", "a\x1bP>|term 1\x1b\\b", "ab"},
		{"an answer without its end", "\x1b]11;rgb:0\rno\r", "\rno\r"}, {"an answer and ctrl+c", "\x1b]11;rgb\x03", "\x03"},
		{"a paste", "\x1b[200~a\x1b]11;b\a\r\x1b[201~c", "\x1b[200~a\x1b]11;b\a\r\x1b[201~c"},
		{"a paste without its end", "\x1b[200~abc\x03", "\x1b[200~abc\x1b[201~\x03"},
		{"an end without a paste", "\x1b[201~a", "a"}, {"invalid bytes", "a\xff\xfeb", "a\xff\xfeb"},
	} {
		if got := string((&keyFilter{}).take([]byte(test.typed), false)); got != test.want {
			t.Errorf("%s: %q came through as %q, want %q", test.name, test.typed, got, test.want)
		}
	}
}

// However text is cut into reads, all of it comes through, and no read ends in the middle
// of a character.
func TestKeyFilterKeepsCharactersWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{"a", "é", "支", "💳", "\r", "\x1b[A", "👩‍💻"})).Draw(t, "parts")
		text := strings.Join(parts, "")
		f, out := keyFilter{}, ""
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "read")
			piece := string(f.take([]byte(rest[:n]), n < len(rest)))
			rest = rest[n:]
			if strings.ToValidUTF8(piece, "") != piece {
				t.Fatalf("a read ends in the middle of a character: %q", piece)
			}
			out += piece
		}
		if out != text {
			t.Fatalf("%q came through as %q", text, out)
		}
	})
}
