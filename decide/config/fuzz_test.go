package config_test

import (
	"strings"
	"testing"

	"waitornot/decide/config"
)

// Whatever configurations hold, reading them ends, and each fault has a place and a text.
func FuzzConfiguration(f *testing.F) {
	for _, seed := range []string{
		"extends: ../.waitornot.yaml\nrules: {never: off}\nlocked: [never]\n", "overrides: [{paths: ['{a,b}/**'], rules: {slow: error}}]\n", "table: [{name: x, verdict: sync}]\n",
		"custom_rules: [{code: X001, name: x, severity: info, when: 'len(tags) > 1', message: m}]\n", "latency_threshold: 1s\nwait_limit: 1ms\n", "a: &a [*a]\n", "extends: git+https://h/r//a@v1\n",
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, above, below string) {
		l := loader(t, map[string]string{"/.waitornot.yaml": above, "/sub/.waitornot.yaml": below})
		_ = l.Policy("/sub/waitornot.yaml")
		_ = l.Config("/sub/waitornot.yaml")
		for _, x := range l.Findings() {
			if x.Message == "" || x.File == "" {
				t.Fatalf("a fault without a text or a file: %+v", x)
			}
		}
	})
}

// An address that is taken reads back as it was written, and can't be an option of git or
// lead out of its repository.
func FuzzParsePreset(f *testing.F) {
	f.Add("git+https://git.example.org/platform/presets//strict.yaml@v3")
	f.Add("git+ssh://git@git.example.org/~ops/p//a.yaml@0123456789012345678901234567890123456789")
	f.Add("git+https://h/r//../a@--x")
	f.Add("git+ssh://h/r//-o@0")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := config.ParsePreset(text)
		if err != nil {
			return
		}
		if p.String() != text {
			t.Fatalf("%q reads back as %q", text, p)
		}
		for _, part := range []string{p.URL, p.File, p.Revision} {
			if part == "" || part[0] == '-' || strings.ContainsAny(part, " \t\n\x00\x1b:?*[\\^") && part != p.URL || strings.Contains("/"+part+"/", "/../") {
				t.Fatalf("%q is taken with %q", text, part)
			}
		}
	})
}
