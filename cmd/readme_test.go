package cmd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"waitornot/decide"
	"waitornot/rules/knowledge"
)

// update asks to rewrite the output shown in README.md, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

const readmePath = "../README.md"

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(readmePath)
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

// What the examples of README print is what the program prints. A line [...]
// stands for what is left out.
func TestReadmeExamples(t *testing.T) {
	page := readme(t)
	run := 0
	fresh := blocks(page, "console", func(body string) string {
		var out strings.Builder
		code := 0
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
				t.Errorf("$ %s\nREADME shows\n%s\nbut it prints\n%s", command, want, shown)
			}
			out.WriteString("$ " + command + "\n" + shown + "\n")
		}
		return out.String()
	})
	if run < 3 {
		t.Errorf("%d examples were run, want all", run)
	}
	if *update && fresh != page {
		if err := os.WriteFile(readmePath, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
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
		t.Fatalf("README: %q cannot be run here", command)
	}
	var b bytes.Buffer
	code = Main(context.Background(), args, Streams{
		In: strings.NewReader(""), Out: &b, Err: &b, Env: func(string) string { return "" }, Dir: "..",
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	return code, strings.TrimSuffix(b.String(), "\n")
}

// elide leaves out of text what the example leaves out: the lines between as
// many lines as stand before [...] and as many as stand after it.
func elide(text, example string) string {
	const gap = "[...]"
	before, after, found := strings.Cut("\n"+example+"\n", "\n"+gap+"\n")
	lines := strings.Split(text, "\n")
	head, tail := strings.Count(before, "\n"), strings.Count(after, "\n")
	if !found || head+tail >= len(lines) {
		return text
	}
	return strings.Join(append(append(lines[:head:head], gap), lines[len(lines)-tail:]...), "\n")
}

// The manifests that README shows are read without a finding of an error.
func TestReadmeManifests(t *testing.T) {
	n := 0
	blocks(readme(t), "yaml", func(body string) string {
		if strings.Contains(body, "\noperations:") {
			n++
			if code, out, errs := runMain(t, strings.NewReader(body), "check", "--no-config", "-"); code != exitOK {
				t.Errorf("check ends with %d:\n%s%s\nfor\n%s", code, out, errs, body)
			}
		}
		return body
	})
	if n == 0 {
		t.Error("README shows no manifest")
	}
}

// The tables of README are those of the program: the decision table with its
// rows in order, the questions, the exit codes, and every command.
func TestReadmeTables(t *testing.T) {
	page := readme(t)
	framework, err := knowledge.LoadFramework()
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
	plain := strings.ReplaceAll(page, "`", "")
	for _, c := range exitCodes() {
		if want := fmt.Sprintf("| %s | %s |", c.left, c.right); !strings.Contains(plain, want) {
			t.Errorf("README does not show %s", want)
		}
	}
	for _, c := range newRoot(&globals{streams: Streams{Now: time.Now}}, only(nil)).Commands() {
		if !c.Hidden && !strings.Contains(page, "| `waitornot "+c.Name()) {
			t.Errorf("README does not list the command %s", c.Name())
		}
	}
}
