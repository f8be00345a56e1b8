package diag

import "testing"

// A range lies in another when neither end of it is outside.
func TestWithin(t *testing.T) {
	t.Parallel()
	at := func(from, to uint32) Range { return Range{Pos{1, from}, Pos{1, to}} }
	for r, want := range map[Range]bool{
		at(10, 20): true, at(11, 19): true, at(10, 10): true, at(20, 20): true,
		at(9, 20): false, at(10, 21): false, at(9, 21): false, at(1, 5): false, at(25, 30): false,
		{Pos{2, 12}, Pos{2, 13}}: false, {Pos{1, 12}, Pos{2, 13}}: false,
	} {
		if r.Within(at(10, 20)) != want {
			t.Errorf("%v within 1:10 to 1:20 is %t", r, !want)
		}
	}
}
