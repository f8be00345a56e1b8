package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waitornot/cmd/internal/topic"
)

const docs = "../../../rules/docs"

// The pages of the rules are what explain prints, one page a rule, and an index
// of them. Run with -update to write them anew.
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
			t.Errorf("%s is not what explain prints: run this test with -update", e.Name())
		}
		delete(want, e.Name())
	}
	for name := range want {
		t.Errorf("%s is missing: run this test with -update", name)
	}
}

// rulePages returns the pages by file name.
func rulePages(t *testing.T) map[string][]byte {
	all, err := topic.All()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(x topic.Topic) bool { return x.Kind != topic.Rule })
	format := TopicFormats()[slices.IndexFunc(TopicFormats(), func(f TopicFormat) bool { return f.Name == "markdown" })]
	pages := map[string][]byte{}
	var index strings.Builder
	index.WriteString("# The rules of waitornot\n\n`waitornot explain CODE` prints each of these pages.\n\n| code | rule | severity | reported when |\n|---|---|---|---|\n")
	for i := range all {
		rule := &all[i]
		var page bytes.Buffer
		if err := format.Write(&page, all[i:i+1], Look{Width: 80}); err != nil {
			t.Fatal(err)
		}
		pages[rule.Code+".md"] = page.Bytes()
		fmt.Fprintf(&index, "| [%s](%s.md) | %s | %s | %s |\n", rule.Code, rule.Code, rule.Name, rule.Sections[0].Text, escapeMarkdown(rule.Summary))
	}
	pages["README.md"] = []byte(index.String())
	return pages
}
