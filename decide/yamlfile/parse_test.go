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
	fmt.Fprintf(b, "%*s%d/%d %q", depth, "", n.kind, n.style, n.value)
	if n.style != emptyStyle { // the library does not say where those are
		fmt.Fprintf(b, " %d-%d", n.from, n.to)
	}
	if n.props != nil {
		fmt.Fprintf(b, " &%s %s", n.props.anchor, n.props.tag)
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
	if nextBad(data, 0) >= 0 || hasLoneReturn(data) || nextEnd(data, 0) >= 0 || len(slices.Collect(documents(data))) != 1 || departs(text) {
		return false
	}
	var p parser
	p.start(text, 0, len(text), 1)
	p.bom()
	got := p.document()
	if p.failed || got.isEmpty() {
		return false
	}
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

// departs reports whether a text holds what the library reads in a way that YAML
// 1.2 does not know.
func departs(text string) bool {
	return strings.ContainsAny(text, "\u0085\u2028\u2029\ufeff") || strings.Contains(text, "%YAML 1.2") ||
		strings.Contains(text, "\\/") || strings.Contains(text, "\\u") || tabLine.MatchString(text) || flowQuestion.MatchString(text) ||
		tabBeforeComment.MatchString(text)
}

// flowQuestion is a question mark in brackets or braces, which the library takes for the
// mark of a key, even at the start of or within a word.
var flowQuestion = regexp.MustCompile(`(?s)[\[{].*\?`)

// tabBeforeComment is the header of a block text whose comment the library counts as part
// of the text when a tab stands before it and no line follows.
var tabBeforeComment = regexp.MustCompile(`[|>][-+0-9]* *\t[ \t]*#`)

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
