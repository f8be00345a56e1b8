package yamlfile

import (
	"fmt"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"
)

// Where a node of the library ends is read off the text: also one that breaks off, or isn't
// what the library says.
func TestEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what  string
		end   func([]byte) int
		wants map[string]int
	}{
		{"double quotes", doubleQuoted, map[string]int{`"a" b`: 3, `""`: 2, `"a\"b"`: 6, `"a\\"b"`: 5, `"a`: 2, `"`: 1, `"\`: 2, `"a\`: 3}},
		{"single quotes", singleQuoted, map[string]int{`'a' b`: 3, `''`: 2, `'a''b'`: 6, `'a'''c`: 5, `'a`: 2, `'`: 1, `'a''`: 4, `''a'`: 2}},
		{"a block without text", func(s []byte) int { return block(s, "") }, map[string]int{"|": 1, "|-  \n\n": 2, "| # b\n": 1, "|+\t# b\r\n": 2, "> \t": 1}},
		{"a block", func(s []byte) int { return block(s, "a b\n") }, map[string]int{"|\n  a\n  b\n\n": 9, "> # a\n a\n b": 11, "|\n  a c\n": 5, "|\r\n  a b": 8}},
		{"a folded text", func(s []byte) int { return folded(s, "ü b") }, map[string]int{"ü b": 4, "ü\n  b c": 6, "ü c": 2, " ü": 3, "": 0, "c": 0, "ü": 2, "ü ": 2, "\u2028ü\u0085b": 8}},
		{"a bracket", func(s []byte) int { return (&library{text: newText(s, 0)}).pastBracket(0) }, map[string]int{
			"]": 1, " , }b": 4, ",# ]\n]": 6, ": ?]": 4, "a]": 0, " a": 1, ",": 1, "": 0, " ": 1,
		}},
		{"a colon", func(s []byte) int { return (&library{text: newText(s, 0)}).pastColon(0) }, map[string]int{":": 1, " \t: b": 3, "": 0, " ": 0, " b:": 0, "\n:": 0}},
		{"properties", func(s []byte) int { return (&library{text: newText(s, 0)}).pastProperties(0, false) }, map[string]int{
			"a": 0, "&a b": 3, "!a &b\n  c": 8, "&a # !b\n!c d": 11, "&a": 2, "&a \n": 2, "!": 1, "": 0, "&a  !b ": 6,
		}},
		{"properties of nothing", func(s []byte) int { return (&library{text: newText(s, 0)}).pastProperties(0, true) }, map[string]int{
			"!a\nb": 2, "!a # b\nc": 2, "&a !b\nc": 5, "!a , b": 2, "!a": 2, "": 0,
		}},
		{"space", func(s []byte) int { return (&library{text: newText(s, 0)}).pastSpace(0) }, map[string]int{"a": 0, " \t\r\na": 4, "# a\nb": 4, "#": 1, "": 0, " ": 1}},
		{"a break", firstBreak, map[string]int{"": 0, "\na": 0, "a\rb\n": 1, "ab": 2}},
		{"a line", func(s []byte) int { return lineEnd(s, 1) }, map[string]int{"a\nb": 1, "ab\n": 2, "ab": 2, "a": 1, "\n\n": 1}},
	} {
		for text, want := range tt.wants {
			if got := tt.end([]byte(text)); got != want {
				t.Errorf("%s: %q ends at %d, want %d", tt.what, text, got, want)
			}
		}
	}
}

// The library ends lines where it does, and no two characters that look like one end two.
func TestLibraryLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]uint32{
		"": {0}, "a\nb": {0, 2}, "a\r\nb\rc\r": {0, 3, 5, 7}, "\u0085a\u2028\u2029": {0, 2, 6, 9}, "\r\r\n": {0, 1, 3},
	} {
		if got := libraryLines([]byte(text), 0); !slices.Equal(got, want) {
			t.Errorf("lines of %q start at %v, want %v", text, got, want)
		}
	}
	if got := libraryLines([]byte("\ufeffa\nb"), 3); !slices.Equal(got, []uint32{3, 5}) {
		t.Errorf("behind a byte order mark, lines start at %v", got)
	}
	for text, want := range map[string]bool{"a\r\nb\n": false, "a\u0085": true, "a\u2028": true, "\u2029": true, "\u2027\u0084": false} {
		if got := newText([]byte(text), 0).hasOddBreaks(); got != want {
			t.Errorf("%q has odd breaks: %t", text, got)
		}
	}
}

// Characters are of the classes that they belong to, and those beside them are not.
func TestCharacters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what string
		is   func(rune) bool
		want []rune
	}{
		{"break", isBreak, []rune{'\n', '\r', 0x85, 0x2028, 0x2029}},
		{"blank", isBlank, []rune{'\t', '\n', '\r', ' ', 0x85, 0x2028, 0x2029, 0xfeff}},
		{"unseen space", isUnseenSpace, []rune{0xa0, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x200b, 0x202f, 0x205f, 0x3000, 0xfeff}},
		{"break byte", func(r rune) bool { return r < 256 && isBreakByte(byte(r)) }, []rune("\n\r")},
		{"space", func(r rune) bool { return r < 256 && isSpace(byte(r)) }, []rune("\t\n\r ")},
		{"digit", func(r rune) bool { return r < 256 && isDigit(byte(r)) }, []rune("0123456789")},
		{"letter", func(r rune) bool { return r < 256 && isLetter(byte(r)) }, []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")},
		{"word", func(r rune) bool { return r < 256 && isWord(byte(r)) }, []rune("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")},
	} {
		var got []rune
		for r := rune(0); r <= 0xffff; r++ {
			if tt.is(r) {
				got = append(got, r)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %s", tt.what, fmt.Sprintf("%U", got))
		}
	}
}

// Nodes with properties, and those with nothing in the end, end as those without; one that the library places elsewhere ends there.
func TestNodesWithProperties(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"!x [a]", "&a [b]", "!x {a: b}\n", "- !x [a, b]\n- &c {}\n", "a: !x\n  b: c\n", "&a b: c\n", "&a !x\n- b\n", "- &a\n  - b\n", "&a b:\n&c d:\n", "- !x &a 'b'\n- *a\n",
		"a:\nb   :\n", "- a\n-  \n", "a: {b: , c}\n", "-\n- a:   \n", "- a: b\n  c :\n- d\n", "a:\n- b\n-\n", "a: [b, ]\nc:\n\n", "a:\n  b:\nc:  # d\n"} {
		if !checkParser(t, text) {
			t.Errorf("%q isn't read", text)
		}
	}
	in := newText([]byte("ab"), 0)
	l := &library{text: in, starts: in.starts()}
	for _, n := range []yaml.Node{{Kind: yaml.MappingNode, Line: 1, Column: 2}, {Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Line: 1, Column: 2}} {
		if got := l.end(&n); got != 1 {
			t.Errorf("an empty node ends at %d", got)
		}
	}
	for _, n := range []yaml.Node{{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Line: 9, Column: 1}, {Kind: yaml.AliasNode, Value: "abc", Line: 1, Column: 2}, {Kind: yaml.ScalarNode, Value: "abc", Line: 1, Column: 1}} {
		if got := l.end(&n); got != 2 {
			t.Errorf("a node beyond the text ends at %d", got)
		}
	}
}
