package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"waitornot/decide/diag"
	"waitornot/decide/lint"
)

// A document is a manifest from which facts can be taken out.
type document []*yaml.Node

func documentOf(t *testing.T, src string) document {
	t.Helper()
	var d document
	for dec := yaml.NewDecoder(strings.NewReader(src)); ; {
		var n yaml.Node
		if dec.Decode(&n) != nil {
			return d
		}
		d = append(d, &n)
	}
}

func (d document) text(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	e := yaml.NewEncoder(&b)
	for _, n := range d {
		if err := e.Encode(n); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// without calls do once for each fact, with the manifest as it is without it: the path of
// the fact as rules name it, and which of several it is.
func (d document) without(do func(fact string)) {
	for _, n := range d {
		takeOut(n, "", do)
	}
}

func takeOut(n *yaml.Node, path string, do func(string)) {
	if n.Kind != yaml.MappingNode {
		for _, c := range n.Content {
			takeOut(c, path, do)
		}
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		all := n.Content
		fact := strings.TrimPrefix(path+"."+all[i].Value, ".")
		n.Content = slices.Delete(slices.Clone(all), i, i+2)
		do(strings.TrimPrefix(fact, "operations."))
		n.Content = all
		takeOut(all[i+1], fact, do)
	}
}

// names are the facts that only say who and what: a finding without them is put in other
// words, or the operation is gone.
var names = []string{"service", "name", "operations", "journeys", "journeys.name", "brokers", "brokers.name"}

// covers reports whether a list of facts has one of which a fact is a part, or which is a
// part of it.
func covers(list []string, fact string) bool {
	return slices.ContainsFunc(list, func(x string) bool {
		return x == fact || strings.HasPrefix(fact, x+".") || strings.HasPrefix(x, fact+".")
	})
}

// A rule that can't know stays silent: without any one fact that it needs, what it found
// is gone, or is another finding that holds without it. Optional names the facts that may
// be missing. What a rule doesn't read changes nothing.
func TestRulesNeedTheirFacts(t *testing.T) {
	for _, r := range All() {
		t.Run(r.Name, func(t *testing.T) {
			d := documentOf(t, r.Doc.Bad)
			before := said(t, r, d.text(t))
			if len(before) == 0 {
				t.Fatal("the bad manifest has no finding")
			}
			d.without(func(fact string) {
				if slices.Contains(names, fact) {
					return
				}
				after := said(t, r, d.text(t))
				same := slices.Equal(after, before)
				switch reads, optional := covers(r.Reads, fact), covers(r.Optional, fact); {
				case reads && !optional && same:
					t.Errorf("without %s it finds the same: %s", fact, after)
				case !reads && len(after) != len(before):
					t.Errorf("it doesn't say that it reads %s, but without it finds %q, not %q", fact, after, before)
				}
			})
			for _, o := range r.Optional {
				if !covers(r.Reads, o) {
					t.Errorf("%s may be missing, but isn't read", o)
				}
			}
		})
	}
}

// said lists what a rule finds.
func said(t *testing.T, r *lint.Rule, src string) []string {
	t.Helper()
	var list []string
	for _, f := range runRules(t, src, r) {
		if f.Code == r.Code {
			list = append(list, fmt.Sprintf("%s: %s", f.Severity, f.Message))
		}
	}
	return list
}

// No finding names what isn't there by nothing.
func TestFindingsNameWhatIsMissing(t *testing.T) {
	for _, r := range All() {
		d := documentOf(t, r.Doc.Bad)
		d.without(func(fact string) {
			if fact == "name" || fact == "journeys.name" {
				return // a name is required: its lack is an error of its own
			}
			for _, f := range run(t, d.text(t)) {
				if wrong := illWorded(f); wrong != "" {
					t.Errorf("%s without %s: %s in %q", r.Name, fact, wrong, f.Message)
				}
			}
		})
	}
}

// illWorded says what is wrong with the words of a finding, "" for nothing.
func illWorded(f diag.Finding) string {
	for _, text := range append([]string{f.Message, f.Fix}, relatedTexts(f)...) {
		for _, bad := range []string{"  ", " ,", " :", "→ →", `""`, "%!", "NaN", "Inf", "e+"} {
			if strings.Contains(text, bad) {
				return fmt.Sprintf("%q", bad)
			}
		}
		if strings.TrimSpace(text) != text || strings.HasPrefix(text, "→") || strings.HasSuffix(text, "→") || strings.HasPrefix(text, ",") {
			return "an end without a word"
		}
	}
	return ""
}

func relatedTexts(f diag.Finding) []string {
	var list []string
	for _, r := range f.Related {
		list = append(list, r.Message)
	}
	return list
}
