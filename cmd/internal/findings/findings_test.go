package findings

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// update asks to rewrite the expected output in testdata, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

// written returns a report in a format.
func written(t testing.TB, name string, r *Report, l term.Layout) string {
	t.Helper()
	for _, f := range Formats() {
		if f.Name == name {
			var b bytes.Buffer
			if err := f.Write(&b, r, l); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
	}
	t.Fatalf("there is no format %q", name)
	return ""
}

func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		if f.Name == "" || f.Doc == "" || f.Ext == "" || f.Page == nil || seen[f.Name] {
			t.Errorf("format %q is incomplete or twice in the list", f.Name)
		}
		seen[f.Name] = true
	}
}

// golden compares output with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Each format writes the sample as its golden file shows.
func TestGolden(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			golden(t, f.Name+"."+f.Ext, written(t, f.Name, sample(), term.Layout{Width: 80}))
		})
	}
	t.Run("brief", func(t *testing.T) {
		golden(t, "text-brief.txt", written(t, "text", sample(), term.Layout{Width: 80, Brief: true}))
	})
	t.Run("color", func(t *testing.T) {
		got := written(t, "text", sample(), term.Layout{Width: 60, Painter: term.Painter{Color: true}})
		golden(t, "text-color.txt", strings.ReplaceAll(got, "\x1b", "␛"))
	})
}

// Every format counts what is waived, and names every file that could not be
// opened.
func TestNothingIsDropped(t *testing.T) {
	r := sample()
	r.Unreadable = append(r.Unreadable, lint.Unreadable{File: "second.yaml", Err: errors.New("permission denied")})
	for _, f := range Formats() {
		got := written(t, f.Name, r, term.Layout{Width: 80})
		for _, want := range []string{"gone.yaml", "no such file", "second.yaml", "permission denied", "waived"} {
			if want == "waived" && f.Name == "junit" {
				want = "skipped"
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q", f.Name, want)
			}
		}
		again := written(t, f.Name, r, term.Layout{Width: 80})
		if got != again {
			t.Errorf("%s writes other bytes the second time", f.Name)
		}
	}
}

// No text of a manifest brings a control character, or one that turns the
// direction of writing, into what people read, nor a line that it did not
// start.
func TestHostileTextStaysInItsLine(t *testing.T) {
	r := hostileReport()
	for _, name := range []string{"text", "github", "markdown"} {
		for _, l := range []term.Layout{{Width: 80}, {Width: 40, Brief: true}} {
			for i, line := range strings.Split(written(t, name, r, l), "\n") {
				if !utf8.ValidString(line) || strings.ContainsFunc(line, func(c rune) bool { return term.Safe(string(c)) != string(c) && c != utf8.RuneError }) {
					t.Errorf("%s: line %d is not safe: %.80q", name, i+1, line)
				}
				if name == "github" && strings.HasPrefix(line, "::") && !strings.Contains(line, ",title=") {
					t.Errorf("github: line %d is a command that a manifest wrote: %.80q", i+1, line)
				}
			}
		}
	}
}

// The mark of text stands under what the range covers, whatever the width.
func TestMarkIsUnderTheRange(t *testing.T) {
	line := "\tkey: 日本語 " + strings.Repeat("filler ", 40) + "«target» " + strings.Repeat("more ", 40)
	start := uint32(utf8.RuneCountInString(line[:strings.Index(line, "«")])) + 1
	for width := 40; width <= 120; width++ {
		c := newCursor([]byte("first\n" + line + "\r\nlast"))
		if !c.seek(diag.Pos{Line: 2, Column: start}) {
			t.Fatal("the place is not found")
		}
		got, indent, length := excerpt(c, span(2, start, 2, start+8), width)
		if term.Cells(got) > width || strings.Contains(got, "\r") {
			t.Errorf("width %d: %d columns: %q", width, term.Cells(got), got)
		}
		before, _, found := strings.Cut(got, "«target»")
		if !found || term.Cells(before) != indent || length != 8 {
			t.Errorf("width %d: mark of %d columns at %d under %q", width, length, indent, got)
		}
	}
}

// A cursor goes to the same place from wherever it is.
func TestCursor(t *testing.T) {
	text := "\ufeffone\n日本 two\n\nfour\u2028still"
	type place struct {
		line, column uint32
		ok           bool
		rest         string
	}
	places := []place{
		{1, 1, true, "one"}, {1, 4, true, ""}, {1, 5, false, ""}, {2, 3, true, " two"}, {2, 1, true, "日本 two"}, {3, 1, true, ""},
		{4, 5, true, "\u2028still"}, {4, 11, true, ""}, {4, 12, false, ""}, {5, 1, false, ""}, {0, 0, false, ""},
	}
	for _, from := range places {
		for _, to := range places {
			c := newCursor([]byte(text))
			c.seek(diag.Pos{Line: from.line, Column: from.column})
			ok := c.seek(diag.Pos{Line: to.line, Column: to.column})
			if ok != to.ok {
				t.Errorf("from %v: seek(%d:%d) = %v", from, to.line, to.column, ok)
			}
			if rest, _ := c.after(100); ok && string(rest) != to.rest {
				t.Errorf("from %v: at %d:%d stands %q, want %q", from, to.line, to.column, rest, to.rest)
			}
		}
	}
}

// brokenPipe fails after some bytes.
type brokenPipe struct{ left int }

func (b *brokenPipe) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

func TestWriteReportsAFullDisk(t *testing.T) {
	for _, f := range Formats() {
		if err := f.Write(&brokenPipe{10}, sample(), term.Layout{Width: 80}); err == nil {
			t.Errorf("%s: no error from a writer that fails", f.Name)
		}
	}
}

