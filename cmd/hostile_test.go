package cmd

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// hostileParts are what text from outside is made of to break out of where it stands:
// of terminals, lines, JSON, XML, HTML, Markdown, Mermaid, Graphviz, format strings,
// paths and commands of CI runners.
var hostileParts = []string{
	"a", "shop", " ", "/", "::error file=x::", "##[add-mask]", "##vso[task.complete]", "##teamcity[x]", "#",
	"\x1b[2J", "\x1b]0;t\x07", "\u009b31m", "\x7f", "\u202e", "\u200b", "\u2028", "\u0301", "\n::error::", "\r::error::", "\t",
	"<script>alert(1)</script>", "</svg>", "<!-- waitornot:end -->", "-->", "]]>", "&amp;", "&#x3c;", "\"", "'", "`", "```", "|",
	"[x](javascript:alert(1))", "![i](http://x)", "@all", "$$x$$", "fa:fa-car", "end", "%%{init: {}}%%", "\"]; click n0 href \"x\"", "%s%n%!", "${HOME}",
	"$(id)", "`id`", "; rm -rf /", "../../etc/passwd", "{{.}}", "{% x %}", "\\n", "\\", "支払", "🫩", "\x00",
}

func hostileText() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(hostileParts), 0, 4), func(parts []string) string { return strings.Join(parts, "") })
}

// quoteYAML writes any text as a scalar in quotes.
func quoteYAML(text string) string {
	b, _ := json.Marshal(text) // a string always encodes
	return string(b)
}

// hostileManifest is a manifest whose every text is one of texts.
func hostileManifest(t []string) string {
	q := func(i int) string { return quoteYAML(t[i%len(t)]) }
	return fmt.Sprintf(`service: %s
availability: 99.9%%
owner: %s
operations:
  - name: %s
    description: %s
    callee: %s
    mode: sync
    tags: [%s]
    answers: {immediacy: no, retryability: yes, latency: 2s, coupling: yes}
  - name: %s
    callee: %s
    mode: async
    %s: 1
    delivery: {broker: %s, dead_letter: %s}
    answers: {immediacy: later, retryability: no, latency: 45s, coupling: yes}
journeys:
  - {name: %s, description: %s, steps: [%s, %s], budget: 1s, slo: 99.9%%}
`, q(0), q(1), q(2), q(3), q(4), q(5), q(6), q(7), q(1), q(8), q(9), q(3), q(4), q(2), q(6))
}

// hostileRuns are the commands that write what manifests say.
func hostileRuns() [][]string {
	var runs [][]string
	for _, f := range []string{"text", "json", "jsonl", "sarif", "junit", "github", "gitlab", "checkstyle", "rdjson", "markdown"} {
		runs = append(runs, []string{"check", "--no-config", "--output", f})
	}
	for _, f := range []string{"text", "json", "mermaid", "dot", "svg"} {
		runs = append(runs, []string{"graph", "--no-config", "--format", f})
	}
	for _, f := range []string{"text", "svg"} { // without a step to simulate there is no document
		runs = append(runs, []string{"simulate", "--no-config", "--runs", "1", "--length", "1s", "--format", f})
	}
	for _, f := range []string{"text", "json", "markdown"} {
		runs = append(runs, []string{"advise", "--no-config", "--format", f})
	}
	return append(runs, []string{"advise", "--no-config", "--brief"}, []string{"check", "--no-config", "--brief"},
		[]string{"plan", "--no-config"}, []string{"plan", "--no-config", "--format", "json"},
		[]string{"report", "--no-config"}, []string{"report", "--no-config", "--format", "markdown"})
}

// forms is what runners take for a command. The format that is made of commands may
// hold those of its own alone.
func forms(run []string, line string) bool {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	if run[len(run)-1] == "github" {
		return strings.HasPrefix(line, "::") && !regexp.MustCompile(`^::(error|warning|notice) file=`).MatchString(line)
	}
	return strings.HasPrefix(line, "::") || regexp.MustCompile(`(?i)##(\[|vso\[|teamcity\[)`).MatchString(line)
}

// A failer is a test, or a part of one.
type failer interface{ Fatalf(string, ...any) }

