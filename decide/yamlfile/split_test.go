package yamlfile

import "testing"

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
		"a: b":                  false,
		"":                      false,
	} {
		if got := hasAnchor([]byte(text)); got != want {
			t.Errorf("hasAnchor(%q) = %t, want %t", text, got, want)
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
	} {
		if got := listKey([]byte(row), "operations"); got != want {
			t.Errorf("listKey(%q) = %d, want %d", row, got, want)
		}
	}
}
