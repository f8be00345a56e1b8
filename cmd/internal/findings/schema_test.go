package findings

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"waitornot/cmd/internal/schematest"

	"waitornot/cmd/internal/term"
)

// published returns the path of a published schema, which lies beside the
// project, or skips the test where there is none.
func published(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "..", "shared", "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: the published schema %s is not beside the project", name)
	}
	return path
}

// each runs a check over every report in a format.
func each(t *testing.T, format string, check func(t *testing.T, r *Report, document string)) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) { check(t, r, written(t, format, r, term.Layout{Width: 80})) })
	}
}

func TestJSONAgainstItsSchema(t *testing.T) {
	s := schematest.Compile(t, "check.schema.json")
	each(t, "json", func(t *testing.T, r *Report, document string) {
		if err := s.Validate(schematest.Parse(t, document)); err != nil {
			t.Error(err)
		}
	})
	if s.Validate(schematest.Parse(t, strings.Replace(written(t, "json", clean(), term.Layout{}), `"files"`, `"flies"`, 1))) == nil {
		t.Error("the schema lets a misspelt key pass")
	}
}

func TestJSONLinesAgainstTheSchema(t *testing.T) {
	s := schematest.Compile(t, "check.schema.json#/$defs/line")
	each(t, "jsonl", func(t *testing.T, r *Report, document string) {
		lines := strings.Split(strings.TrimSuffix(document, "\n"), "\n")
		if want := 1 + len(r.Findings) + len(r.Waived) + len(r.Broken) + len(r.Unreadable); len(lines) != want {
			t.Errorf("%d lines, want %d", len(lines), want)
		}
		for i, line := range lines {
			if err := s.Validate(schematest.Parse(t, line)); err != nil {
				t.Errorf("line %d: %v", i+1, err)
			}
		}
	})
}

func TestSARIFAgainstItsSchema(t *testing.T) {
	s := schematest.Compile(t, published(t, "sarif-2.1.0.json"))
	each(t, "sarif", func(t *testing.T, r *Report, document string) {
		if err := s.Validate(schematest.Parse(t, document)); err != nil {
			t.Error(err)
		}
	})
}

// What code scanning needs beyond the schema: addresses relative to the root,
// a line in every place, indexes that lead to the rule, and either all results
// or none with suppressions.
func TestSARIFForCodeScanning(t *testing.T) {
	each(t, "sarif", func(t *testing.T, r *Report, document string) {
		var log struct {
			Runs []struct {
				Tool    struct{ Driver struct{ Rules []sarifRule } }
				Results []sarifResult
			}
		}
		if err := json.Unmarshal([]byte(document), &log); err != nil {
			t.Fatal(err)
		}
		if len(log.Runs) != 1 || len(log.Runs[0].Results) != len(r.Findings)+len(r.Waived) {
			t.Fatalf("%d runs", len(log.Runs))
		}
		for _, x := range log.Runs[0].Tool.Driver.Rules {
			if x.Short.Text == "" || x.Full.Text == "" || x.Help.Text == "" || x.Help.Markdown == "" {
				t.Errorf("the rule %s is not described", x.ID)
			}
		}
		suppressed := 0
		for i, x := range log.Runs[0].Results {
			at := x.Locations[0].Physical
			if at.Region.StartLine < 1 || strings.ContainsAny(at.Artifact.URI, " \"<>\\^`{|}\n\x00") || x.Message.Text == "" {
				t.Errorf("result %d: %+v", i, x)
			}
			if x.RuleIndex == nil || log.Runs[0].Tool.Driver.Rules[*x.RuleIndex].ID != x.RuleID {
				t.Errorf("result %d: the index does not lead to rule %s", i, x.RuleID)
			}
			if x.Suppressions == nil {
				t.Errorf("result %d: whether it is suppressed is not said", i)
			}
			suppressed += len(x.Suppressions)
		}
		if suppressed != len(r.Waived) {
			t.Errorf("%d suppressions, want %d", suppressed, len(r.Waived))
		}
	})
}