// many returns a report of n findings in one file.
func manyFindings(n int) *Report {
	var text strings.Builder
	findings := make([]diag.Finding, n)
	for i := range findings {
		fmt.Fprintf(&text, "  - name: operation-%d\n    mode: sync\n", i)
		findings[i] = diag.Finding{
			File: "waitornot.yaml", Range: span(uint32(2*i+1), 11, uint32(2*i+1), 20), Code: "WN101", Rule: "mode-disagrees", Severity: diag.Error,
			Message: fmt.Sprintf("%q is declared sync, but its answers give async", fmt.Sprint("operation-", i)),
			Fix:     "declare mode: async", Operation: fmt.Sprint("shop/operation-", i),
		}
	}
	r := finished(findings, nil)
	data := []byte(text.String())
	r.Names, r.Text = []string{"waitornot.yaml"}, func(string) ([]byte, bool) { return data, true }
	return r
}

// Pages of limited size stay within it, and say how much they leave out.
func TestMarkdownKeepsItsLimit(t *testing.T) {
	r := manyFindings(20_000)
	if got := written(t, "markdown", r, term.Layout{}); len(got) > markup.MaxComment || !strings.Contains(got, "more findings left out") {
		t.Errorf("a comment of %d bytes, ending %q", len(got), got[len(got)-60:])
	}
	for _, used := range []int{0, markup.MaxSummary / 2, markup.MaxSummary - 300, markup.MaxSummary, 2 * markup.MaxSummary} {
		var b bytes.Buffer
		if err := r.WriteSummary(&b, used); err != nil {
			t.Fatal(err)
		}
		if b.Len() > max(markup.MaxSummary-used, markup.MarkdownReserve) || !strings.Contains(b.String(), "left out") {
			t.Errorf("after %d bytes, a summary of %d", used, b.Len())
		}
	}
	rows := strings.Count(written(t, "markdown", r, term.Layout{}), "\n| `")
	if want := fmt.Sprintf("%d more findings", 20_000-rows); !strings.Contains(written(t, "markdown", r, term.Layout{}), want) {
		t.Errorf("%d rows are shown, and the page does not say %q", rows, want)
	}
}

// A summary that has room for all of its findings holds them, and one with less room is cut.
func TestSummaryFits(t *testing.T) {
	r := manyFindings(50)
	cut := func(used int) (bool, int) {
		var b bytes.Buffer
		if err := r.WriteSummary(&b, used); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(b.String(), "left out"), b.Len()
	}
	used := sort.Search(markup.MaxSummary, func(used int) bool { is, _ := cut(used); return is }) - 1
	if is, n := cut(used); is || used+n > markup.MaxSummary || used+n < markup.MaxSummary-markup.MarkdownReserve {
		t.Errorf("after %d bytes, a summary of %d, cut: %t", used, n, is)
	}
	if is, n := cut(used + 1); !is || used+1+n > markup.MaxSummary {
		t.Errorf("after %d bytes, a summary of %d, cut: %t", used+1, n, is)
	}
}

func BenchmarkFormats(b *testing.B) {
	for _, n := range []int{10, 1_000, 100_000} {
		r := manyFindings(n)
		for _, f := range Formats() {
			b.Run(fmt.Sprintf("%s/%d", f.Name, n), func(b *testing.B) {
				var count counter
				for b.Loop() {
					count = 0
					if err := f.Write(&count, r, term.Layout{Width: 80}); err != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(int64(count))
			})
		}
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// A manifest written as JSON may be one line of many megabytes. Each place in it
// is found from the last one, not from the start of the line: a count from the
// start would take a hundred times as long.
func TestOneLongLine(t *testing.T) {
	const n, width = 8_000, 100
	line := []byte(strings.Repeat(strings.Repeat("語", width-1)+" ", n))
	r := manyFindings(n)
	for i := range r.Findings {
		r.Findings[i].Range = span(1, uint32(i*width+1), 1, uint32(i*width+width))
	}
	r.Text = func(string) ([]byte, bool) { return line, true }
	got := written(t, "rdjson", r, term.Layout{Width: 80})
	if want := fmt.Sprintf(`"column":%d}`, (n-1)*((width-1)*len("語")+1)+1); !strings.Contains(got, want) {
		t.Errorf("the last finding is not at %s", want)
	}
	got = written(t, "text", r, term.Layout{Width: 80})
	if marks := strings.Count(got, "^~"); marks != n {
		t.Errorf("%d places are marked, want %d", marks, n)
	}
}

// Formats that hold sentences leave the name of a service or a store as it is, and say what to do in
// a sentence of its own.
func TestSentences(t *testing.T) {
	r := finished([]diag.Finding{
		{File: "a.yaml", Message: "cart tells 2 services", Fix: "publish one event", Operation: "cart/tell"},
		{File: "a.yaml", Message: "events go around", Operation: "cart/tell"},
		{File: "a.yaml", Message: "ledger is written by cart and by bank", Operation: "cart/book",
			Related: []diag.Related{{File: "a.yaml", Message: "bank calls cart here"}, {File: "a.yaml", Message: "it's written here"}}},
	}, nil)
	for _, format := range []string{"gitlab", "rdjson", "sarif"} {
		got := written(t, format, r, term.Layout{})
		for _, want := range []string{`"cart tells 2 services. Fix: publish one event."`, `"Events go around."`, `"ledger is written by cart and by bank."`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s:\n%s", format, want, got)
			}
		}
		for _, want := range []string{`"bank calls cart here."`, `"It's written here."`} {
			if format != "gitlab" && !strings.Contains(got, want) { // which has no other places
				t.Errorf("%s lacks %s:\n%s", format, want, got)
			}
		}
	}
}