// Whatever manifests and their names say, no output holds a raw control character or
// forms a command of a CI runner, and documents for machines parse.
func TestHostileText(t *testing.T) {
	runs := hostileRuns()
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(hostileText(), 10, 10).Draw(t, "texts")
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		name := strings.Map(func(r rune) rune {
			if r == '/' || r == 0 {
				return -1
			}
			return r
		}, rapid.SampledFrom(hostileParts).Draw(t, "name")) + "m.yaml"
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(hostileManifest(texts)), 0o666); err != nil {
			t.Fatal(err)
		}
		run := rapid.SampledFrom(runs).Draw(t, "run")
		var out, errs strings.Builder
		code := Main(context.Background(), append(run[:len(run):len(run)], path), Streams{
			In: strings.NewReader(""), Out: &out, Err: &errs, Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
			Env: func(name string) string {
				if name == "GITHUB_ACTIONS" {
					return "true"
				}
				return ""
			},
		})
		if code == exitUsage {
			t.Fatalf("%q: %s", run, errs.String())
		}
		for _, stream := range []string{out.String(), errs.String()} {
			holdsText(t, run, stream)
		}
		parses(t, run, out.String())
	})
}

// holdsText fails when output could act on who reads it.
func holdsText(t failer, run []string, out string) {
	if what := acts(run, out, true); what != "" {
		t.Fatalf("%q writes %s", run, what)
	}
}

// parses fails when a document for machines can't be read.
func parses(t failer, run []string, out string) {
	switch run[len(run)-1] {
	case "json", "sarif", "gitlab", "rdjson":
		if !json.Valid([]byte(out)) {
			t.Fatalf("%q is not JSON: %s", run, out)
		}
	case "junit", "checkstyle", "svg":
		for d := xml.NewDecoder(strings.NewReader(out)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%q is not XML: %v", run, err)
			}
		}
	}
}

// Whatever names say, records hold no control character and are up to date at once.
func TestHostileRecords(t *testing.T) {
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		name := rapid.SampledFrom([]string{"m", "\x1b[31mm", "\xff", "a\nb", "\u009bm", "<m>"}).Draw(t, "file") + ".waitornot.yaml"
		text := hostileManifest(rapid.SliceOfN(hostileText(), 10, 10).Draw(t, "texts"))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		run := func(args ...string) (int, string) {
			var out strings.Builder
			code := Main(context.Background(), args, Streams{
				In: strings.NewReader(""), Out: &out, Err: &out, Dir: dir, Env: func(string) string { return "" },
				Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
			})
			return code, out.String()
		}
		per := rapid.SampledFrom([]string{"operation", "service"}).Draw(t, "per")
		code, first := run("adr", "--no-config", "--per", per, "--dir", "d", name)
		if code != exitOK && code != exitFindings {
			return // what could not be read is not recorded
		}
		if strings.Contains(first, "hand-edited") {
			t.Fatalf("adr: %s", first)
		}
		if _, again := run("adr", "check", "--no-config", "--per", per, "--dir", "d", name); !strings.Contains(again, "0 findings") {
			t.Fatalf("adr check: %s", again)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "d", "*.md"))
		for _, file := range files {
			record, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(record) {
				t.Fatalf("%s is not UTF-8", filepath.Base(file))
			}
			for _, r := range string(record) {
				if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control)) {
					t.Fatalf("%s holds %q", filepath.Base(file), r)
				}
			}
		}
	})
}

// A repository that git refuses, because it belongs to another user, is said to be one:
// its folders aren't walked as if git ignored nothing.
func TestRefusedRepository(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil || os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can make a repository of another user, and git refuse it")
	}
	dir := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "waitornot.yaml"), []byte("operations: [{name: a, answers: {}}]\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, 1234, 1234))
	})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := Main(context.Background(), []string{"check"}, Streams{
		In: strings.NewReader(""), Out: &out, Err: &errs, Dir: dir, Env: func(string) string { return "" }, Now: time.Now,
	})
	if code != exitFailed || !strings.Contains(out.String(), "belongs to another user") {
		t.Errorf("ended with %d\n%s%s", code, out.String(), errs.String())
	}
}
