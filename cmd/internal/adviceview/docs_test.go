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
	"waitornot/decide/manifest"
	"waitornot/decide/yamlfile"
	"waitornot/rules"
)

// update asks to rewrite rules/docs, with UPDATE=1 go test -p 1 ./...
var update = new(os.Getenv("UPDATE") != "")

const docs = "../../../rules/docs"

// The pages of the rules are what explain prints, one page a rule, and an index
// of them. Run UPDATE=1 go test -p 1 ./... to write them anew.
func TestRulePages(t *testing.T) {
	want := rulePages(t)
	want["manifest.md"] = manifestPage()
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

func ruleTopics(t *testing.T) []topic.Topic {
	all, err := rules.Topics()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(x topic.Topic) bool { return x.Kind != topic.Rule })
}

// ruleTable lists the rules with links to their pages.
func ruleTable(all []topic.Topic) string {
	var b strings.Builder
	b.WriteString("| code | rule | severity | reported when |\n|---|---|---|---|\n")
	for i := range all {
		r := &all[i]
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s |\n", r.Code, r.Code, r.Name, r.Sections()[0].Text, markup.Markdown(r.Summary))
	}
	return b.String()
}

// rulePages returns the pages by file name.
func rulePages(t *testing.T) map[string][]byte {
	all := ruleTopics(t)
	format := TopicFormats()[2]
	pages := map[string][]byte{}
	for i := range all {
		rule := &all[i]
		var page bytes.Buffer
		if err := format.Write(&page, all[i:i+1], term.Layout{Width: 80}); err != nil {
			t.Fatal(err)
		}
		pages[rule.Code+".md"] = page.Bytes()
	}
	pages["README.md"] = []byte("# The rules of waitornot\n\n`waitornot explain CODE` prints each of these pages.\n\n" + ruleTable(all))
	return pages
}

// manifestPage is the reference of manifests, made from the table of keys that they are
// read with.
func manifestPage() []byte {
	var b strings.Builder
	b.WriteString("# The keys of a manifest\n\nA manifest is YAML (so JSON too), with several documents parted by `---` if need be. Only an\n" +
		"operation's `name` and `answers` are required. `waitornot schema manifest` prints the same for editors.\n")
	keySection(&b, "A manifest", "", manifest.Schema())
	return []byte(b.String())
}

// keySection writes a table of the keys of a mapping, and then the sections of those that
// are mappings themselves.
func keySection(b *strings.Builder, title, path string, of *manifest.Key) {
	fmt.Fprintf(b, "\n## %s\n\n| key | value | meaning |\n|---|---|---|\n", title)
	for i := range of.Keys {
		k := &of.Keys[i]
		required := ""
		if k.Required {
			required = "Required. "
		}
		fmt.Fprintf(b, "| `%s` | %s | %s%s |\n", k.Name, markup.Markdown(accepts(k)), required, markup.Markdown(k.Doc))
	}
	for i := range of.Keys {
		k := &of.Keys[i]
		inner := k
		if k.Items != nil {
			inner = k.Items
		}
		if len(inner.Keys) > 0 {
			name := strings.TrimPrefix(path+"."+k.Name, ".")
			keySection(b, "`"+name+"`", name, inner)
		}
	}
}

// accepts says how the value of a key is written.
func accepts(k *manifest.Key) string {
	words := strings.Join(k.Words, ", ")
	text := map[yamlfile.Kind]string{
		yamlfile.TextKind: "a string", yamlfile.ProseKind: "a string of any length", yamlfile.YesNoKind: "yes or no",
		yamlfile.NumberKind: "a whole number", yamlfile.CountKind: "a number, or a list of names", yamlfile.DurationKind: "a duration: 250ms, 2s, 1h30m",
		yamlfile.RateKind: "a rate: 40/s, 10/m, 5/h", yamlfile.SizeKind: "a size: 512, 256KB, 1MiB", yamlfile.ShareKind: "a share: 99.9% or 0.999",
		yamlfile.DateKind: "a date: 2027-03-31", yamlfile.StepsKind: "a list of operations; those in a nested list run in parallel",
		yamlfile.MappingKind: "a mapping", yamlfile.ListKind: "a list",
	}[k.Kind]
	switch {
	case k.Kind == yamlfile.ListKind && len(k.Items.Words) > 0:
		return "a list of " + strings.Join(k.Items.Words, ", ")
	case k.Kind == yamlfile.WordKind:
		return words
	case words != "":
		return text + ", or " + words
	}
	return text
}
