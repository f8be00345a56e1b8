package rules

import (
	"slices"
	"strings"
	"testing"

	"waitornot/decide/advice/topic"

	"waitornot/decide"
	"waitornot/decide/lint"
	"waitornot/decide/manifest"
	"waitornot/rules/embedded"
)

func all(t *testing.T) []topic.Topic {
	t.Helper()
	topics, err := Topics()
	if err != nil {
		t.Fatal(err)
	}
	return topics
}

// What explain says a pattern is chosen for is explained, too: every fact has a topic.
func TestFactsOfPatternsAreTopics(t *testing.T) {
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	topics, looked := all(t), 0
	for _, p := range adviser.Knowledge.Patterns {
		for _, name := range (p.All | p.Any | p.None).List() {
			if looked++; len(topic.Find(topics, name)) == 0 {
				t.Errorf("%s needs or rules out %s, which nothing explains", p.ID, name)
			}
		}
	}
	if looked == 0 {
		t.Error("no pattern is chosen by facts")
	}
}

// Every topic is complete, stands with its kind, and has a name of its own
// there.
func TestTopics(t *testing.T) {
	seen := map[string]bool{}
	kind := 0
	for _, x := range all(t) {
		for kind < len(topic.Kinds()) && topic.Kinds()[kind] != x.Kind {
			kind++
		}
		if kind == len(topic.Kinds()) {
			t.Fatalf("%s stands out of the order of kinds", x.ID())
		}
		if seen[x.ID()] {
			t.Errorf("%s is there twice", x.ID())
		}
		seen[x.ID()] = true
		if x.Title == "" || x.Summary == "" || strings.Contains(x.Summary, "\n") || len(x.Sections()) == 0 {
			t.Errorf("%s is incomplete: %+v", x.ID(), x)
		}
		for _, s := range x.Sections() {
			contents := 0
			for _, has := range []bool{s.Text != "", len(s.Items) > 0, len(s.Lines) > 0} {
				if has {
					contents++
				}
			}
			if s.Title == "" || contents != 1 {
				t.Errorf("%s: section %q has %d contents, want one", x.ID(), s.Title, contents)
			}
		}
		if (x.Code != "") != (x.Kind == topic.Rule) {
			t.Errorf("%s has the code %q", x.ID(), x.Code)
		}
	}
}

// Whatever a report names can be explained.
func TestEveryNameIsExplained(t *testing.T) {
	adviser, err := embedded.Load()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, q := range decide.Questions() {
		ids = append(ids, "question/"+q.String())
		for _, a := range q.Answers() {
			ids = append(ids, "answer/"+a.String())
		}
	}
	for _, v := range decide.Verdicts() {
		ids = append(ids, "verdict/"+v.String())
	}
	ids = append(ids, "verdict/undecided", "answer/unknown")
	for _, r := range adviser.Knowledge.Table.Rows() {
		ids = append(ids, "row/"+r.Name)
	}
	for _, s := range adviser.Knowledge.Safeguards {
		ids = append(ids, "safeguard/"+s.ID)
	}
	for _, p := range adviser.Knowledge.Patterns {
		ids = append(ids, "pattern/"+p.ID)
	}
	for _, id := range embedded.StackIDs() {
		ids = append(ids, "stack/"+id)
	}
	for _, r := range append(All(), lint.EngineRules()...) {
		ids = append(ids, "rule/"+r.Name)
	}
	topics := all(t)
	for _, id := range ids {
		if found := topic.Find(topics, id); len(found) != 1 || found[0].ID() != id {
			t.Errorf("%s is explained by %d topics", id, len(found))
		}
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name string
		want []string
	}{
		{"immediacy", []string{"question/immediacy"}},
		{"WN101", []string{"rule/mode-disagrees"}},
		{"wn101", []string{"rule/mode-disagrees"}},
		{"mode-disagrees", []string{"rule/mode-disagrees"}},
		{"unknown-key", []string{"rule/unknown-key"}},
		{"undecided", []string{"verdict/undecided", "rule/undecided"}},
		{"local-copy", []string{"safeguard/local-copy", "pattern/local-copy"}},
		{"pattern/local-copy", []string{"pattern/local-copy"}},
		{"Dead-letter queue", []string{"safeguard/dead-letter-queue"}},
		{".NET", []string{"stack/dotnet"}},
		{"", nil},
		{"pattern/", nil},
		{"stack/queue", nil},
	}
	topics := all(t)
	for _, tt := range tests {
		var got []string
		for _, topic := range topic.Find(topics, tt.name) {
			got = append(got, topic.ID())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("topic.Find(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	topics := all(t)
	for name, want := range map[string]string{
		"imediacy": "immediacy", "needed-not": "needed-now", "dead-letter": "dead-letter-queue",
		"dotnett": "dotnet", "pattern/locl-copy": "pattern/local-copy", "qqqqqqqq": "", "": "",
	} {
		if got := topic.Nearest(topics, name); got != want {
			t.Errorf("topic.Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

// Every key of a manifest is explained, by its path and by its last part; and so is every
// other name of a word.
func TestEveryKeyIsExplained(t *testing.T) {
	topics := all(t)
	var walk func(prefix string, keys []manifest.Key)
	walk = func(prefix string, keys []manifest.Key) {
		for i := range keys {
			k := &keys[i]
			if k.Name == "operations" {
				walk("", k.Items.Keys)
				continue
			}
			for _, name := range []string{prefix + k.Name, k.Name} {
				if len(topic.Find(topics, name)) == 0 {
					t.Errorf("%s is not explained", name)
				}
			}
			walk(prefix+k.Name+".", k.Keys)
			if k.Items != nil {
				walk(prefix+k.Name+".", k.Items.Keys)
			}
		}
	}
	walk("", manifest.Schema().Keys)
	words := embedded.Words()
	for _, w := range words {
		for _, name := range append([]string{w.Word}, w.Aliases...) {
			if len(topic.Find(topics, name)) == 0 {
				t.Errorf("%s is not explained", name)
			}
		}
		for _, see := range w.See {
			if len(topic.Find(topics, see)) == 0 {
				t.Errorf("%s refers to %s, which is not explained", w.Word, see)
			}
		}
	}
	for _, name := range []string{"contested", "dissents", "mode", "delivery", "guards", "journey", "waiver", "baseline", "dlq", "dead letter queue", "retries"} {
		if len(topic.Find(topics, name)) == 0 {
			t.Errorf("%s is not explained", name)
		}
	}
}
