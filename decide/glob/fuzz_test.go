package glob

import (
	"strings"
	"testing"
)

// A pattern that is taken matches in bounded time, and one that isn't matches nothing.
func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"{a,b}/**/*.yaml", "[a-z]*", "\\{", "{{a,b},{c,d}}", "**/**/x", "[^", "{a,**/a}/{a,**/a}/b"} {
		f.Add(seed, "a/b/c.yaml")
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		wrong := Check(strings.TrimPrefix(pattern, "./"))
		if Match(pattern, path) && wrong != "" {
			t.Fatalf("%q is refused (%s), and matches %q", pattern, wrong, path)
		}
	})
}
