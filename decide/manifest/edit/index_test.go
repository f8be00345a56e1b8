package edit

import (
	"strings"
	"testing"
	"unicode/utf8"

	"waitornot/decide/diag"
)

// TestIndexLongLines walks texts character by character: every place is found
// by its position and gives it back, and past the end of a line there is none.
func TestIndexLongLines(t *testing.T) {
	long := strings.Repeat("aü界🚑", 3*stride)
	for _, src := range []string{"", "a", "\n", long, "a\n" + long, long + "\n" + long + "\n", byteOrderMark + long + "\nü"} {
		x := NewIndex([]byte(src))
		at := diag.Pos{Line: 1, Column: 1}
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
					if got, ok := x.Offset(diag.Pos{Line: at.Line, Column: at.Column + past}); ok {
						t.Fatalf("%d past the end of line %d is offset %d, want none", past, at.Line, got)
					}
				}
			}
			if size == 0 {
				break
			}
			if i += size; r == '\n' {
				at = diag.Pos{Line: at.Line + 1, Column: 1}
			} else {
				at.Column++
			}
		}
	}
}
