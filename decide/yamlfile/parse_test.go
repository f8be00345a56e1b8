package yamlfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type fataler interface{ Fatalf(string, ...any) }

// fragments are what mutations put into manifests: whatever could make two
// ways of reading disagree.
var fragments = []string{
	"\n", "\n\n", "\t", " ", "  ", "\r", "\r\n", "\u0085", "\u2028", "\ufeff", "\x00", "\xff", "ü", "🙂",
	"- ", "-", "- - ", "\n  - ", "\n- ", "\n-\n", "? ", "\n  ? ", ": ", ":", ", ", "#", " # x\n", "\n# x\n", "\n      # deep\n",
	"&a ", "*a", "<<: *a\n", "!!str ", "!x ", "%YAML 1.1\n", "---\n", "\n---\n", "\n...\n", "--- ", "\"", "'", "[", "]", "{", "}", "{}", "[]",
	"|", ">", "|-\n", ">2\n", "\n  |\n", "~", "null", "010", "1e3", "yes", "\\", "\\\n", "@", "`", "%", "=",
	"\noperations:\n", "operations: ", "\noperations: []\n", "\n  - name: z\n    answers: {}\n", "\nservice: s\n", "name: dup\n", "answers:", "x-y: ", "[x: , y]", "[a: b]", "{a, b: }",
}

// dump shows a node with its places, for comparison.
func dump(n *node, b *strings.Builder, depth int) {
	fmt.Fprintf(b, "%*s%d/%d %q of %d", depth, "", n.kind, n.style, n.value, n.count)
	if n.style != emptyStyle { // the library does not say where those are
		fmt.Fprintf(b, " %d-%d", n.from, n.to)
	}
	if n.props != nil {
		fmt.Fprintf(b, " &%s %s", n.props.anchor, n.props.tag)
		if target := n.props.target; target != nil {
			fmt.Fprintf(b, " to %d-%d", target.from, target.to)
		}
	}
	b.WriteByte('\n')
	for c := n.first; c != nil; c = c.next {
		dump(c, b, depth+1)
	}
}

func dumped(n *node) string {
	var b strings.Builder
	dump(n, &b, 0)
	return b.String()
}

// checkParser holds the parser to the library: what it reads, the library reads
// too, to the same nodes at the same places.
func checkParser(t fataler, text string) bool {
	data := []byte(text)
	if nextBad(data, 0) >= 0 || hasLoneReturn(data) || hasEnd(data) || len(slices.Collect(documents(data))) != 1 || departs(text) {
		return false
	}
	var p parser
	p.start(text, 0, len(text), 1)
	p.bom()
	got := p.document()
	if p.failed || got.isEmpty() {
		return false
	}
	checkLines(t, newText(data, 0), got)
	var nodes arena
	want := newText(data, 0).library(&nodes)
	if want == nil {
		t.Fatalf("the parser reads what the library refuses: %q\n%s", text, dumped(got))
	}
	if diff := cmp.Diff(dumped(want), dumped(got)); diff != "" {
		t.Fatalf("nodes differ (-library +parser)\n%s\nin\n%s\n%q", diff, text, text)
	}
	return true
}

// checkLines holds the place that a node has by its line to the one that its offsets have,
// and so for those below it.
func checkLines(t fataler, in *text, n *node) {
	if got, want := in.node(n), in.span(int(n.from), int(n.to)); got != want {
		t.Fatalf("a node on line %d is at %v, not at %v, in %q", n.line, got, want, in.data)
	}
	for c := n.first; c != nil; c = c.next {
		checkLines(t, in, c)
	}
}

// departs reports whether a text holds what the library reads in a way that YAML
// 1.2 does not know.
func departs(text string) bool {
	return strings.ContainsAny(text, "\u0085\u2028\u2029\ufeff") || strings.Contains(text, "%YAML 1.2") ||
		strings.Contains(text, "\\/") || strings.Contains(text, "\\u") || tabLine.MatchString(text) || flowQuestion.MatchString(text)
}

// flowQuestion is a question mark in brackets or braces, which the library takes for the
// mark of a key, even at the start of or within a word.
var flowQuestion = regexp.MustCompile(`(?s)[\[{].*\?`)

// tabLine is a line with nothing but blanks, a tab among them, and a comment.
var tabLine = regexp.MustCompile(`(?m)^ *\t[ \t]*(#.*)?\r?$`)

