package term

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// obeys is what runners take for a command, as their sources say, in one line.
func obeys(line string) bool {
	line = regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(line, "")
	return strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") ||
		regexp.MustCompile(`(?i)##(\[|vso\[|teamcity\[)`).MatchString(line)
}

func inActions(name string) string {
	if name == "GITHUB_ACTIONS" {
		return "true"
	}
	return ""
}

// Where a runner reads, no text forms a command, however it is cut into writes; and no
// control character is left but line ends, tabs and styles.
func TestGuarded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.StringMatching("[ \t\u00a0\r\n]{0,2}(::|:|##\\[|##vso\\[|##teamcity\\[|#|\x1b|\x1b\\[31m|\x1b\\[2J|\x1b\\]0;x\x07|é|error){0,4}"))).Draw(t, "parts")
		var b bytes.Buffer
		s := Streams{Out: &b, Err: &b, Env: inActions}.Guarded()
		for _, p := range parts {
			if n, err := s.Out.Write([]byte(p)); n != len(p) || err != nil {
				t.Fatalf("Write(%q) = %d, %v", p, n, err)
			}
		}
		for _, line := range strings.FieldsFunc(b.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if obeys(line) {
				t.Fatalf("%q forms a command: %q", parts, line)
			}
			for _, r := range regexp.MustCompile("\x1b\\[[0-9;]*m?").ReplaceAllString(line, "") {
				if r < ' ' && r != '\t' || r == 0x7f {
					t.Fatalf("%q leaves %q in %q", parts, r, line)
				}
			}
		}
	})
}

// What no runner reads stays as it is, and so does plain text.
func TestGuardedLeavesAlone(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	s := Streams{Out: &b, Err: &b, Env: inActions}.Guarded()
	const plain = "### title\nshop: a::b\n\x1b[1mbold\x1b[0m # x\r\n\té"
	if _, err := s.Out.Write([]byte(plain)); err != nil || b.String() != plain {
		t.Errorf("plain text became %q", b.String())
	}
	if ForCommands(s.Out) != &b || ForCommands(&b) != &b {
		t.Error("ForCommands does not lead to the stream")
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if s := (Streams{Out: file, Err: file, Env: inActions}).Guarded(); s.Out != file {
		t.Error("a file is guarded")
	}
	if s := (Streams{Out: &b, Err: &b, Env: func(string) string { return "" }}).Guarded(); s.Out != &b {
		t.Error("guarded without a runner")
	}
}
