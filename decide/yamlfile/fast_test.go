package yamlfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gopkg.in/yaml.v3"
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

// checkQuick holds the quick reader to the library: what it reads, the library
// reads too, and to the same nodes. What is not read in pieces does not count.
func checkQuick(t fataler, text string) bool {
	if !cuttable([]byte(text)) {
		return false
	}
	got, ok := quickItems([]byte(text))
	if !ok {
		return false
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		t.Fatalf("read quickly, but %v, in %q", err, text)
	}
	comments := cmpopts.IgnoreFields(yaml.Node{}, "HeadComment", "LineComment", "FootComment")
	if diff := cmp.Diff(root.Content[0], got, comments, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("nodes differ (-library +quick)\n%s\nin %q", diff, text)
	}
	return true
}

// aList draws items that the quick reader may know, with now and then a place
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

func TestQuick(t *testing.T) {
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		if checkQuick(t, aList(t)) {
			read++
		}
	})
	if read == 0 {
		t.Error("nothing was read quickly")
	}
}

func FuzzQuick(f *testing.F) {
	for i := range 60 {
		f.Add(rapid.Custom(aList).Example(i))
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkQuick(t, text)
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
