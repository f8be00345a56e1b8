package adr

import (
	"regexp"
	"sync"
)

// pattern returns what makes a pattern when it is first used: commands that
// keep no records start without them.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
