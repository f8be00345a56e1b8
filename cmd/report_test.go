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

// Up to 24 services are drawn, and up to 40 where the picture can be read; else a matrix
// says who calls whom: each service a line up to 40, groups above.
func TestReportMatrix(t *testing.T) {
	t.Parallel()
	flat := func(services int) string { // two layers: a wide picture that is easy to read
		var b strings.Builder
		for i := range services / 2 {
			fmt.Fprintf(&b, "---\nservice: a%d\nowner: one\noperations:\n  - {name: op, callee: b%d, answers: {immediacy: yes, retryability: no, latency: no, coupling: no}}\n", i, i%(services/2))
		}
		return b.String()
	}
	for _, test := range []struct {
		name, manifest string
		rows           int // of the matrix; 0 for a picture
	}{
		{"12", drawnSystem(12, false), 0},
		{"12 in cycles", drawnSystem(12, true), 0},
		{"24", drawnSystem(24, true), 0},
		{"26 easy to read", flat(26), 0},
		{"40 in cycles", drawnSystem(40, true), 40},
		{"100", drawnSystem(100, false), 13},
		{"300 in cycles", drawnSystem(300, true), 20},
	} {
		file := filepath.Join(t.TempDir(), "waitornot.yaml")
		writeText(t, file, test.manifest)
		_, page, _ := runMain(t, nil, "report", "--no-config", file)
		rows := strings.Count(page, "<tr data-group=")
		if drawn := strings.Count(page, `class="node"`) > 0; rows != test.rows || drawn != (test.rows == 0) {
			t.Errorf("%s: %d rows of a matrix, want %d; drawn: %v", test.name, rows, test.rows, drawn)
		}
	}
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