func TestGitLabAgainstItsSchema(t *testing.T) {
	s := schematest.Compile(t, published(t, "gitlab-code-quality.json"))
	each(t, "gitlab", func(t *testing.T, r *Report, document string) {
		entries := schematest.Parse(t, document).([]any)
		if want := len(r.Findings) + len(r.Waived) + len(r.Unreadable); len(entries) != want {
			t.Errorf("%d entries, want %d", len(entries), want)
		}
		seen := map[any]bool{}
		for i, e := range entries {
			if err := s.Validate(e); err != nil {
				t.Errorf("entry %d: %v", i, err)
			}
			print := e.(map[string]any)["fingerprint"]
			if seen[print] {
				t.Errorf("entry %d: the fingerprint %v is defined twice, and GitLab would show one of the two", i, print)
			}
			seen[print] = true
		}
	})
}

func TestReviewdogAgainstItsSchema(t *testing.T) {
	s := schematest.Compile(t, published(t, "rdjson-DiagnosticResult.json"))
	each(t, "rdjson", func(t *testing.T, r *Report, document string) {
		if err := s.Validate(schematest.Parse(t, document)); err != nil {
			t.Error(err)
		}
		// Reviewdog refuses keys that it does not know, which the schema allows.
		d := json.NewDecoder(strings.NewReader(document))
		d.DisallowUnknownFields()
		var known struct {
			Source      struct{ Name string }
			Diagnostics []rdDiagnostic
		}
		if err := d.Decode(&known); err != nil {
			t.Error(err)
		}
	})
}

// Columns of reviewdog count bytes.
func TestReviewdogCountsBytes(t *testing.T) {
	r := sample()
	at := rdSpan((&cursors{library: &library{open: r.Text}}).in("shop/waitornot.yaml"), span(4, 8, 4, 11))
	if want := len("\tmode: ") + 1; at.Start.Column != want || at.End.Column != want+len("日本語") {
		t.Errorf("columns %d to %d, want %d to %d", at.Start.Column, at.End.Column, want, want+len("日本語"))
	}
}

// strict reads XML to its end and returns the elements that it meets.
func strict(t *testing.T, document string) []xml.StartElement {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(document))
	d.Strict = true
	var elements []xml.StartElement
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			elements = append(elements, e.Copy())
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// A run that read no manifest says so, and calls no file clean.
func TestHalted(t *testing.T) {
	for format, want := range map[string]string{"text": "1 error and no manifest was read", "json": `"halted":true`, "sarif": `"executionSuccessful":false`} {
		if got := written(t, format, halted(), term.Layout{Width: 80}); !strings.Contains(got, want) {
			t.Errorf("%s does not say %q:\n%s", format, want, got)
		}
	}
	for _, format := range []string{"junit", "checkstyle"} {
		if got := written(t, format, halted(), term.Layout{}); strings.Contains(got, "clean.yaml") {
			t.Errorf("%s shows a file that was not read:\n%s", format, got)
		}
	}
}

// The numbers that JUnit states are those of the cases that it holds.
func TestJUnitCounts(t *testing.T) {
	each(t, "junit", func(t *testing.T, r *Report, document string) {
		stated, held, suites := map[string]int{}, map[string]int{}, map[string]bool{}
		for _, e := range strict(t, document) {
			switch e.Name.Local {
			case "testsuites", "testsuite":
				for _, n := range []string{"tests", "failures", "errors"} {
					k, err := strconv.Atoi(attribute(e, n))
					if err != nil {
						t.Fatal(err)
					}
					stated[e.Name.Local+" "+n] += k
				}
				if e.Name.Local == "testsuite" {
					if suites[attribute(e, "name")] {
						t.Errorf("two suites are named %q", attribute(e, "name"))
					}
					suites[attribute(e, "name")] = true
				}
			case "testcase":
				held["tests"]++
			case "failure":
				held["failures"]++
			case "error":
				held["errors"]++
			case "skipped":
				held["skipped"]++
			}
		}
		for _, n := range []string{"tests", "failures", "errors"} {
			if stated["testsuites "+n] != held[n] || stated["testsuite "+n] != held[n] {
				t.Errorf("%s: all state %d, the suites %d, and there are %d", n, stated["testsuites "+n], stated["testsuite "+n], held[n])
			}
		}
		if held["skipped"] != len(r.Waived) {
			t.Errorf("%d cases are skipped, want %d", held["skipped"], len(r.Waived))
		}
	})
}

