package adviceview

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waitornot/cmd/internal/markup"
	"waitornot/cmd/internal/term"
	"waitornot/decide/advice/topic"
	"waitornot/rules"
)

// update asks to rewrite rules/docs and the table of README, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

const docs = "../../../rules/docs"

// The pages of the rules are what explain prints, one page a rule, and an index
// of them. Run UPDATE=1 go test -p 1 ./... to write them anew.
func TestRulePages(t *testing.T) {
	want := rulePages(t)
	if *update {
		if err := os.RemoveAll(docs); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(docs, 0o777); err != nil {
			t.Fatal(err)
		}
		for name, page := range want {
			if err := os.WriteFile(filepath.Join(docs, name), page, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(docs, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want[e.Name()]) {
			t.Errorf("%s is not what explain prints: run UPDATE=1 go test -p 1 ./...", e.Name())
		}
		delete(want, e.Name())
	}
	for name := range want {
		t.Errorf("%s is missing: run UPDATE=1 go test -p 1 ./...", name)
	}
}

// README shows the table of the rules. Run UPDATE=1 go test -p 1 ./... to write it anew.
func TestRuleTable(t *testing.T) {
	const readme, begin, end = "../../../README.md", "<!-- rules -->\n", "<!-- /rules -->\n"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README has no place for the rules: %q and %q", begin, end)
	}
	want := ruleTable(ruleTopics(t), "rules/docs/")
	if *update {
		if err := os.WriteFile(readme, []byte(before+begin+want+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Error("README does not show the rules that there are: run UPDATE=1 go test -p 1 ./...")
	}
}

func ruleTopics(t *testing.T) []topic.Topic {
	all, err := rules.Topics()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(x topic.Topic) bool { return x.Kind != topic.Rule })
}

// ruleTable lists the rules with links to their pages, which stand in a folder.
func ruleTable(all []topic.Topic, folder string) string {
	var b strings.Builder
	b.WriteString("| code | rule | severity | reported when |\n|---|---|---|---|\n")
	for i := range all {
		r := &all[i]
		fmt.Fprintf(&b, "| [%s](%s%s.md) | %s | %s | %s |\n", r.Code, folder, r.Code, r.Name, r.Sections[0].Text, markup.Markdown(r.Summary))
	}
	return b.String()
}

// rulePages returns the pages by file name.
func rulePages(t *testing.T) map[string][]byte {
	all := ruleTopics(t)
	format := TopicFormats()[slices.IndexFunc(TopicFormats(), func(f TopicFormat) bool { return f.Name == "markdown" })]
	pages := map[string][]byte{}
	for i := range all {
		rule := &all[i]
		var page bytes.Buffer
		if err := format.Write(&page, all[i:i+1], term.Layout{Width: 80}); err != nil {
			t.Fatal(err)
		}
		pages[rule.Code+".md"] = page.Bytes()
	}
	pages["README.md"] = []byte("# The rules of waitornot\n\n`waitornot explain CODE` prints each of these pages.\n\n" + ruleTable(all, ""))
	return pages
}
