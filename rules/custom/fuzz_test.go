package custom

import "testing"

// Whatever an expression is, compiling it ends: in a rule, or in a fault with a text.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{`name == "a"`, `any(tags, any(guards, # == "z"))`, `len(tags) > 1 ? pool : 1`, `((((((`, `tags[0:99999999]`, `1..9999999999`, `let x = 1; x + pool > 2`, `"a" matches "(a+)+$"`, `-----pool`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, when string) {
		r, findings := Compile(ruleOf(when))
		if r == nil && (len(findings) == 0 || findings[0].Message == "") {
			t.Fatalf("%q makes no rule, and nobody says why", when)
		}
	})
}
