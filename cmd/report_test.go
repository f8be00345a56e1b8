package cmd

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The policy of the page names exactly its own style and script, and nothing in
// the page leads out of it.
func TestReportStandsAlone(t *testing.T) {
	_, page, _ := runMain(t, nil, "report", "--no-config", filepath.Join(browserDir, "strained.waitornot.yaml"))
	policy := html.UnescapeString(between(t, page, `http-equiv="Content-Security-Policy" content="`, `"`))
	for _, part := range []struct{ directive, text string }{
		{"style-src", between(t, page, "<style>", "</style>")},
		{"script-src", between(t, page, "\n<script>", "</script>")},
	} {
		sum := sha256.Sum256([]byte(part.text))
		want := fmt.Sprintf("%s 'sha256-%s';", part.directive, base64.StdEncoding.EncodeToString(sum[:]))
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q has no %q", policy, want)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy: %s", policy)
	}
	if found := regexp.MustCompile(`(?i)<[^<>]*\s(?:src|style|on\w+)=[^<>]*>|<[^<>]*href="[^#"][^<>]*>|@import|url\([^#]`).FindAllString(page, -1); len(found) != 1 {
		t.Errorf("the page refers to %q, want its icon alone", found)
	}
}

func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	inner, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("nothing between %q and %q", from, to)
	}
	return inner
}

// A comment never exceeds its limit, whatever that is, and accounts for every
// operation and every finding.
func TestReportLimit(t *testing.T) {
	many := filepath.Join(t.TempDir(), "many.yaml")
	writeText(t, many, largeManifest(400)+"  - {name: \"|`<details>\", callee: \"@all #1\", answers: {immediacy: no}}\n")
	_, out, _ := runMain(t, nil, "check", "--no-config", "--brief", "--quiet", many)
	findings := strings.Count(out, "\n")
	for limit := 1000; limit < 100_000; limit = limit*5/4 + 7 {
		code, out, errs := runMain(t, nil, "report", "--no-config", "--format", "markdown", "--limit", strconv.Itoa(limit), many)
		if code != exitOK {
			t.Fatalf("ends with %d: %s", code, errs)
		}
		if len(out) > limit {
			t.Fatalf("%d bytes, want at most %d", len(out), limit)
		}
		if n := strings.Count(out, "<details>") - strings.Count(out, "</details>"); n != 0 {
			t.Errorf("limit %d: %d details stay open", limit, n)
		}
		if n := strings.Count(out, "```"); n%2 != 0 {
			t.Errorf("limit %d: a fence stays open", limit)
		}
		if n := strings.Count(out, "\n| **") + leftOut(out, "operation"); n != 401 {
			t.Errorf("limit %d: %d operations shown or counted, want 401", limit, n)
		}
		if n := strings.Count(out, " | error | ") + strings.Count(out, " | warning | ") + strings.Count(out, " | info | ") + leftOut(out, "finding"); n != findings {
			t.Errorf("limit %d: %d findings shown or counted, want %d", limit, n, findings)
		}
	}
}

// leftOut returns how many of something a comment says that it leaves out.
func leftOut(comment, noun string) int {
	m := regexp.MustCompile(`\n(\d+) (?:more )?` + noun + `s? left out`).FindStringSubmatch(comment)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// A page is not written to a terminal; a comment is.
func TestReportToTerminal(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	go func() { _, _ = io.Copy(io.Discard, terminal) }() // else a page would fill it, and block
	for format, want := range map[string]int{"html": exitUsage, "markdown": exitOK} {
		s, stderr := streams(t, nil, terminal)
		writeUndecided(t, s.Dir, 1)
		if code := Main(t.Context(), []string{"report", "--format", format}, s); code != want {
			t.Errorf("%s ends with %d, want %d: %s", format, code, want, stderr)
		}
	}
}