func TestJUnitAgainstItsSchema(t *testing.T) {
	path := published(t, "junit-10.xsd")
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("SKIPPED: xmllint is not installed")
	}
	each(t, "junit", func(t *testing.T, r *Report, document string) {
		c := exec.Command("xmllint", "--noout", "--schema", path, "-")
		c.Stdin = strings.NewReader(document)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v\n%.2000s", err, out)
		}
	})
}

func TestCheckstyleHoldsEveryFinding(t *testing.T) {
	each(t, "checkstyle", func(t *testing.T, r *Report, document string) {
		got := 0
		for _, e := range strict(t, document) {
			if e.Name.Local != "error" {
				continue
			}
			got++
			if attribute(e, "severity") == "" || attribute(e, "source") == "" || attribute(e, "line") == "" {
				t.Errorf("incomplete: %v", e.Attr)
			}
		}
		if want := len(r.Findings) + len(r.Waived) + len(r.Unreadable); got != want {
			t.Errorf("%d errors, want %d", got, want)
		}
	})
}

// Undoing GitHub's escapes gives the properties and the text that went in.
func TestGitHubCommands(t *testing.T) {
	undo := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	r := hostileReport()
	var commands []string
	for line := range strings.Lines(written(t, "github", r, term.Layout{})) {
		if strings.HasPrefix(line, "::") {
			commands = append(commands, strings.TrimSuffix(line, "\n"))
		}
	}
	if want := len(r.Findings) + len(r.Unreadable); len(commands) != want {
		t.Fatalf("%d commands, want %d", len(commands), want)
	}
	for i := range r.Findings {
		properties, text, _ := strings.Cut(strings.TrimPrefix(commands[i], "::"), "::")
		_, list, _ := strings.Cut(properties, " ")
		got := map[string]string{}
		for _, p := range strings.Split(list, ",") {
			name, value, _ := strings.Cut(p, "=")
			got[name] = undo.Replace(value)
		}
		f := &r.Findings[i]
		if got["line"] != fmt.Sprint(f.Range.Start.Line) || got["title"] != label(f) || got["file"] == "" {
			t.Errorf("%.200s: properties %.200q", commands[i], got)
		}
		if !bytes.HasPrefix([]byte(undo.Replace(text)), []byte(safePrefix(f.Message))) {
			t.Errorf("%.200s: text of %.100q", commands[i], f.Message)
		}
	}
}

// safePrefix returns the part of a text before the first character that is
// written in another way.
func safePrefix(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return r < 0x20 || r > 0x7e })
	if i < 0 {
		return text
	}
	return text[:i]
}

// SARIF links to the program where it has an address, and to nothing where it has
// none.
func TestSARIFAddress(t *testing.T) {
	r := clean()
	if got := written(t, "sarif", r, term.Layout{}); strings.Contains(got, "informationUri") {
		t.Error("a link to nothing")
	}
	r.Address = "https://example.org/waitornot"
	got := written(t, "sarif", r, term.Layout{})
	if !strings.Contains(got, `"informationUri": "https://example.org/waitornot"`) {
		t.Errorf("no link:\n%.300s", got)
	}
	schematest.Parse(t, got)
}