// aList draws items that the parser may know, with now and then a place
// changed.
func aList(t *rapid.T) string {
	text := rapid.Custom(plainItems).Draw(t, "items")
	for range rapid.IntRange(0, 2).Draw(t, "mutations") {
		from := rapid.IntRange(0, len(text)).Draw(t, "from")
		to := min(from+rapid.SampledFrom([]int{0, 0, 1, 1, 2, 9}).Draw(t, "cut"), len(text))
		text = text[:from] + rapid.SampledFrom(fragments).Draw(t, "fragment") + text[to:]
	}
	return text
}

func TestParser(t *testing.T) {
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		if checkParser(t, aList(t)) {
			read++
		}
	})
	if read == 0 {
		t.Error("nothing was read")
	}
}

// What stands behind the end of a document changes nothing of how it is read, wherever it
// ends.
func TestParserStopsAtTheEnd(t *testing.T) {
	t.Parallel()
	texts := []string{
		"a: \"b\\nc d\"\n'e f': 'it''s'\n\"g\n  h\": [i, {j: k, 'l': \"m\"}, ]\n",
		"%YAML 1.1\n--- # x\n- &a !!str b\n- *a\n- |2-\n    c\n\n   d\n- >+\n  e\n  f\n\n- ? g\n  : h\n-\n  - i\n...\n",
		"{a: [b, c d: e], \"f\": , g}\r\n", "- a\n b\n  c # d\n-   'e\n\n  f'\n- - g\n  - h: i\n    j:\n    k: ~\n", "<<: {a: 1}\nb : c\n",
		`a: "\x41\u00e9\U0001F600\ud83d\ude00\t\
  b"`,
	}
	for i := range 20 {
		texts = append(texts, rapid.Custom(aList).Example(i))
	}
	read := func(text string, end int) string {
		var p parser
		p.start(text, 0, end, 1)
		p.bom()
		n := p.document()
		if p.failed || n == nil {
			return "nothing"
		}
		return dumped(n)
	}
	for _, text := range texts {
		for end := range len(text) + 1 {
			want := read(text[:end], end)
			for _, behind := range []string{text[end:], "\"", "'", "\n  x: y\n", ": ", "]", " # x\n", "-", "z"} {
				if got := read(text[:end]+behind, end); got != want {
					t.Fatalf("%q is read as\n%s\nbefore %q as\n%s", text[:end], want, behind, got)
				}
			}
		}
	}
}

func FuzzParser(f *testing.F) {
	for i := range 60 {
		f.Add(rapid.Custom(aList).Example(i))
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkParser(t, text)
	})
}

// plainItems draws a list of operations in the plainest YAML.
func plainItems(t *rapid.T) string {
	var b strings.Builder
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "text") }
	indent := pick("", "  ", "    ")
	for range rapid.IntRange(1, 4).Draw(t, "operations") {
		dash := pick("- ", "- ", "-   ")
		keys := indent + strings.Repeat(" ", len(dash))
		b.WriteString(indent + dash + pick("name: a\n", "name: b # c\n", "{name: c, answers: {latency: 2s}}\n", "word\n", "\"x: y\"\n", "name: 010\n"))
		if strings.HasSuffix(b.String(), "}\n") || strings.HasSuffix(b.String(), "word\n") || strings.HasSuffix(b.String(), "\"\n") {
			continue
		}
		for range rapid.IntRange(0, 5).Draw(t, "keys") {
			b.WriteString(keys + strings.ReplaceAll(pick(
				"answers: {immediacy: yes, retryability: no, latency: 900ms, coupling: yes}\n",
				"answers:\n  immediacy: later\n  latency: 2s # why\n",
				"description: It's a text, with (everything) \"in\" it & more; 50% of it!\n",
				"description: grün 🙂 # ü\n", "callee: 'a b'   # c\n", "callee: \"a b\"\n", "callee: \"a\\tb\"\n", "callee: 'it''s'\n", "callee: \"a\"#b\n", "tags: ['a''b', \"c\"]\n", "tags: [a]#b\n", "callee: a:b#c\n", "callee: /x/y?z=1\n",
				"timeout: 2s\n", "timeout: 0x1F\n", "timeout: 1e3\n", "timeout: 2027-03-31\n", "timeout: null\n", "timeout: True\n", "timeout: false \n",
				"guards: [circuit-breaker, bulkhead]\n", "guards: [ a , 1.5, ~ ]\n", "guards: []\n", "retry: {}\n", "guards: [a, ]\n",
				"guards:\n- cache\n- fallback\n", "guards:\n  - cache\n  # comment\n\n  - fallback\n",
				"waivers:\n  - {rule: x, until: 2027-03-31, reason: second one lands in Q1}\n  - rule: y\n    until: 2027-01-01\n",
				"deep:\n  - a:\n      b:\n      - c: d\n        e: [f, {g: h}]\n",
				"# comment\n", "\n", "   \n",
			), "\n  ", "\n  "+keys))
		}
	}
	return b.String()
}

