package cmd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/rules/embedded"
)

// update asks to rewrite the output shown in documents, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

// documents returns the paths of the documents for users: README first, then the pages
// beside the commands.
func documents(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	return append([]string{"../README.md"}, pages...)
}

// document returns the text of a document.
func document(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// blocks calls visit for each fenced block of a language, and returns the page
// with the blocks replaced by what visit returns.
func blocks(page, language string, visit func(body string) string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(page, "\n```"+language+"\n")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		body, after, _ := strings.Cut(rest, "```")
		out.WriteString("\n```" + language + "\n" + visit(body) + "```")
		page = after
	}
}

// What the examples of the documents print is what the program prints. A line [...]
// stands for what is left out.
func TestDocumentExamples(t *testing.T) {
	run := 0
	for _, path := range documents(t) {
		page := document(t, path)
		fresh := blocks(page, "console", func(body string) string {
			shown, n := runExamples(t, path, body)
			run += n
			return shown
		})
		if *update && fresh != page {
			if err := os.WriteFile(path, []byte(fresh), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if run < 10 {
		t.Errorf("%d examples were run, want all", run)
	}
}

// runExamples runs the examples of a block, and returns it with what they print, and how
// many there are.
func runExamples(t *testing.T, path, body string) (string, int) {
	t.Helper()
	var out strings.Builder
	code, run := 0, 0
	for _, example := range strings.Split("\n"+body, "\n$ ")[1:] {
		command, want, _ := strings.Cut(example, "\n")
		want = strings.TrimSuffix(want, "\n")
		var got string
		if command == "echo $?" {
			got = fmt.Sprintf("%d", code)
		} else {
			code, got = runExample(t, command)
			run++
		}
		shown := elide(got, want)
		if shown != want && !*update {
			t.Errorf("$ %s\n%s shows\n%s\nbut it prints\n%s", command, path, want, shown)
		}
		out.WriteString("$ " + command + "\n" + shown + "\n")
	}
	return out.String(), run
}

// runExample runs an example as from the top of the project, at 80 columns.
func runExample(t *testing.T, command string) (code int, out string) {
	t.Helper()
	args := strings.Fields(command)
	switch {
	case strings.HasPrefix(command, "go run . "):
		args = args[3:]
	case strings.HasPrefix(command, "waitornot "):
		args = args[1:]
	default:
		t.Fatalf("%q cannot be run here", command)
	}
	var b bytes.Buffer
	code = Main(context.Background(), args, Streams{
		In: strings.NewReader(""), Out: &b, Err: &b, Env: func(string) string { return "" }, Dir: "..",
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	return code, strings.TrimSuffix(b.String(), "\n")
}

// elide leaves out of text what the example leaves out: the lines between as many lines
// as stand before the first [...] and as many as stand after the last, but for those in the
// middle that the text has in this order.
func elide(text, example string) string {
	const gap = "\n[...]\n"
	parts := strings.Split("\n"+example+"\n", gap)
	lines := strings.Split(text, "\n")
	head, tail := strings.Count(parts[0], "\n"), strings.Count(parts[len(parts)-1], "\n")
	if len(parts) == 1 || head+tail >= len(lines) {
		return text
	}
	rest := "\n" + strings.Join(lines[head:len(lines)-tail], "\n") + "\n"
	shown := lines[:head:head]
	for _, middle := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, "\n"+middle+"\n")
		if !found {
			return text
		}
		rest, shown = "\n"+after, append(shown, "[...]", middle)
	}
	return strings.Join(append(append(shown, "[...]"), lines[len(lines)-tail:]...), "\n")
}

// The manifests that documents show are read without a finding of an error, but for the
// rules that they are about.
func TestDocumentManifests(t *testing.T) {
	n := 0
	for _, path := range documents(t) {
		blocks(document(t, path), "yaml", func(body string) string {
			if strings.Contains(body, "\noperations:") {
				n++
				if code, out, errs := runMain(t, strings.NewReader(body), "check", "--no-config", "-"); code != exitOK {
					t.Errorf("%s: check ends with %d:\n%s%s\nfor\n%s", path, code, out, errs, body)
				}
			}
			return body
		})
	}
	if n < 2 {
		t.Errorf("documents show %d manifests", n)
	}
}

// The tables of the documents are those of the program: README has the decision table
// with its rows in order and the questions, the pages have the exit codes and every command.
func TestDocumentTables(t *testing.T) {
	page := document(t, "../README.md")
	framework, err := embedded.Framework()
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, r := range framework.Table.Rows() {
		fmt.Fprintf(&table, "| %s |", r.Name)
		for _, q := range decide.Questions() {
			fmt.Fprintf(&table, " %s |", r.When[q])
		}
		fmt.Fprintf(&table, " %s |\n", r.Verdict)
	}
	if !strings.Contains(page, table.String()) {
		t.Errorf("README does not show the table\n%s", table.String())
	}
	for _, q := range decide.Questions() {
		if want := fmt.Sprintf("| %s | %s |", q, framework.Questions[q].Ask); !strings.Contains(page, want) {
			t.Errorf("README does not show %s", want)
		}
	}
	formats := strings.ReplaceAll(document(t, "docs/formats.md"), "`", "")
	for _, c := range exitCodes() {
		if want := fmt.Sprintf("| %s | %s |", c.left, c.right); !strings.Contains(formats, want) {
			t.Errorf("docs/formats.md does not show %s", want)
		}
	}
	commands := document(t, "docs/commands.md")
	for _, c := range newRoot(&globals{streams: Streams{Now: time.Now}}, only(nil)).Commands() {
		if !c.Hidden && !strings.Contains(commands, "| `waitornot "+c.Name()) {
			t.Errorf("docs/commands.md does not list the command %s", c.Name())
		}
	}
}

// Links of documents lead to files that are there, and README stays a door.
func TestDocumentLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, path := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(document(t, path), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", path, m[1], err)
			}
		}
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(document(t, "../README.md"), -1) {
		if seen[m[1]] {
			t.Errorf("README links to %s twice", m[1])
		}
		seen[m[1]] = true
	}
	const most = 180
	if n := strings.Count(document(t, "../README.md"), "\n"); n > most {
		t.Errorf("README has %d lines, want %d at most: pages under cmd/docs take the rest", n, most)
	}
}
