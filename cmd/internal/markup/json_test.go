package markup

import "testing"

func TestEscapeJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":"é # x"}`:  `{"a":"é # x"}`,
		`"##[x]"`:        `"#\u0023[x]"`,
		`"###"`:          `"#\u0023#"`,
		"\"\u009b31m\"":  `"\u009b31m"`,
		"\"\u202e\x7f\"": `"\u202e\u007f"`,
		"\"\U000e0041\"": `"\udb40\udc41"`,
		"":               "",
	} {
		if got := string(EscapeJSON([]byte(text))); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
