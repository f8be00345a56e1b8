package config

import (
	"strings"
	"testing"
)

// An address names a repository, a file in it and a revision; whatever could mean
// something else to git is refused, and no error quotes it.
func TestParsePreset(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{
		"git+https://git.example.org/platform/presets//strict.yaml@v3",
		"git+https://git.example.org:8443/p.git//a/b.yaml@release/2026.1",
		"git+ssh://git@git.example.org/~ops/p//a.yaml@0123456789012345678901234567890123456789",
	} {
		p, err := ParsePreset(ok)
		if err != nil || p.String() != ok {
			t.Errorf("ParsePreset(%s) = %v, %v", ok, p, err)
		}
	}
	tests := []struct{ text, want string }{
		{"git+https://h/r//a.yaml", "revision is missing"},
		{"git+https://h/r@v1", "file is missing"},
		{"git+https://h/r//a.yaml@", "tag or a full commit hash"},
		{"git+https://h/r//a.yaml@--upload-pack=x", "tag or a full commit hash"},
		{"git+https://h/r//a.yaml@a..b", "tag or a full commit hash"},
		{"git+https://h/r//a.yaml@v1^{tree}", "tag or a full commit hash"},
		{"git+https://ada:secret@h/r//a.yaml@v1", "credentials"},
		{"git+https://secret@h/r//a.yaml@v1", "credentials"},
		{"git+ssh://git:secret@h/r//a.yaml@v1", "credentials"},
		{"git+http://h/r//a.yaml@v1", "only git+https"},
		{"git+file:///etc//a.yaml@v1", "only git+https"},
		{"git+file://h/r//a.yaml@v1", "only git+https"},
		{"git+ext::sh -c x//a.yaml@v1", "write git+https"},
		{"git+ssh://-oProxyCommand=x/r//a.yaml@v1", "address is invalid"},
		{"git+https://h/../r//a.yaml@v1", "address is invalid"},
		{"git+https://h/r%2f..//a.yaml@v1", "address is invalid"},
		{"git+https://h/r//../a.yaml@v1", "inside the repository"},
		{"git+https://h/r///etc/passwd@v1", "inside the repository"},
		{"git+https://h/r//.git/config@v1", "inside the repository"},
		{"git+https://h/r\x1b[2J//a.yaml@v1", "address is invalid"},
	}
	for _, tt := range tests {
		p, err := ParsePreset(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParsePreset(%q) = %v, %v; want an error with %q", tt.text, p, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error of %q holds the password", tt.text)
		}
	}
}
