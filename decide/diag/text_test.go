package diag

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A place, an offset and a position lead to each other, in each encoding.
func TestText(t *testing.T) {
	t.Parallel()
	text := NewText([]byte("ab\r\n\U0001f600é漢x\n\nlast"))
	for _, c := range []struct {
		pos    Pos
		offset int
		row    uint32
		column [3]uint32 // UTF-16, UTF-8, UTF-32
	}{
		{Pos{1, 1}, 0, 0, [3]uint32{0, 0, 0}},
		{Pos{1, 3}, 2, 0, [3]uint32{2, 2, 2}},
		{Pos{2, 1}, 4, 1, [3]uint32{0, 0, 0}},
		{Pos{2, 2}, 8, 1, [3]uint32{2, 4, 1}},
		{Pos{2, 3}, 10, 1, [3]uint32{3, 6, 2}},
		{Pos{2, 4}, 13, 1, [3]uint32{4, 9, 3}},
		{Pos{2, 5}, 14, 1, [3]uint32{5, 10, 4}},
		{Pos{3, 1}, 15, 2, [3]uint32{0, 0, 0}},
		{Pos{4, 5}, 20, 3, [3]uint32{4, 4, 4}},
	} {
		if at, ok := text.Offset(c.pos); !ok || at != c.offset {
			t.Errorf("Offset(%v) = %d, %t, want %d", c.pos, at, ok, c.offset)
		}
		if p := text.Pos(c.offset); p != c.pos {
			t.Errorf("Pos(%d) = %v, want %v", c.offset, p, c.pos)
		}
		for e, want := range c.column {
			if row, column := text.Position(c.offset, Encoding(e)); row != c.row || column != want {
				t.Errorf("Position(%d, %d) = %d:%d, want %d:%d", c.offset, e, row, column, c.row, want)
			}
			if at := text.At(c.row, want, Encoding(e)); at != c.offset {
				t.Errorf("At(%d, %d, %d) = %d, want %d", c.row, want, e, at, c.offset)
			}
		}
	}
	for _, bad := range []Pos{{}, {1, 5}, {5, 1}, {4, 6}} {
		if at, ok := text.Offset(bad); ok {
			t.Errorf("Offset(%v) = %d, want none", bad, at)
		}
	}
	if at := text.At(1, 1, UTF16); at != 4 {
		t.Errorf("inside a pair of units: %d, want the start of its character, 4", at)
	}
	if at := text.At(1, 2, UTF8); at != 4 {
		t.Errorf("inside the bytes of a character: %d, want 4", at)
	}
	if at := text.At(0, 99, UTF16); at != 2 {
		t.Errorf("behind a line: %d, want its end, 2", at)
	}
	if at := text.At(99, 0, UTF32); at != 20 {
		t.Errorf("behind the text: %d, want its end", at)
	}
}

// A mark is a character to an editor alone, and a lone carriage return a line break to it
// alone.
func TestTextOfEditors(t *testing.T) {
	t.Parallel()
	text := NewText([]byte("\xef\xbb\xbfa\rb\nc"))
	for _, c := range []struct {
		pos         Pos
		offset      int
		row, column uint32
	}{{Pos{1, 1}, 3, 0, 1}, {Pos{1, 3}, 5, 1, 0}, {Pos{2, 1}, 7, 2, 0}} {
		at, ok := text.Offset(c.pos)
		row, column := text.Position(at, UTF16)
		if !ok || at != c.offset || row != c.row || column != c.column || text.At(row, column, UTF16) != at || text.Pos(at) != c.pos {
			t.Errorf("%v is at %d, %d:%d, want %d, %d:%d", c.pos, at, row, column, c.offset, c.row, c.column)
		}
	}
}

// Each offset at the start of a character is found again, and units are those of the
// standard library.
func TestTextProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "é", "漢", "😀", "\n", "\r\n", "\r", "\xef\xbb\xbf", " "}), 0, 12).Draw(t, "text")
		data := strings.Join(pieces, "")
		text := NewText([]byte(data))
		from := 0
		for at, r := range data + "\x00" {
			if r == '\n' && at > 0 && data[at-1] == '\r' {
				from = at + 1
				continue // inside of a line break there is no place
			}
			for _, e := range []Encoding{UTF16, UTF8, UTF32} {
				row, column := text.Position(at, e)
				if back := text.At(row, column, e); back != at {
					t.Fatalf("%q: offset %d is %d:%d in %d, and that is %d", data, at, row, column, e, back)
				}
				want := map[Encoding]int{UTF8: at - from, UTF16: len(utf16.Encode([]rune(data[from:at]))), UTF32: utf8.RuneCountInString(data[from:at])}[e]
				if int(column) != want {
					t.Fatalf("%q: offset %d has column %d in %d, want %d", data, at, column, e, want)
				}
			}
			if p := text.Pos(at); !strings.HasPrefix(data, "\xef\xbb\xbf") {
				if back, ok := text.Offset(p); (!ok || back != at) && r != '\n' {
					t.Fatalf("%q: offset %d is %v, and that is %d, %t", data, at, p, back, ok)
				}
			}
			if r == '\n' || r == '\r' && (at+1 == len(data) || data[at+1] != '\n') {
				from = at + 1
			}
		}
		cut := rapid.IntRange(0, len(data)).Draw(t, "cut")
		if got := string(text.Splice(cut, len(data), "x").Bytes()); got != data[:cut]+"x" {
			t.Fatalf("Splice gives %q", got)
		}
	})
}

// TestTextLongLines walks texts character by character: every place is found
// by its position and gives it back, and past the end of a line there is none.
func TestTextLongLines(t *testing.T) {
	long := strings.Repeat("aü界🚑", 3*stride)
	for _, src := range []string{"", "a", "\n", long, "a\n" + long, long + "\n" + long + "\n", byteOrderMark + long + "\nü"} {
		x := NewText([]byte(src))
		at := Pos{Line: 1, Column: 1}
		i := 0
		if strings.HasPrefix(src, byteOrderMark) {
			i = len(byteOrderMark)
		}
		for {
			if got, ok := x.Offset(at); !ok || got != i {
				t.Fatalf("Offset(%v) = %d, %v; want %d", at, got, ok, i)
			}
			if got := x.Pos(i); got != at {
				t.Fatalf("Pos(%d) = %v, want %v", i, got, at)
			}
			r, size := utf8.DecodeRuneInString(src[i:])
			if r == '\n' || size == 0 {
				for _, past := range []uint32{1, 2, stride, 3 * stride} {
					if got, ok := x.Offset(Pos{Line: at.Line, Column: at.Column + past}); ok {
						t.Fatalf("%d past the end of line %d is offset %d, want none", past, at.Line, got)
					}
				}
			}
			if size == 0 {
				break
			}
			if i += size; r == '\n' {
				at = Pos{Line: at.Line + 1, Column: 1}
			} else {
				at.Column++
			}
		}
	}
}