// What the parser reads by itself, and what it leaves to the library.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	nested := func(opening string, depth int, closing string) string {
		return strings.Repeat(opening, depth) + "a" + strings.Repeat(closing, depth)
	}
	key := func(length int) string { return strings.Repeat("k", length) }
	for _, tt := range []struct {
		name, text string
		reads      bool
	}{
		{"brackets", nested("[", maxDepth-1, "]"), true},
		{"one bracket more", nested("[", maxDepth, "]"), false},
		{"dashes", nested("- ", maxDepth-1, ""), true},
		{"one dash more", nested("- ", maxDepth, ""), false},
		{"deep brackets twice", "- " + nested("[", maxDepth-2, "]") + "\n- " + nested("[", maxDepth-2, "]"), true},
		{"a long key", "a: b\n" + key(1000) + ": c\n", true},
		{"a longer key", "a: b\n" + key(1001) + ": c\n", false},
		{"a long first key", key(1000) + ": c\n", true},
		{"a longer first key", key(1001) + ": c\n", false},
		{"a directive", "%YAML 1.1\n---\na\n", true},
		{"a directive of 1.2", "%YAML 1.2\n---\na\n", true},
		{"a directive and a comment", "%YAML 1.1 #b\n---\na\n", true},
		{"a directive and a word", "%YAML 1.1 b\n---\na\n", false},
		{"a directive and a word before a comment", "%YAML 1.1 b #c\n---\na\n", false},
		{"a directive of 1.3", "%YAML 1.3\n---\na\n", false},
		{"a directive without a version", "%YAML\n---\na\n", false},
		{"a directive of tags", "%TAG ! 1.1\n---\na\n", false},
		{"a directive without a marker", "%YAML 1.1\na\n", false},
		{"a directive of nothing", "%YAML 1.1\n", false},
		{"two directives", "%YAML 1.1\n%YAML 1.2\n---\na\n", true},
		{"an indented directive", " %YAML 1.1\n---\na\n", false},
		{"an indented marker", "%YAML 1.1\n ---\na\n", false},
		{"a tag of the library", "!!str a", true},
		{"a tag of two handles", "!!a!b c", false},
		{"a tag alone", "! a", false},
		{"a tag in brackets", "!<a> b", false},
		{"a tag with a path", "!a/b.c:d-e e", true},
		{"two tags", "!a !b c", false},
		{"a list at the column of its key", "a:\n- b\n- c\nd: e\n", true},
		{"a list in a list at the column of its key", "- a:\n  - b\n  c: d\n- e\n", true},
		{"a deeper list", "a:\n  - b\n\n  # c\n  - d: e\n    f: [g, {h: i}]\nj: 'k'\n", true},
		{"a list that a key follows", "a:\n  - b\n  c: d\n", false},
		{"quotes over lines", "a: \"b\n  c\"\nd: 'e\n\n  f'\n", true},
		{"brackets over lines", "a: [b,\n  c\n ]\nd: {e: f,\n  g: h }\n", true},
		{"texts", "a: |\n  b\nc: >-\n\n  d\n   e\n\nf: |+2 # g\n    h\n\n", true},
		{"words over lines", "a: b\n  c\n\n  d\ne:\n  f\n", true},
		{"quoted keys in braces", "{'a':b, \"c\":d}\n", true},
		{"a word with a colon in braces", "{a:b, c}\n", true},
		{"a key of two lines", "a: b\n\"c\n d\": e\n", false},
		{"a question mark", "? a\n: b\n", false},
		{"a value of a question mark", "a: ?b\nc: -d\ne: :f\n", true},
		{"keys that begin so", "?a: b\n-c: d\n:e: f\n", true},
		{"a marker and a value", "--- a\n", true},
		{"a marker and a key", "--- a: b\n", false},
		{"a marker and a comment", "--- # a\nb: c\n", true},
		{"no space before a comment", "a: 'b'#c\n", false},
		{"a tab before a colon", "a\t: b\n'c' : d\n", true},
		{"a tab in front of a key", "a:\n\tb: c\n", false},
		{"a tab behind a dash", "-\ta\n", false},
		{"an anchor of a key", "a: b\n&c d: e\n", true},
		{"a tag of a key", "a: b\n!c d: e\n", true},
		{"an anchor of the first key", "&a b: c\n", true},
		{"a tag of the first key", "!a b: c\n", true},
		{"properties of a key", "a: b\n!c  &d\te: f\n", true},
		{"a property of no key", "a: b\n!c\n", false},
		{"a property of nothing", "a: &b", false},
		{"a property on a line before its key", "a: b\n&c\nd: e\n", false},
		{"two anchors", "&a &b c", false},
		{"an anchor and a tag", "&a !b c", true},
		{"a tag and an anchor", "!b &a c", true},
		{"an anchor of no letter", "&. a", false},
		{"an alias of itself", "&a [*a]", false},
		{"an alias of what is open around it", "&a [[*a]]", false},
		{"an alias of what is closed", "[&a [], *a]", true},
		{"an alias beside", "[[&a []], *a]", true},
		{"an alias with a tag", "[&a b, !c *a]", false},
		{"an alias that ends in a letter", "[&a b, *a.]", false},
	} {
		var p parser
		p.start(tt.text, 0, len(tt.text), 1)
		p.document()
		if p.failed == tt.reads {
			t.Errorf("%s: read %t, want %t", tt.name, !p.failed, tt.reads)
		}
	}
}

