package diag

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"name", "answers", "timeout", "mode", "delivery", "retry", "kind"}
	for word, want := range map[string]string{
		"timout":      "timeout",
		"Timeout":     "timeout",
		"anwsers":     "answers",
		"answer":      "answers",
		"nmae":        "name",
		"delivry":     "delivery",
		"zzz":         "",
		"":            "",
		"k":           "",
		"modus":       "mode",
		"retries":     "retry",
		"description": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
