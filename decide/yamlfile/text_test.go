package yamlfile

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// counted is the place of an offset, counted from the start of the text.
func counted(t *text, at int) diag.Pos {
	before := t.data[:at]
	line := uint32(bytes.Count(before, []byte("\n")) + 1)
	row := before[bytes.LastIndexByte(before, '\n')+1:]
	column := uint32(utf8.RuneCount(bytes.TrimPrefix(row, []byte(byteOrderMark))) + 1)
	if line == 1 {
		column += t.lead
	}
	number := t.above + line
	if line > t.gapAfter {
		number += t.gap
	} else if line == t.gapAfter && t.cut > 0 && at >= int(t.cut) {
		number, column = number+t.gap, uint32(int64(column)+t.cutColumns)
	}
	return diag.Pos{Line: number, Column: column}
}

// An offset has the place at which editors show it, and the library's line and column lead
// back to it: in long lines, behind byte order marks, in pieces.
func TestPlaces(t *testing.T) {
	t.Parallel()
	texts := []string{"", "a", "\n", "a\nbc\n", "ü\nb\u20acc\n\n", "\ufeffa\nb", "\ufeffü\nb", "a: b\n---\n\ufeffc: ü\n"}
	for _, n := range []int{254, 255, 256, 257, 510, 511, 512, 513, 514, 800} {
		texts = append(texts, "ü\n"+strings.Repeat("a", n)+"\nb", strings.Repeat("ü", n), strings.Repeat("a", n-1)+"ü\n"+strings.Repeat("b🙂", n/2)+"\n")
	}
	for _, s := range texts {
		for _, set := range []func(*text){
			func(*text) {},
			func(t *text) { t.above, t.lead = 7, 3 },
			func(t *text) { t.gapAfter, t.gap = 1, 5 },
			func(t *text) { t.gapAfter, t.gap, t.cut, t.cutColumns = 1, 5, 1, -1 },
			func(t *text) { t.gapAfter, t.gap, t.cut, t.cutColumns = 2, 1, uint32(len(s)-1), 4 },
		} {
			in := newText([]byte(s), 0)
			set(in)
			l := &library{text: in, starts: in.starts()}
			line, column := 1, 1
			for at, r := range s {
				if r != 0xfeff {
					if got, want := in.pos(at), counted(in, at); got != want {
						t.Fatalf("offset %d of %q is at %v, want %v", at, s, got, want)
					}
					if got := l.offset(line, column); got != at {
						t.Fatalf("line %d and column %d of %q are the offset %d, want %d", line, column, s, got, at)
					}
					column++
				}
				if r == '\n' {
					line, column = line+1, 1
				}
			}
			if got, want := in.pos(len(s)), counted(in, len(s)); got != want {
				t.Fatalf("the end of %q is at %v, want %v", s, got, want)
			}
			if start := (diag.Pos{Line: in.number(1), Column: in.lead + 1}); strings.HasPrefix(s, byteOrderMark) && in.pos(0) != start {
				t.Fatalf("%q starts at %v, want %v", s, in.pos(0), start)
			}
			for _, beyond := range [][2]int{{0, 1}, {len(in.starts()) + 1, 1}, {len(in.starts()), 2000}} {
				if got := l.offset(beyond[0], beyond[1]); got != len(s) {
					t.Fatalf("line %d and column %d of %q are the offset %d", beyond[0], beyond[1], s, got)
				}
			}
		}
	}
}

// Lines of more than 512 bytes have marks, unless all characters are single bytes.
func TestMarks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		strings.Repeat("a", 2000): 0, strings.Repeat("a", 510) + "ü": 0, strings.Repeat("a", 511) + "ü": 1,
		"ü\n" + strings.Repeat("a", 511) + "\n": 0, "ü\n" + strings.Repeat("a", 512) + "\nb": 2,
		"ü\n" + strings.Repeat("a", 300) + "\n" + strings.Repeat("a", 300): 0, strings.Repeat("ü", 512): 1, strings.Repeat("ü", 513): 2,
	} {
		n := 0
		for _, marks := range newText([]byte(text), 0).marks {
			n += len(marks)
		}
		if n != want {
			t.Errorf("%d bytes that begin with %.3q have %d marks, want %d", len(text), text, n, want)
		}
	}
}