// Escapes stand for their characters, two halves of a pair for one, and half a pair for none.
func TestEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`\0\a\b\t\n\v\f\r\e`: "\x00\a\b\t\n\v\f\r\x1b", `\ \"\/\\\N\_\L\P`: " \"/\\\u0085\u00a0\u2028\u2029", "\\\t": "\t",
		`\x41\xfF`: "Aÿ", `\u0041\uFfFf`: "A\uffff", `\U0001F600\U0010ffff`: "😀\U0010ffff", `\x419`: "A9",
		`\ud83d\ude00`: "😀", `\ud800\udc00`: "\U00010000", `\udbff\udfff`: "\U0010ffff", `\ufffd`: "\ufffd",
		`\ud83d`: "none", `\ude00`: "none", `\ud83d\u0041`: "none", `\udc00\udc00`: "none", `\ud83d\ud83d`: "none", `\ud83d\x41`: "none", `\ud83dude00`: "none",
		`\U0000d83d\ude00`: "none", `\ud83d\ude0`: "none", `\ud83d\ue000`: "none", `\U00110000`: "none", `\Uffffffff`: "none", `\U80000041`: "none", `\x4`: "none", `\x4g`: "none", `\x4G`: "none", `\x4@`: "none", "\\x4`": "none", `\q`: "none", `\`: "none",
	} {
		s := `"` + text + `"`
		var p parser
		p.start(s, 0, len(s), 1)
		got := "none"
		if n := p.document(); !p.failed {
			got = n.value
		}
		if got != want {
			t.Errorf("%s is read as %q, want %q", s, got, want)
		}
	}
}

// Nodes are made in chunks, and again after a reset.
func TestArena(t *testing.T) {
	t.Parallel()
	var a arena
	var made []*node
	for range arenaChunk {
		made = append(made, a.new())
	}
	after := a.mark()
	if len(a.chunks) != 1 || after != (mark{1, 0}) {
		t.Errorf("%d nodes take %d chunks, and are at %v", arenaChunk, len(a.chunks), after)
	}
	last := a.new()
	last.value = "x"
	if len(a.chunks) != 2 || a.mark() != (mark{1, 1}) {
		t.Errorf("one node more makes %d chunks, and is at %v", len(a.chunks), a.mark())
	}
	if a.reset(after); a.new() != last || last.value != "" {
		t.Error("after a reset, a node isn't made again")
	}
	a.reset(mark{})
	for i, n := range made {
		if a.new() != n {
			t.Fatalf("node %d isn't made again", i)
		}
	}
}
