package diag

import "testing"

// A mark is taken off, and UTF-16 is told with and without one.
func TestUnmark(t *testing.T) {
	for in, want := range map[string]struct {
		text  string
		utf16 bool
	}{
		"":                 {"", false},
		"{":                {"{", false},
		"\xef\xbb\xbf{}":   {"{}", false},
		"\xff\xfe{\x00":    {"\xff\xfe{\x00", true},
		"\xfe\xff\x00{":    {"\xfe\xff\x00{", true},
		"{\x00}\x00":       {"{\x00}\x00", true},
		"\x00{\x00}":       {"\x00{\x00}", true},
		"{}\xef\xbb\xbf{}": {"{}\xef\xbb\xbf{}", false},
	} {
		if text, utf16 := Unmark([]byte(in)); string(text) != want.text || utf16 != want.utf16 {
			t.Errorf("Unmark(%q) = %q, %t, want %q, %t", in, text, utf16, want.text, want.utf16)
		}
	}
}
