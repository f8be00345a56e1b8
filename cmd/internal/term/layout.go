package term

import "strings"

// A Layout says how text for people is laid out. The other formats do not change
// with it.
type Layout struct {
	Painter
	Width int  // columns
	Brief bool // one line for each finding
	Quiet bool // no summary
	ASCII bool // the terminal shows no other characters
}

// ASCII reports whether the locale that the environment sets shows no more than ASCII.
func (s Streams) ASCII() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(s.Env(name)); value != "" {
			return !strings.Contains(value, "utf-8") && !strings.Contains(value, "utf8")
		}
	}
	return true
}
