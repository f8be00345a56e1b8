package yamlfile

import (
	"slices"
	"strings"
	"testing"
)

// An anchor is told from an ampersand in a text; where that can't be told, it is taken
// for one.
func TestHasAnchor(t *testing.T) {
	for text, want := range map[string]bool{
		"a: &b 1":               true,
		"&a b: 1":               true,
		"- &a b":                true,
		"a: [&b 1]":             true,
		"a: [1, &b 2]":          true,
		"a: {b: 1,\n  &c d: 2}": true,
		"a: !!str &b 1":         true,
		"a: !x   &b 1":          true,
		"a:\n  &b\n  c: 1":      true,
		"? &a b":                true,
		"a: R&D":                false,
		"a: this & that":        false,
		"a: orders &c.":         false,
		"a: it is !so &c.":      false,
		"a: b- &c":              true, // not worth telling
		"a: -&b":                false,
		"-&a":                   false,
		"!x &a 1":               true,
		" &a":                   true,
		"\t&a 1":                true,
		"a: b !x c &a":          false,
		"& a":                   false,
		"a: 1 &":                false,
		"a: & &b 1":             false,
		"a: b&c,\n&d 1":         true,
		"a: b":                  false,
		"":                      false,
	} {
		if got := hasAnchor([]byte(text)); got != want {
			t.Errorf("hasAnchor(%q) = %t, want %t", text, got, want)
		}
	}
}

// Short documents are one piece together, up to its size; a long one is a piece by itself,
// cut where it has a list. Each piece knows what stands above it.
func TestSplit(t *testing.T) {
	t.Parallel()
	const a, b = "---\na: 1\n", "---\nb: 2\n" // of nine bytes
	list := func(n int) string { return "---\nops:\n" + strings.Repeat("- a\n", n) }
	type at struct {
		from, to     int
		above        uint32
		count, index int
		items        int // the pieces of its list
	}
	for _, tt := range []struct {
		name, text string
		size       int
		want       []at // nil when it is read in one
	}{
		{"one that is short", a, 100, []at{{0, 9, 0, 1, 0, 0}}},
		{"two that are as long as a piece", a + b, 18, []at{{0, 18, 0, 2, 0, 0}}},
		{"two that are longer", a + b, 17, []at{{0, 9, 0, 1, 0, 0}, {9, 18, 2, 1, 1, 0}}},
		{"three", a + b + a, 18, []at{{0, 18, 0, 2, 0, 0}, {18, 27, 4, 1, 2, 0}}},
		{"a comment first", "# x\n" + a + b, 13, []at{{0, 13, 0, 1, 0, 0}, {13, 22, 3, 1, 1, 0}}},
		{"one that is twice as long as a piece", "a: 1\nb: 2\n", 5, nil},
		{"one that is nearly twice as long", "a: 1\nb: 23\n", 6, []at{{0, 11, 0, 1, 0, 0}}},
		{"a list that is twice as long as a piece", list(3), 10, []at{{0, 21, 0, 1, 0, 1}}},
		{"a list that is just twice as long", "ops:\n- a\n- b\n- cd\n", 9, []at{{0, 18, 0, 1, 0, 1}}},
		{"a list that is nearly twice as long", a + list(3), 11, []at{{0, 9, 0, 1, 0, 0}, {9, 30, 2, 1, 1, 0}}},
		{"a list between short ones", a + list(3) + b, 8, []at{{0, 9, 0, 1, 0, 0}, {9, 30, 2, 1, 1, 2}, {30, 39, 7, 1, 2, 0}}},
		{"an anchor in a short one", a + "---\nb: &b 2\n" + b, 21, []at{{0, 21, 0, 2, 0, 0}, {21, 30, 4, 1, 2, 0}}},
		{"an anchor in all that is short", a + "---\nb: &b 2\n", 100, nil},
		{"an anchor beside a list", "---\na: &a 1\n" + list(3), 8, []at{{0, 12, 0, 1, 0, 0}, {12, 33, 2, 1, 1, 0}}},
		{"an anchor in the only one", "a: &a 1\n", 100, nil},
		{"the end of a list", list(3) + "...\n" + a, 8, []at{{0, 25, 0, 1, 0, 0}, {25, 34, 6, 1, 1, 0}}},
		{"the end of the last list", a + list(3) + "...\n", 8, []at{{0, 9, 0, 1, 0, 0}, {9, 30, 2, 1, 1, 2}}},
		{"a lone carriage return", a + "# \r\n# \r" + b, 100, nil},
	} {
		pieces, ok := split([]byte(tt.text), tt.size, "ops")
		if ok != (tt.want != nil) {
			t.Errorf("%s: cut: %t", tt.name, ok)
			continue
		}
		var got []at
		for _, p := range pieces {
			items := 0
			if p.list != nil {
				items = len(p.list.pieces)
			}
			got = append(got, at{p.from, p.to, p.above, p.count, p.index, items})
		}
		if ok && !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The key of the list is known in quotes, too, and only by itself on its line.
func TestListKey(t *testing.T) {
	for row, want := range map[string]int{
		"operations:\n":          10,
		"operations:":            10,
		"operations: # them\r\n": 10,
		"\"operations\":\n":      12,
		"'operations': \n":       12,
		"operations: []":         0,
		"operations:#":           0,
		"\"operations:\n":        0,
		"\"operations':\n":       0,
		"operation:\n":           0,
		" operations:\n":         0,
		"operations :\n":         0,
		"":                       0,
		"operations":             0,
		"'":                      0,
		"operations: a":          0,
		"operations:\t#":         10,
	} {
		if got := listKey([]byte(row), "operations"); got != want {
			t.Errorf("listKey(%q) = %d, want %d", row, got, want)
		}
	}
}

// A piece may nest too deeply from as many openings on as the library nearly refuses,
// whatever stands between them.
func TestMayBeTooDeep(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, strings.Repeat("[", 9_899): false, strings.Repeat("[", 9_900): true, strings.Repeat("- ", 9_899): false,
		strings.Repeat("{", 4_950) + strings.Repeat("? ", 4_950): true, strings.Repeat("a", 20_000): false,
	} {
		if got := mayBeTooDeep([]byte(text)); got != want {
			t.Errorf("%d bytes that begin with %.3q: %t", len(text), text, got)
		}
	}
}

// An item ends where the next dash stands in its column, whatever lies between: blank lines,
// deeper dashes, dashes that begin a word.
func TestItemEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text   string
		column int
		want   int
	}{
		{"- a\n- b\n", 0, 4}, {"- a\n\n- b\n", 0, 5}, {"- a\n  - c\n- b\n", 0, 10}, {"- a\n-b\n- c", 0, 7}, {"- a\n-\n", 0, 4},
		{"- a\n", 0, 4}, {"- a", 0, 3}, {"  - a\n  -\tb\n", 2, 6}, {"  - a\n- b\n", 2, 10},
	} {
		if got := itemEnd([]byte(tt.text), 0, tt.column); got != tt.want {
			t.Errorf("%q in column %d ends at %d, want %d", tt.text, tt.column, got, tt.want)
		}
	}
}
