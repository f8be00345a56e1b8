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

// A word is meant only when no other known word is as near.
func TestMeant(t *testing.T) {
	known := []string{"name", "answers", "timeout", "mode", "kind", "node"}
	for word, want := range map[string]string{
		"timout":  "timeout",
		"Timeout": "timeout",
		"tmeouts": "timeout",
		"nmae":    "name",
		"mod":     "mode",
		"code":    "", // mode or node
		"tmoutss": "", // three edits
		"zzz":     "",
	} {
		if got := Meant(word, known); got != want {
			t.Errorf("Meant(%q) = %q, want %q", word, got, want)
		}
	}
}
