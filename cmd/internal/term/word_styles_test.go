package term_test

import (
	"testing"

	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
)

// Every severity looks different, and the lack of one is plain.
func TestSeverityStyle(t *testing.T) {
	seen := map[term.Style]diag.Severity{}
	for _, s := range diag.Severities() {
		style := term.SeverityStyle(s)
		if other, taken := seen[style]; taken || style == term.Plain {
			t.Errorf("%s looks like %s: %q", s, other, style)
		}
		seen[style] = s
	}
	if style := term.SeverityStyle(0); style != term.Plain {
		t.Errorf("no severity is %q", style)
	}
}
